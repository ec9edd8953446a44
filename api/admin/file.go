package admin

import (
	"context"

	"jouleline/schema"
)

// Files reads what utilities and institutions hand over as files. The error of
// its methods wraps [problem.ErrFile] where the file cannot be read as what it should be,
// and [problem.ErrUnavailable] where what it says cannot be stored now.
type Files interface {
	// Bills gives each bill of a file its verdict, and without dryRun puts those
	// that say something new on the topic of readings.
	Bills(ctx context.Context, file BillFile) (FileSummary, error)
	// NY301 reads an annual form; it changes nothing.
	NY301(file FormFile) (Form, error)
}

// BillFile is a file of bills and what is known beside it.
type BillFile struct {
	Content []byte
	// Columns gives the field of a header that the program does not know itself.
	Columns map[string]string
	// EndExclusive tells that the end of a bill is not covered any more.
	EndExclusive bool
	DryRun       bool
}

// FormFile is an annual form and whom it speaks of.
type FormFile struct {
	Content []byte
	Scope   schema.Scope
	ID      string
	// Year is 0 where the form says it, Edition empty for that of the year.
	Year    int
	Edition string
}

// Form is what an annual form declares.
type Form struct {
	Year     int
	Edition  string
	Declared []schema.Declared
	FileSummary
}

// FileSummary counts the rows of a file: each counts once.
type FileSummary struct {
	Accepted   int           `json:"accepted" doc:"Rows that say something new" example:"11"`
	Duplicate  int           `json:"duplicate" doc:"Rows that say what an earlier row, or the books, say already" example:"1"`
	Corrected  int           `json:"corrected" doc:"Rows with another amount for a period that is known: they count from now on" example:"1"`
	Superseded int           `json:"superseded" doc:"Rows with a lower revision than is known" example:"0"`
	Ignored    int           `json:"ignored" doc:"Rows that are understood and say nothing that is kept" example:"0"`
	Rejected   []FileProblem `json:"rejected" doc:"Rows that are not taken, in the order of the file"`
	Gaps       []FileProblem `json:"gaps" doc:"Rows that are taken, and before which days are covered by no bill"`
}

// FileProblem says what is wrong with a row, where a person finds it.
type FileProblem struct {
	Sheet  string      `json:"sheet,omitempty" doc:"Sheet of a workbook" example:"2024"`
	Row    int         `json:"row" doc:"Row as a spreadsheet or an editor counts it" example:"7"`
	Column string      `json:"column,omitempty" doc:"Header of the column, as the file writes it; left out where the row as a whole is wrong" example:"用量"`
	Code   schema.Code `json:"code,omitempty" doc:"Stable short word for the reason" example:"bad_value"`
	Reason string      `json:"reason" doc:"The reason in words" example:"not a decimal number: \"n.a.\""`
}
