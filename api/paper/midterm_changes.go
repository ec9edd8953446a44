package paper

import (
	"context"
	"errors"
	"strconv"

	"jouleline/analytics/progress"
	"jouleline/api/midterm"
	"jouleline/api/problem"
)

// midtermChanges compares with the last frozen report of the same question.
func (s *Handlers) midtermChanges(ctx context.Context, in *MidtermInput, q *progress.Query) (midterm.Changes, error) {
	none := func(key string) (midterm.Changes, error) {
		return midterm.Changes{Figures: []midterm.Change{}, Causes: []string{}, Why: midterm.Say(in.Lang, key)}, nil
	}
	switch {
	case q.KnownAt != 0:
		return none("changes.then")
	case s.Archive == nil:
		return none("changes.off")
	}
	last, err := s.lastReport(ctx, q)
	if err != nil {
		return midterm.Changes{}, err
	}
	if last == nil {
		return none("changes.none")
	}
	diff, err := s.reportDiff(ctx, &ReportDiffInput{ReportPath: ReportPath{last.ID}, Limit: worstOfMidterm})
	if err != nil {
		return midterm.Changes{}, err
	}
	c := midterm.Changes{
		Report: &midterm.Report{ID: last.ID, Name: last.Name, Created: last.Created, Open: "/api/v1/reports/" + strconv.FormatInt(last.ID, 10) + "/diff"},
		Same:   diff.Same, Figures: []midterm.Change{}, Causes: []string{}, More: max(0, len(diff.Figures)-mostChanges),
	}
	for i := range diff.Figures[:min(len(diff.Figures), mostChanges)] {
		f := &diff.Figures[i]
		change := midterm.Change{
			Part: nameOfScope(&f.Scope), Indicator: f.Indicator, Name: midterm.Words(in.Lang, "indicator", f.Indicator),
			Before: said(in.Lang, f.Before), Now: said(in.Lang, f.Now), Causes: []string{},
		}
		for _, e := range f.Effects {
			change.Causes = append(change.Causes, midterm.Words(in.Lang, "cause", e.Cause))
		}
		c.Figures = append(c.Figures, change)
	}
	for i := range diff.Causes {
		c.Causes = append(c.Causes, midterm.Words(in.Lang, "cause", diff.Causes[i].Cause)+": "+diff.Causes[i].Text)
	}
	return c, nil
}

// lastReport gives the youngest report of the same question that the caller may
// see, whatever it was broken down by; nil where there is none.
func (s *Handlers) lastReport(ctx context.Context, q *progress.Query) (*ReportHead, error) {
	for before, seen := int64(0), 0; seen < mostReports; {
		list, err := s.Archive.Reports(ctx, before, 100)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		for i := range list {
			var head ReportHead
			if err := head.read(&list[i]); err != nil {
				return nil, err
			}
			head.fill(&list[i])
			if !head.Question.asks(q) {
				continue
			}
			switch err := s.permitReport(ctx, &head.Question); {
			case errors.Is(err, problem.ErrForbidden):
			case err != nil:
				return nil, err
			default:
				return &head, nil
			}
		}
		before, seen = list[len(list)-1].ID, seen+len(list)
	}
	return nil, nil
}

// said is what was said of an indicator: its reduction, or its state.
func said(lang string, v *ReportValue) string {
	if v == nil {
		return midterm.Say(lang, "changes.gone")
	}
	return midterm.Percent(v.Reduction, midterm.Words(lang, "state", string(v.State)))
}

// mostReports bounds the frozen reports that are looked through, mostChanges the
// figures that are listed.
const (
	mostReports = 1000
	mostChanges = 200
)

func nameOfScope(s *progress.Scope) string {
	if s.Name != "" {
		return s.Name
	}
	return s.Region + s.Department + s.Class + s.Institution
}
