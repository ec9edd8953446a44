// Package verify holds the books against the readings, by the plain, slow way.
//
// It answers whether the ledger and the verdicts are what all stored readings of
// a meter give when they are judged at once, and whether the roll-ups are the
// sums of the ledger. It knows nothing but what is stored: the registry is built
// from its stored tables, meters and accounts are found by their stored numbers.
// It refuses to mend anything. Its invariants:
//
//   - everything that is compared with each other is read in one snapshot, so
//     that readings which arrive meanwhile are no difference;
//   - a meter whose books are known to wait for being computed anew is counted,
//     and not compared.
package verify
