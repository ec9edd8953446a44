package api

import (
	"cmp"
	"context"
	"net/url"

	"jouleline/analytics/outlook"
	"jouleline/analytics/progress"
	"jouleline/analytics/standing"
	site "jouleline/api/page"
	"jouleline/api/planner"
	"jouleline/api/proof"
	"jouleline/api/query"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// Progress answers as the API does, with its defaults.
func (p pageAnswers) Progress(ctx context.Context, about site.Subject, year int) (*progress.Answer, error) {
	in := progressOf(about, year)
	return p.s.planner.Progress(ctx, &in)
}

// Breakdown likewise.
func (p pageAnswers) Breakdown(ctx context.Context, about site.Subject, by indicator.Level, year int) (*progress.Parts, error) {
	return p.s.planner.Breakdown(ctx, &planner.BreakdownInput{ProgressInput: progressOf(about, year), By: string(by)})
}

// Outlook answers as the API's forecast does, as of the end of a year.
func (p pageAnswers) Outlook(ctx context.Context, about site.Subject, lastYear int) (*outlook.Answer, error) {
	return p.s.planner.Forecast(ctx, &planner.ForecastInput{
		GroupParams: groupOf(about), Basis: "years", Seed: 1, LastYear: lastYear, Level: .9, Panel: string(indicator.All), Boundary: string(indicator.AsIs),
	})
}

// Standing answers as the API's benchmark does.
func (p pageAnswers) Standing(ctx context.Context, about site.Subject, year int) (*standing.Answer, error) {
	return p.s.planner.Benchmark(ctx, &planner.BenchmarkInput{Institution: about.ID, Year: year, Indicator: indicator.EnergyPerArea.String(), Level: .9, Seed: 1})
}

// Explain answers as the API does.
func (p pageAnswers) Explain(ctx context.Context, about site.Subject, q site.ExplainQuery) (*site.Explained, error) {
	in := proof.ExplainInput{
		SubjectParams: paramsOf(about), Figure: "consumption", Panel: string(indicator.All), Boundary: string(indicator.AsIs), Limit: 20,
		From: query.At(q.From), To: query.At(q.To),
	}
	if q.Carrier != schema.CarrierNone {
		in.Carrier = q.Carrier.String()
	}
	if q.Indicator != "" {
		in.Figure, in.Indicator, in.Year = "reduction", q.Indicator, q.Year
		in.From, in.To = query.Moment{}, query.Moment{}
	}
	a, err := p.s.proof.Explain(ctx, &in)
	if err != nil {
		return nil, err
	}
	tree := pageFigure(&a.Tree)
	tree.Progress = a.Progress
	return &tree, nil
}

// pageFigure turns a figure, and all below it, for a page.
func pageFigure(e *proof.Explained) site.Explained {
	f := site.Explained{
		Label: e.Label, Kind: e.Kind, Word: e.Word, Name: e.Name, Unit: e.Unit, Op: e.Op, How: e.How, Source: e.Source, Subtracted: e.Subtracted, Rules: e.Rules, Notes: e.Notes,
	}
	if e.Value != nil {
		f.Value = e.Value.String()
	}
	if e.From != nil && e.To != nil {
		f.Stretch = e.From.Format("2006-01-02 15:04") + " – " + e.To.Format("2006-01-02 15:04")
	}
	if e.Quantity != nil {
		f.Quantity = &site.Term{Value: e.Quantity.Value.String(), Unit: e.Quantity.Unit}
	}
	if e.Quantity != nil && e.Factor != nil && f.How == "" {
		f.How = e.Quantity.Value.String() + " " + e.Quantity.Unit + " x " + e.Factor.Value.String() + " " + e.Factor.Unit
	}
	if e.Factor != nil {
		f.Factor = &site.Term{Value: cmp.Or(e.Factor.Fraction, e.Factor.Value.String()), Unit: e.Factor.Unit}
	}
	if e.Factor != nil && e.Factor.Set != "" {
		f.FactorSet = &site.FactorSet{Set: e.Factor.Set, Version: e.Factor.Version, Note: e.Factor.Note}
	}
	for _, event := range e.Events {
		f.Events = append(f.Events, site.ExplainedEvent{Event: event.Event, Time: event.Time.Format("2006-01-02 15:04"), Note: event.Note})
	}
	for i := range e.Readings {
		f.Readings = append(f.Readings, pageReading(&e.Readings[i].ReadingAs))
	}
	if u, err := url.Parse(e.Open); err == nil && e.Open != "" {
		f.Open = u.Query()
	}
	for i := range e.Children {
		f.Children = append(f.Children, pageFigure(&e.Children[i]))
	}
	return f
}
