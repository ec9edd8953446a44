// Package consumption gives the course of what was used: how much of a carrier,
// bucket by bucket, for a meter, a building, an institution or a group of them.
//
// It answers "how much was used from here to there, how much of that time is
// known, and how much of it is estimated", in the carrier's unit, in kgce and in
// kgCO2. It refuses to fill: a bucket of which nothing is known has no quantity,
// and a gap is never zero. Its invariants:
//
//   - steps finer than a day are cut from the spans of the judged readings, days
//     and longer ones are sums of the ledger. Both come from the same cut
//     ([books.Span.Through]), so hours sum to days exactly, and days to years;
//   - a window of readings is judged from an anchor before it to a plainly
//     accepted reading after it, so that the spans in it are those that judging
//     all readings at once would give;
//   - coverage is the known time over the time of all meters that should have
//     reported, not only of those that did; time that has not passed yet is not
//     expected;
//   - quantities are integers and weighted by exact rationals. Nothing here is a
//     float.
//
// [Read] asks for single meters at any step, [ReadGroup] for groups of
// institutions by whole days. Both give a [Series].
package consumption
