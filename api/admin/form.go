package admin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// FormInput is an annual statistical form.
type FormInput struct {
	Institution string `query:"institution" maxLength:"128" doc:"Institution that the form speaks of; this or region" example:"S1"`
	Region      string `query:"region" maxLength:"128" doc:"Region that the form speaks of; this or institution" example:"370102"`
	Year        int    `query:"year" default:"0" minimum:"0" maximum:"2199" doc:"Year that the form reports; left out: as the form says above its table" example:"2023"`
	Edition     string `query:"edition" maxLength:"64" doc:"Edition of the form; left out: the newest that the year is reported by" example:""`
	DryRun      bool   `query:"dry_run" default:"false" doc:"Check everything and change nothing" example:"true"`
	RawBody     []byte `contentType:"application/octet-stream" doc:"CSV or XLSX, at most 16 MiB"`
}

// FormAnswer tells what an annual form declares.
type FormAnswer struct {
	Scope    query.Subject  `json:"scope"`
	Year     int            `json:"year" example:"2023"`
	Edition  string         `json:"edition" doc:"Edition by which the form was read" example:"2020"`
	Declared []FigureAnswer `json:"declared" doc:"Figures of declared.csv"`
	DryRun   bool           `json:"dry_run" doc:"Nothing was changed" example:"false"`
	FileSummary
}

// FigureAnswer is a declared figure and what became of it.
type FigureAnswer struct {
	Quantity string        `json:"quantity" doc:"What is declared, as in declared.csv" example:"gasoline:vehicle"`
	Value    string        `json:"value" doc:"Decimal, as the form has it in the unit" example:"2000"`
	Unit     string        `json:"unit" example:"L"`
	Fate     registry.Fate `json:"fate" enum:"new,same,corrected" doc:"Whether something was declared in its place" example:"new"`
}

func (s *Handlers) registerForm(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "ny301", Route: "POST /api/v1/forms/ny301", Tag: contract.TagWorld,
		Summary: "Import an annual form NY301",
		Text: "The form's codes become declared figures of the institution or region; a row without a number declares nothing, which is not zero. All of the form holds, or none: " +
			"where one row is wrong, nothing changes, and the answer lists what is wrong by row and column.",
		Body: s.Limits.File, Receive: time.Minute,
	}, formTable, s.form)
}

func (s *Handlers) form(ctx context.Context, in *FormInput) (*FormAnswer, error) {
	file := FormFile{Content: in.RawBody, Year: in.Year, Edition: in.Edition, Scope: schema.ScopeInstitution, ID: in.Institution}
	a := &FormAnswer{Scope: query.Subject{Institution: in.Institution, Region: in.Region}, DryRun: in.DryRun}
	if in.Region != "" {
		file.Scope, file.ID = schema.ScopeRegion, in.Region
	}
	switch {
	case (in.Institution == "") == (in.Region == ""):
		return nil, fmt.Errorf("%w: institution and region: want one of them", problem.ErrQuestion)
	case s.Files == nil:
		return nil, fmt.Errorf("%w: no files are taken here", problem.ErrUnavailable)
	}
	form, err := s.Files.NY301(file)
	if err != nil {
		return nil, fmt.Errorf("read the form: %w", err)
	}
	if len(form.Rejected) > 0 {
		return nil, form.problem()
	}
	reg, unlock, err := s.alone(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	content, fates := reg.Declare(form.Declared)
	if _, err := s.importAlone(ctx, registry.Tables{registry.DeclaredFile: content}, in.DryRun); err != nil {
		return nil, err
	}
	a.Year, a.Edition, a.FileSummary = form.Year, form.Edition, form.FileSummary
	a.Declared = make([]FigureAnswer, len(form.Declared))
	for i := range form.Declared {
		d := &form.Declared[i]
		a.Declared[i] = FigureAnswer{Quantity: registry.QuantityText(d.Quantity), Value: registry.DecimalText(d.Value), Unit: d.Unit, Fate: fates[i]}
	}
	return a, nil
}

// problem refuses a form of which rows are wrong.
func (f *Form) problem() *problem.Problem {
	p := &problem.Problem{
		Type: "about:blank", Status: http.StatusUnprocessableEntity, Title: http.StatusText(http.StatusUnprocessableEntity), Code: "bad_file",
	}
	for _, r := range f.Rejected {
		d := problem.ProblemDetail{Location: fmt.Sprintf("row %d", r.Row), Message: r.Reason}
		if r.Sheet != "" {
			d.Location = "sheet " + r.Sheet + " " + d.Location
		}
		if r.Column != "" {
			d.Location += " column " + r.Column
		}
		p.Errors = append(p.Errors, d)
	}
	p.Detail = fmt.Sprintf("nothing was changed: %d rows of the form are wrong", len(f.Rejected))
	return p
}

func formTable(a *FormAnswer) table.Table {
	return table.Table{
		Columns: []table.Column{table.Text("scope"), table.Text("id"), table.Integer("year"), table.Text("quantity"), table.Text("unit"), table.Text("value"), table.Text("fate")},
		Rows: func(yield func([]any) bool) {
			scope := a.Scope.Cells()
			for _, d := range a.Declared {
				if !yield([]any{scope[0], scope[1], int64(a.Year), d.Quantity, d.Unit, d.Value, string(d.Fate)}) {
					return
				}
			}
		},
	}
}
