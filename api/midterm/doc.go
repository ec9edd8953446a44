// Package midterm writes the evaluation of a plan in its middle: the paragraph of
// the four indicators, tables by part and class, charts, how well all of it is
// known, and what has changed since it was last said.
//
// It answers "what do we put into the evaluation" in Chinese and English, as a
// page that stands for itself and prints well, and as a workbook. It refuses to
// compute figures: [Make] turns answers of the API into a [Document], and HTML
// and XLSX only lay that out. Its invariants:
//
//   - a sentence is written by rule from the answers, and every percentage in it
//     leads to the explanation of its figure;
//   - printed percentages are decimals rounded half up; whether a figure keeps pace
//     is taken from the answer, which compares what was not rounded;
//   - what is not known is a dash with its reason, never 0;
//   - the page loads nothing, runs nothing, and leads to its own server only.
//
// All of it is pure, and safe for concurrent use.
package midterm
