package main

import (
	"errors"
	"fmt"
	"io"

	"jouleline/api/paper"
	"jouleline/api/problem"
	"jouleline/ingest/feed"
)

// forms lets the API fill in statistical forms.
type forms struct{}

var _ paper.Forms = forms{}

func (forms) SummaryColumns() ([]paper.FormColumn, error) {
	heads, err := feed.SummaryHeads()
	columns := make([]paper.FormColumn, len(heads))
	for i := range heads {
		columns[i] = paper.FormColumn(heads[i])
	}
	return columns, err
}

func (forms) WriteNY301(w io.Writer, f *paper.FormSheet) error {
	c := &f.Columns[0]
	_, err := feed.WriteNY301(w, feed.FormSheet{Year: f.Year, Edition: f.Edition, Name: f.Name, Declared: c.Declared, Institutions: c.Institutions, Notes: f.Notes})
	return formError(err)
}

func (forms) WriteSummary(w io.Writer, f *paper.FormSheet) error {
	sheet := feed.SummarySheet{Year: f.Year, Edition: f.Edition, Name: f.Name, Notes: f.Notes}
	for i := range f.Columns {
		c := &f.Columns[i]
		sheet.Columns = append(sheet.Columns, feed.SummaryColumn{Code: c.Code, Name: c.Name, Institutions: c.Institutions, Declared: c.Declared})
	}
	_, err := feed.WriteSummary(w, sheet)
	return formError(err)
}

// formError tells an edition that is not known from what is ours to mend.
func formError(err error) error {
	if errors.As(err, new(*feed.FileError)) {
		return fmt.Errorf("%w: %w", problem.ErrFile, err)
	}
	return err
}
