package main

import (
	"regexp"
	"strings"
	"testing"
)

var (
	// aFigure finds what a query asks of consumption, indicators, plans and quotas,
	// in PromQL and in Flux.
	aFigure = regexp.MustCompile(`jouleline_\w*(?:_consumption_|_energy_(?:month|year)|_carbon_|_indicator_(?:month|year)\b|_percent|_on_pace|_probability_|_quota)|r\._field == "(?:quantity|value)"`)
	// aShare finds what tells how well it is known.
	aShare = regexp.MustCompile(`jouleline_\w+_(?:coverage|known)_\w+|r\._field == "(?:coverage|known_seconds)"`)
	// elsewhere finds the panel that a description names instead.
	elsewhere = regexp.MustCompile(`Known share: ([^.]+)\.`)
)

// Whoever sees a figure sees how complete it is: its panel shows the known share
// too, or its description names the panel of the dashboard that does.
func TestDashboards_SayHowCompleteFiguresAre(t *testing.T) {
	figures := 0
	for name, d := range dashboards(t) {
		shares := map[string]bool{}
		for i := range d.Panels {
			title, _, _ := strings.Cut(d.Panels[i].Title, " · ")
			shares[title] = aShare.MatchString(questions(&d.Panels[i]))
		}
		for i := range d.Panels {
			p := &d.Panels[i]
			asked := questions(p)
			if !aFigure.MatchString(asked) {
				continue
			}
			figures++
			told := aShare.MatchString(asked)
			if m := elsewhere.FindStringSubmatch(p.Description); m != nil {
				if told || !shares[m[1]] {
					t.Errorf("%s: %s: got a description that names %q for how complete it is", name, p.Title, m[1])
				}
				told = true
			}
			if !told {
				t.Errorf("%s: %s: does not say how complete its figures are", name, p.Title)
			}
		}
	}
	if figures < 25 {
		t.Errorf("only %d panels of figures were found", figures)
	}
}

// questions puts together what a panel asks.
func questions(p *boardPanel) string {
	var b strings.Builder
	for _, q := range p.Targets {
		b.WriteString(q.Expr + q.Query + "\n")
	}
	return b.String()
}
