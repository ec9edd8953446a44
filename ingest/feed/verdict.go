package feed

import "jouleline/schema"

// Verdict is what became of a row.
type Verdict string

// The verdicts.
const (
	// Accepted: the row says something new.
	Accepted Verdict = "accepted"
	// Gap: accepted, and days before it are covered by no bill.
	Gap Verdict = "gap"
	// Corrected: another amount for a period that an earlier row, or a bill in
	// the books, states already. The row has the higher revision.
	Corrected Verdict = "corrected"
	// Superseded: a lower revision than an earlier row of the same period.
	Superseded Verdict = "superseded"
	// Duplicate: the same period and amount once more.
	Duplicate Verdict = "duplicate"
	// Overlap: days of the period are covered by another bill, so that they would
	// count twice.
	Overlap Verdict = "overlap"
	// Ignored: the row is known and says nothing that is kept.
	Ignored Verdict = "ignored"
	// Rejected: the row cannot be understood.
	Rejected Verdict = "rejected"
)

// Problem says what is wrong with a row, where a person finds it.
type Problem struct {
	// Sheet is the sheet of a workbook; empty for CSV.
	Sheet string `json:"sheet,omitempty"`
	// Row counts from 1 as a spreadsheet or an editor shows it.
	Row int `json:"row"`
	// Column is the header as the file writes it; empty where the row as a whole
	// is wrong.
	Column string      `json:"column,omitempty"`
	Code   schema.Code `json:"code,omitempty"`
	Reason string      `json:"reason"`
}

// Summary counts the rows of a file. Every row counts once: in one of the counts
// or in Rejected.
type Summary struct {
	Accepted   int `json:"accepted"` // Accepted and Gap
	Duplicate  int `json:"duplicate"`
	Corrected  int `json:"corrected"`
	Superseded int `json:"superseded"`
	Ignored    int `json:"ignored"`
	// Rejected are the rows with verdict Rejected or Overlap, in the order of the
	// file.
	Rejected []Problem `json:"rejected"`
	// Gaps are the rows with verdict Gap; they count as accepted.
	Gaps []Problem `json:"gaps"`
}

func (s *Summary) count(v Verdict, p *Problem) {
	switch v {
	case Accepted:
		s.Accepted++
	case Gap:
		s.Accepted++
		s.Gaps = append(s.Gaps, *p)
	case Corrected:
		s.Corrected++
	case Superseded:
		s.Superseded++
	case Duplicate:
		s.Duplicate++
	case Ignored:
		s.Ignored++
	default:
		s.Rejected = append(s.Rejected, *p)
	}
}
