// Package schema holds the words of Jouleline: what is metered, in which unit,
// by which kind of reading, where it belongs, and how a reading is judged.
//
// It answers "what does this name mean" and refuses everything that needs a
// disk, a network or a clock. Its invariants:
//
//   - a [Quantity] is an exact number of micro-units; no amount passes through
//     a float on its way in;
//   - an [Instant] is a count of Unix milliseconds in UTC; a [Day] is a calendar
//     day without a zone, and only a *time.Location connects the two;
//   - every enumeration is closed, its zero value means "not given", and its
//     text form is the word that the wire formats use.
//
// The package imports the standard library only. Sub-packages: codec (wire
// encodings of readings), registry (the CSV folder), factor (factor sets), plan
// (reduction plans), arrow (Arrow IPC).
package schema
