package midterm

import (
	"time"

	"jouleline/analytics/progress"
)

// maker turns answers into words.
type maker struct {
	words
	in *Input
}

// name names a scope for people.
func (m *maker) name(s progress.Scope) string {
	name := s.Name
	switch {
	case s.Class != "":
		name = m.word("class", s.Class)
	case name == "":
		name = s.Region + s.Department + s.Institution
	}
	switch {
	case name == "":
		return m.T("unassigned")
	case s.Own:
		return m.T("itself", name)
	}
	return name
}

// lines makes lines of the indicators of a scope.
func (m *maker) lines(of progress.Scope, indicators []progress.Indicator, part string) []Line {
	list := make([]Line, len(indicators))
	for i := range indicators {
		x := &indicators[i]
		l := Line{
			Part: part, Indicator: x.Indicator, Name: m.word("indicator", x.Indicator), Unit: x.Unit, Baseline: x.Baseline, Current: x.Current,
			ReductionPct: x.ReductionPct, Reduction: x.Reduction, TargetPct: x.TargetPct, CompletionPct: x.CompletionPct, Completion: x.Completion,
			PacePct: x.PacePct, OnPace: x.OnPace, Verdict: m.verdict(x.OnPace), State: x.State, Words: m.word("state", string(x.State)),
			Why: m.why(x.State, x.Reason), Source: m.sources(x), Coverage: x.Coverage, EstimatedShare: x.EstimatedShare,
		}
		if !of.Own && (of.Region != "" || of.Department != "" || of.Class != "" || of.Institution != "") {
			l.Open = m.in.Open(of, x.Indicator)
		}
		list[i] = l
	}
	return list
}

func (m *maker) verdict(onPace *bool) string {
	switch {
	case onPace == nil:
		return m.T("verdict.unknown")
	case *onPace:
		return m.T("verdict.yes")
	}
	return m.T("verdict.no")
}

// why says a state in words, with the reason of the answer; "" where there is
// nothing to say.
func (m *maker) why(state progress.State, reason string) string {
	switch {
	case state == progress.OK || state == progress.Met:
		return ""
	case reason == "":
		return m.word("state", string(state))
	}
	return m.T("detail", m.word("state", string(state)), reason)
}

func (m *maker) sources(x *progress.Indicator) string {
	base, now := m.word("source", x.BaselineSource), m.word("source", x.CurrentSource)
	if base == now {
		return now
	}
	return base + " → " + now
}

// caps makes lines of the totals that have a cap.
func (m *maker) caps(caps []progress.Cap) []Cap {
	list := []Cap{}
	for i := range caps {
		c := &caps[i]
		if c.Cap == nil {
			continue
		}
		why := m.word("state", string(c.State))
		if c.Reason != "" {
			why = m.T("detail", why, c.Reason)
		}
		list = append(list, Cap{Name: m.word("total", c.Total), Unit: c.Unit, Cap: c.Cap, Current: c.Current, UsedPct: c.UsedPct, State: c.State, Why: why})
	}
	return list
}

// table makes a table of parts, the whole first.
func (m *maker) table(parts *progress.Parts) Table {
	t := Table{By: parts.By, Title: m.word("h.by", parts.By), Rows: []Row{m.row(&parts.Total, m.T("whole", m.name(parts.Total.Scope)))}}
	for i := range parts.Rows {
		if len(t.Rows) > mostParts {
			t.More = len(parts.Rows) - i
			break
		}
		t.Rows = append(t.Rows, m.row(&parts.Rows[i], m.name(parts.Rows[i].Scope)))
	}
	return t
}

func (m *maker) row(r *progress.Row, name string) Row {
	return Row{Name: name, Expected: r.Expected, Counted: r.Counted, Lines: m.lines(r.Scope, r.Indicators, name)}
}

// notes say what the figures rest on.
func (m *maker) notes() []string {
	a := m.in.Whole
	grid := ""
	if f := a.Factors; f.GridValue != nil && f.GridYear != nil {
		grid = m.T("note.grid", fixed(*f.GridValue, 4), *f.GridYear)
	}
	notes := []string{
		m.T("note.counted", a.Counted, a.Expected),
		m.T("note.factors", a.Factors.Set, a.Factors.Version, m.word("mode", a.Factors.Mode), grid),
		m.T("note.panel", a.Panel, a.Boundary, a.PlanVersion),
		m.T("note.rounding"),
	}
	if a.Corrections != nil {
		notes = append(notes, m.T("note.corrections"))
	}
	if !m.in.KnownAt.IsZero() {
		notes = append(notes, m.T("note.known", m.in.KnownAt.Format(time.RFC3339)))
	}
	return append(notes, m.T("note.made", m.in.Made.Format(time.RFC3339)))
}
