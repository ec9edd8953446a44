// Package indicator turns quantities into what planners are held to: energy in
// kgce, carbon in kgCO2 and water in m3, in all, per square metre and per person,
// of institutions and of every group of them.
//
// It answers "how much, over which area and which people, how well known, and
// from which source" for a stretch of local days, for one side or for two years
// beside each other. It does not judge: targets, pace and states are package
// progress. It refuses a scope that the registry does not know and a factor set
// whose numbers do not fit the exact arithmetic. Its invariants:
//
//   - a group's indicator is a ratio of sums, never a mean of ratios, and the
//     sums of the parts of a group are the sums of the group to the last bit, in
//     any order of institutions;
//   - quantities are weighted as integers over one common denominator, so that a
//     rational is formed once for a group and never for an institution;
//   - vehicle fuel counts per person and not per square metre; in carbon only
//     where the factor set says so; water is no energy (rule 12 and section 2);
//   - a figure that is declared stands beside one that is metered, never on top
//     of it (rule 14);
//   - an institution that lacks a figure on one side is left out of the
//     comparison on both, so that a gap is never a saving (rule 15).
//
// A [World] is a registry prepared for this; [World.Read] gives [Sides], which
// are walked once into a [Tally] per group.
package indicator
