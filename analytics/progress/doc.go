// Package progress tells how far a scope has come from its base year towards
// the targets of a plan.
//
// It answers "are we on track, by how much, how sure, and if not known, why
// not", for a region, a department, a class or an institution, for a year or a
// year to date, alone ([Progress]) or for every part of it ([Breakdown]). It
// refuses a year before the base year and one that has not begun. Its
// invariants:
//
//   - reduction, completion and pace are exact rationals up to the last moment;
//     on_pace and met compare them unrounded, texts are rounded once, half up on
//     decimals, floats appear only in the answer;
//   - a number that is not known is nil and a state says why, in a word and in a
//     sentence; a gap is never a reduction (rule 15);
//   - index, ratio and absolute value are never compared with each other, and
//     differing sources are named (rule 14);
//   - the parts of a breakdown are judged by the same comparison as the whole, so
//     their sums are its sums.
//
// Both years are placed by the same boundary (rule 13). Where an institution is
// not fully known in a year in which it exists, it is left out of the comparison
// in both years; baseline and current of a state that compares are those of the
// institutions that remain, while not_enough_data shows what is known of all.
package progress
