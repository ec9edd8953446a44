package page

import (
	"jouleline/analytics/progress"
	"jouleline/metrics/explain"
)

// Term is an exact number in decimals, or as a fraction, with its unit.
type Term struct{ Value, Unit string }

// FactorSet is where a factor stems from.
type FactorSet struct{ Set, Version, Note string }

// ExplainedEvent is a meter event; Time is local.
type ExplainedEvent struct{ Event, Time, Note string }

// say puts a figure, and all below it, into the language of the page. What it is,
// how it follows and by which rules is said by codes and numbers; remarks, and the
// arithmetic of a span, are the book-keeper's own in English.
func (w words) say(e *Explained) {
	e.Title, e.Formula = said{e.Label, true}, said{e.How, true}
	if w.Lang != english {
		if label := w.figure(e); label != "" {
			e.Title = said{Text: label}
		}
		switch {
		case e.Value == "":
			e.Formula = said{} // nothing follows from nothing
		case e.Kind == explain.Others || e.Kind == explain.Before || e.Kind == explain.After:
			e.Formula = said{Text: w.T("op.others")}
		case e.Op != explain.Given:
			e.Formula = said{Text: w.how(e)}
		}
	}
	if e.Source != "" {
		e.Lines = append(e.Lines, said{Text: w.word("source", e.Source)})
	}
	if f := e.FactorSet; f != nil {
		e.Lines = append(e.Lines, said{Text: w.T("explain.factor", f.Set, f.Version)})
		if f.Note != "" {
			e.Lines = append(e.Lines, said{f.Note, true})
		}
	}
	for _, rule := range e.Rules {
		e.Lines = append(e.Lines, said{Text: w.word("rule", string(rule))})
	}
	for _, x := range e.Events {
		e.Lines = append(e.Lines, said{Text: w.word("event", x.Event) + " " + x.Time})
		if x.Note != "" {
			e.Lines = append(e.Lines, said{x.Note, true})
		}
	}
	if x := e.Progress; x != nil && w.Lang != english {
		e.Lines = append(e.Lines, w.judged(x)...)
	} else {
		for _, note := range e.Notes {
			e.Lines = append(e.Lines, said{note, true})
		}
	}
	for i := range e.Children {
		w.say(&e.Children[i])
	}
}

// figure names a figure by its kind; empty where the kind has no words.
func (w words) figure(e *Explained) string {
	switch e.Kind {
	case explain.Named:
		return e.Name
	case explain.OfMeasure:
		return w.T("figure.measure", e.Name, w.word("indicator", e.Word))
	case explain.OfReduction:
		return w.T("figure.reduction", e.Name, w.word("indicator", e.Word))
	case explain.OfContent:
		return w.word("content", e.Word)
	case explain.OfBasis:
		return w.word("basis", e.Word)
	case explain.OfCarrier:
		return w.word("carrier", e.Word)
	case explain.OfVehicles:
		return w.T("figure.vehicles", w.word("carrier", e.Word))
	case explain.OfEntry:
		return w.word("entry", e.Word) + " " + e.Name
	}
	key := "figure." + string(e.Kind)
	if _, ok := messages[key]; !ok {
		return ""
	}
	if e.Name == "" {
		return w.T(key)
	}
	return w.T(key, e.Name)
}

// how tells by the operation and the numbers how a value follows from what stands
// below it.
func (w words) how(e *Explained) string {
	value := func(i int) string {
		if i >= len(e.Children) || e.Children[i].Value == "" {
			return "—"
		}
		return e.Children[i].Value
	}
	unit := func(i int) string {
		if i >= len(e.Children) {
			return ""
		}
		return " " + w.unit(e.Children[i].Unit)
	}
	text := ""
	switch {
	case e.Op == explain.Sum && len(e.Children) == 0:
		return "" // they are opened on another page
	case e.Op == explain.Sum:
		return w.T("op.sum")
	case e.Op == explain.Quotient:
		return value(0) + unit(0) + " / " + value(1) + unit(1)
	case e.Op == explain.ReductionPct:
		return "100 × (" + value(0) + " − " + value(1) + ") / " + value(0)
	case e.Op == explain.Division && e.Factor != nil:
		return w.T("op.division", value(0)+unit(0), e.Factor.Value)
	case e.Op == explain.Product && e.Quantity != nil && e.Factor != nil:
		text = e.Quantity.Value + " " + w.unit(e.Quantity.Unit) + " × " + e.Factor.Value
		if e.FactorSet != nil {
			text += " " + w.unit(e.Factor.Unit)
		}
	}
	if e.Subtracted {
		text += w.T("op.subtracted")
	}
	return text
}

// judged tells what the plan says of a reduction.
func (w words) judged(x *progress.Indicator) []said {
	lines := []said{{Text: w.T("state") + w.T("colon") + w.stateText(x)}}
	if why := w.why(x); why != "" {
		lines = append(lines, said{Text: why})
	}
	for _, fact := range []Fact{
		{w.T("target"), percent(x.TargetPct, "")}, {w.T("completion"), official(x.Completion, "")}, {w.T("pace"), percent(x.PacePct, "")},
	} {
		if fact.Text != "" {
			lines = append(lines, said{Text: fact.Name + w.T("colon") + fact.Text + " " + fact.Unit})
		}
	}
	return lines
}
