// Package feed reads what utilities and institutions hand over as files:
// utility bills, and the annual statistical form NY301, as CSV or XLSX. It also
// writes that form.
//
// It answers "what does this file say, row by row, and what is wrong with it",
// and refuses to bring anything in: its functions are pure, from an io.Reader to
// rows with verdicts, so a dry run and an import read alike, and a broken file
// changes nothing. Bills become readings of kind bill, which enter as any other
// reading does; forms become declared figures for the registry.
//
// Invariants:
//
//   - every row that is not blank and not a total has exactly one verdict, with
//     the row and column as a spreadsheet shows them;
//   - no amount passes through a float on its way from text. A number in an XLSX
//     file is a float already: its first fifteen digits count, which is what a
//     spreadsheet shows;
//   - a file is bounded before it is understood: [MaxFile] bytes as it comes,
//     [MaxUnpacked] bytes unpacked, [MaxRows] rows and [MaxColumns] columns;
//   - no file makes a function panic.
//
// # Periods
//
// Bills print the last day that they cover, so the end of a bill is inclusive: a
// bill from 2024-05-01 to 2024-05-31 is the reading that starts at the first
// midnight of May and ends at the first of June, in the zone of its meter. Where
// a file prints the days on which the meter was read, one bill ends on the day
// on which the next begins; there the end is exclusive. Headers that speak of
// reading the meter say so by themselves, and [BillConfig.EndExclusive] says it
// for others.
package feed
