package paper

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// Forms fills in statistical forms as workbooks. What the form has no row for is
// left over, and told in its notes.
type Forms interface {
	// SummaryColumns are the columns of the summary sheet.
	SummaryColumns() ([]FormColumn, error)
	WriteNY301(w io.Writer, f *FormSheet) error
	WriteSummary(w io.Writer, f *FormSheet) error
}

// FormColumn is a column of a form: all institutions of its classes.
type FormColumn struct {
	Code, Name string
	Classes    []schema.Class
}

// FormSheet is what a form is filled in with. Columns beside their heads have
// what is known of them; form NY301 has one.
type FormSheet struct {
	Year          int
	Edition, Name string
	Columns       []FormFigures
	Notes         []string
}

// FormFigures is what is known of a column.
type FormFigures struct {
	FormColumn
	Institutions int
	Declared     []schema.Declared
}

// FilledInput asks for form NY301.
type FilledInput struct {
	Institution string `query:"institution" maxLength:"64" doc:"Institution that the form speaks of; this or region" example:"S1"`
	Region      string `query:"region" maxLength:"64" doc:"Region that the form speaks of, with everything below it; this or institution" example:"370102"`
	FilledYear
}

// SummaryInput asks for the summary of NY301 by class.
type SummaryInput struct {
	Region string `query:"region" required:"true" maxLength:"64" doc:"Region that the sheet speaks of, with everything below it" example:"370000"`
	FilledYear
}

// FilledYear is what both forms are asked by.
type FilledYear struct {
	Year    int    `query:"year" required:"true" minimum:"1970" maximum:"2199" doc:"Year that the form reports; it must have ended" example:"2023"`
	Edition string `query:"edition" maxLength:"64" doc:"Edition of the form; left out: the newest that the year is reported by" example:"2020"`
	Format  string `query:"format" enum:"xlsx,json" doc:"Form of the answer; left out: as Accept says, else JSON" example:"json"`
}

// FilledForm is what a statistical form says, by the books.
type FilledForm struct {
	Form    string         `json:"form" enum:"ny301,summary" example:"ny301"`
	Scope   query.Subject  `json:"scope"`
	Year    int            `json:"year" example:"2023"`
	Columns []FilledColumn `json:"columns" doc:"One for NY301, S001 to S010 for the summary"`

	sheet *FormSheet
	write func(io.Writer, *FormSheet) error
}

// FilledColumn is a column of a form.
type FilledColumn struct {
	Code         string         `json:"code" doc:"Code of the column; left out for NY301" example:"S004"`
	Name         string         `json:"name" example:"教育"`
	Institutions int            `json:"institutions" doc:"Institutions that existed in the year" example:"1"`
	Figures      []FilledFigure `json:"figures"`
}

// FilledFigure is a figure of a form.
type FilledFigure struct {
	Quantity string   `json:"quantity" doc:"As in declared.csv; floor area and headcount are weighted by day" example:"gasoline:vehicle"`
	Unit     string   `json:"unit" example:"L"`
	Value    *string  `json:"value" doc:"Exact decimal; null where too little is known" example:"1500"`
	Source   string   `json:"source" doc:"metered, declared or mixed, registry of areas and people; empty where nothing is known" example:"declared"`
	Counted  int      `json:"counted" doc:"Institutions of which it is fully known" example:"1"`
	Due      int      `json:"due" doc:"Institutions that should have it" example:"1"`
	Coverage *float64 `json:"coverage" doc:"Known share of the expected time of what is metered; null where nothing is"`
	Why      string   `json:"why,omitempty" doc:"Why there is no value"`
}

func (s *Handlers) registerFilledForms(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "form_ny301", Route: "GET /api/v1/forms/ny301", Tag: contract.TagPlan,
		Summary: "Form NY301 filled in from the books",
		Text: "The annual quantities of an institution or region by carrier and use, with floor area and headcount, as the workbook of the form or as JSON. " +
			"A quantity is metered where enough of the year is known, else declared. Where fewer institutions are fully known than the first plan asks for, a figure is left empty, and the workbook's second sheet says why.",
	}, filledTable, func(ctx context.Context, in *FilledInput) (*FilledForm, error) {
		about, err := query.Only([]query.Target{query.Of(string(indicator.ByInstitution), in.Institution), query.Of(string(indicator.ByRegion), in.Region)})
		if err != nil {
			return nil, err
		}
		return s.fillForm(ctx, about, &in.FilledYear, "ny301")
	})
	contract.Register(b, contract.Operation{
		ID: "form_summary", Route: "GET /api/v1/forms/summary", Tag: contract.TagPlan,
		Summary: "Summary of NY301 by class, filled in from the books",
		Text:    "As form NY301 of a region, with a column for each class of institutions and their sums: S001 to S010. It is of the institutions' figures only: what a region declared of itself has no class.",
	}, filledTable, func(ctx context.Context, in *SummaryInput) (*FilledForm, error) {
		return s.fillForm(ctx, query.Of(string(indicator.ByRegion), in.Region), &in.FilledYear, "summary")
	})
}

