// Package allocate divides the target of a region, department or any other whole
// among its parts.
//
// It answers "by how much must each part fall so that the whole meets its
// target", by an equal rate, by how far each part lies above good practice, or as
// a plan gives it, and says in every case whether the parts meet the whole and
// what they miss. It refuses a whole that has no target. Its invariants:
//
//   - the whole is the sum of the parts' amounts over the sum of their activity,
//     both of the base year: activity that grows or moves between parts later is
//     not foreseen, and the answer says so;
//   - by equal rate and by intensity gap the cuts of the parts add up to that of
//     the whole;
//   - a part that is not known well enough gets no number, and then the parts
//     speak for themselves only.
package allocate
