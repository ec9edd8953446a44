// Package model is the books once more, as plainly as they can be said: a sorted
// map of readings, one scan, exact rationals. Tests hold the engine against it
// under random histories; nothing of the program imports it.
//
// It answers what a meter's ledger and verdicts must be ([Book]), makes random
// lives of meters ([Random]), and cuts a failing one down to the steps that it
// needs ([Shrink]). It refuses to share code with what it checks: of package
// books it takes the facts and the stored form of a reading, and nothing that
// computes.
package model
