package admin

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jouleline/api/access"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/table"
)

// BillsInput is a file of utility bills.
type BillsInput struct {
	DryRun       bool     `query:"dry_run" default:"false" doc:"Give the verdicts and change nothing" example:"true"`
	EndExclusive bool     `query:"end_exclusive" default:"false" doc:"The end of a bill is not covered any more, as where a file prints the days on which the meter was read; common headers say so by themselves" example:"false"`
	Column       []string `query:"column,explode" maxItems:"20" doc:"Header that is not known, and the field that it means, as 站点:meter. Fields: meter, start, end, month, quantity, unit, carrier, cost, revision" example:"[\"站点:meter\"]"`
	RawBody      []byte   `contentType:"application/octet-stream" doc:"CSV (UTF-8, UTF-16 or GBK) or XLSX, at most 16 MiB"`
}

// BillsAnswer tells what became of the rows of a file.
type BillsAnswer struct {
	DryRun bool `json:"dry_run" doc:"Nothing was changed" example:"false"`
	FileSummary
}

func (s *Handlers) registerBills(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "bills", Route: "POST /api/v1/bills", Tag: contract.TagPush,
		Summary: "Import a file of utility bills",
		Text: "The header may stand below titles and have Chinese or English names in any order; needed are a meter, a quantity, and either start and end or a month. Periods are whole days of the meter's calendar. " +
			"A row of a period that is in the books already is a duplicate, or corrects it; a row that another bill covers in part is rejected, since which of the two is right is for a person to say. " +
			"Rows that are taken become readings of kind bill, on the topic as all others, and are in the books soon after; the same file may be sent again. An administrator's, since the verdicts tell what the books hold.",
		Body: s.Limits.File, Receive: time.Minute,
	}, billsTable, s.bills)
}

func (s *Handlers) bills(ctx context.Context, in *BillsInput) (*BillsAnswer, error) {
	file := BillFile{Content: in.RawBody, EndExclusive: in.EndExclusive, DryRun: in.DryRun, Columns: map[string]string{}}
	for _, pair := range in.Column {
		header, field, ok := cutLast(pair, ":")
		if !ok {
			return nil, fmt.Errorf("%w: column: got %q, want a header and its field, as 站点:meter", problem.ErrQuestion, problem.Clip(pair))
		}
		file.Columns[header] = field
	}
	if s.Files == nil {
		return nil, fmt.Errorf("%w: no files are taken here", problem.ErrUnavailable)
	}
	summary, err := s.Files.Bills(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("import bills: %w", err)
	}
	s.Logger.Info("bills imported", "by", access.GrantOf(ctx).Subject, "dry_run", in.DryRun, "accepted", summary.Accepted,
		"corrected", summary.Corrected, "duplicate", summary.Duplicate, "rejected", len(summary.Rejected))
	return &BillsAnswer{DryRun: in.DryRun, FileSummary: summary}, nil
}

// cutLast cuts around the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

func billsTable(a *BillsAnswer) table.Table { return a.FileSummary.table() }

// table lists the problems of a file.
func (f *FileSummary) table() table.Table {
	return table.Table{
		Columns: []table.Column{table.Text("verdict"), table.Text("sheet"), table.Integer("row"), table.Text("column"), table.Text("code"), table.Text("reason")},
		Rows: func(yield func([]any) bool) {
			for _, list := range []struct {
				verdict  string
				problems []FileProblem
			}{{"rejected", f.Rejected}, {"gap", f.Gaps}} {
				for _, p := range list.problems {
					if !yield([]any{list.verdict, p.Sheet, int64(p.Row), p.Column, string(p.Code), p.Reason}) {
						return
					}
				}
			}
		},
	}
}