// fillForm gathers a form's figures.
func (s *Handlers) fillForm(ctx context.Context, about query.Target, in *FilledYear, form string) (*FilledForm, error) {
	forms := s.Forms
	if forms == nil {
		return nil, fmt.Errorf("%w: this server fills in no forms", problem.ErrUnavailable)
	}
	w, err := s.Ask(ctx, about, 0)
	if err != nil {
		return nil, err
	}
	year := indicator.YearStretch(in.Year)
	if w.Calendar().DayOf(s.Now()) < year.Days.To {
		return nil, fmt.Errorf("%w: year: got %d, want one that has ended", problem.ErrQuestion, in.Year)
	}
	columns := []FormColumn{{}}
	write := forms.WriteNY301
	if form == "summary" {
		write = forms.WriteSummary
		if columns, err = forms.SummaryColumns(); err != nil {
			return nil, err
		}
	}
	prepared, err := w.Indicators()
	if err != nil {
		return nil, fmt.Errorf("prepare the registry: %w", err)
	}
	scope := indicator.Scope{Level: indicator.Level(about.Kind), ID: about.ID}
	spec := indicator.Spec{Scope: scope, Factors: s.Factors[0], MinCoverage: s.Plans[0].MinCoverage}
	spec.Sides[indicator.Current] = year
	sides, err := prepared.Read(ctx, s.Books, spec)
	if err != nil {
		return nil, err
	}
	name := prepared.Name(scope, year.Days.To-1)
	c := collector{sides: sides, enough: spec.MinCoverage, columns: columns, group: indicator.Group{Scope: scope, Name: name}, ownToo: form == "ny301"}
	c.class = func(index int32) schema.Class { return w.InstitutionOn(index, year.Days.To-1).Class }
	c.collect()
	f := &FilledForm{Form: form, Scope: about.Subject(name), Year: in.Year, Columns: []FilledColumn{}, write: write}
	f.sheet = &FormSheet{Year: in.Year, Edition: in.Edition, Name: name}
	for i := range columns {
		if err := c.settle(f, i); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// FileName names the form's file, without what follows the dot.
func (f *FilledForm) FileName() string {
	plain := strings.Map(func(r rune) rune {
		if r < '0' || r > 'z' || r > '9' && r < 'A' || r > 'Z' && r < 'a' {
			return '-'
		}
		return r
	}, f.Scope.Region+f.Scope.Institution)
	return f.Form + "-" + plain + "-" + strconv.Itoa(f.Year)
}

// WriteXLSX writes the form's workbook. It has no links, so the base is not used.
func (f *FilledForm) WriteXLSX(w io.Writer, _ string) error { return f.write(w, f.sheet) }

var _ contract.Workbook = (*FilledForm)(nil)

func filledTable(f *FilledForm) table.Table {
	return table.Table{
		Columns: append(query.SubjectColumns(), []table.Column{table.Integer("year"), table.Text("column"), table.Text("column_name"), table.Integer("institutions"), table.Text("quantity"), table.Text("unit"),
			table.Text("value"), table.Text("source"), table.Integer("counted"), table.Integer("due"), table.Number("coverage"), table.Text("why")}...),
		Rows: func(yield func([]any) bool) {
			scope := f.Scope.Cells()
			for i := range f.Columns {
				c := &f.Columns[i]
				for k := range c.Figures {
					x := &c.Figures[k]
					if !yield(append(append([]any{}, scope...), int64(f.Year), c.Code, c.Name, int64(c.Institutions), x.Quantity, x.Unit,
						table.Opt(x.Value), x.Source, int64(x.Counted), int64(x.Due), table.Opt(x.Coverage), x.Why)) {
						return
					}
				}
			}
		},
	}
}
