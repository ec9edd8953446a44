// Package exact adds integers without loss and turns their ratios into numbers
// at the very end: [Sum] is a sum of 128 bits, [Fraction] a ratio of two of
// them.
//
// It answers "what is this sum", "what is this ratio, rounded to two decimals
// the official way" and "which of two ratios is greater". It refuses nothing:
// who divides by zero has broken a promise, and the package panics. Its
// invariants:
//
//   - addition is exact in any order, so a permutation of the terms gives the
//     same bits;
//   - a decimal text is rounded once, half away from zero, on the decimals of the
//     exact ratio, never on those of a float;
//   - a float appears only in [Fraction.Float64], as the one nearest to the exact
//     ratio.
//
// The package knows no unit.
package exact
