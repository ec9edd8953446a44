// Package peer lets several instances answer as one (rule 16).
//
// Every instance keeps the books of the meters in its own partitions. A [Client]
// has the methods by which the API reads the books, puts each question to every
// instance that must take part, and adds what comes back: sums are integers, so
// the total is what a single instance would have. A [Handler] answers such
// questions of other instances from this instance's own books, and never asks
// anybody else, so that no question goes round in circles.
//
// What it refuses: to give a smaller number where an instance cannot be asked.
// Then the error is a [MissingError], which names the partitions; or, where the
// one who asks can say of its answer what it lacks, the [Gap] of [Tolerate] does.
//
// Its invariants:
//
//   - a partition is one instance's: where two claim it, nothing is answered;
//   - sums are added only where all registries are equal, by [Fingerprint];
//   - meters travel under their names, since each instance numbers its own;
//   - every question has a bound of time and of bytes in both directions.
package peer
