// Package explain opens a figure down to the readings it came from.
//
// It answers "why is it this number" with a tree of [Node]: consumption down to
// meters, days, spans and the readings at their ends ([Consumption]); an
// indicator down to carriers, factors, areas and headcounts ([Indicator]); a
// reduction down to both of its sides ([Reduction]). It refuses to judge, to sum
// or to weigh anew: it takes the parts that the figure was made of.
//
// Its invariants, which [Check] holds a tree against:
//
//   - every value is a rational, and follows exactly from the values below it by
//     the node's [Op];
//   - what the books hold beyond the readings' own account of it is a part of its
//     own, and is called so; nothing is rounded away;
//   - a tree that is cut short says how much it leaves out, and leaves out no
//     amount: what is not listed is summed in one part.
package explain
