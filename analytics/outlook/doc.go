// Package outlook answers whether a scope will meet the targets of its plan: how
// its indicators have come year by year since the base year, where they go until
// the target year, how likely each target is met, and how fast the indicator must
// fall from now on.
//
// A year is counted as package progress judges it, in percent of its own
// comparable base year, so that an institution that appears or falls silent does
// not bend the course. Only years that are over and fully enough known take part;
// the others stand in the answer with their state and reason.
//
// It refuses a probability from less than three years, says with how many degrees
// of freedom every probability stands, and keeps it between 1 and 99 %. What is
// not known is nil and a state says why; nothing is ever NaN.
package outlook
