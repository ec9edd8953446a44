// Package books turns the readings of a meter into consumption.
//
// It answers which readings count ([Resolve]), what each of them is worth
// ([Judge]), and which entries of the ledger follow ([Entries], [Diff]). It
// refuses to invent: what no register, delta or event shows is missing, never
// zero, and never spread over neighbours without being called estimated.
//
// Its invariants:
//
//   - judging is a pure function of the set of readings, the events and the
//     registry's facts; neither arrival nor batches matter;
//   - the spans of a register telescope: their quantities sum to the differences
//     of the scaled registers, and the parts of a span sum to it exactly, however
//     finely it is cut;
//   - one bad reading changes nothing that comes after it.
//
// The whole of a meter need not be judged at once: judging may begin at any
// reading that is plainly accepted (an anchor), and two judgements of different
// sets agree on everything after a point at which their end states are equal.
package books
