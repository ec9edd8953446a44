package progress_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
)

// books is a source in memory: rows of usage by day, asked for by the day.
type books struct {
	rows []booked
	err  error
}

type booked struct {
	institution string
	day         schema.Day
	carrier     schema.Carrier
	use         schema.Use
	quantity    float64 // units
	estimated   float64
	known       int64 // milliseconds
}

func (b *books) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	if b.err != nil {
		return nil, b.err
	}
	var list []indicator.Usage
	for _, r := range b.rows {
		i, ok := q.Registry.InstitutionIndex(r.institution)
		if !ok || r.day < q.From || r.day >= q.To || q.Institutions != nil && !slices.Contains(q.Institutions, i) {
			continue
		}
		at := slices.IndexFunc(list, func(u indicator.Usage) bool {
			return u.Institution == i && u.Carrier == r.carrier && u.Use == r.use
		})
		if at < 0 {
			at = len(list)
			list = append(list, indicator.Usage{Institution: i, Carrier: r.carrier, Use: r.use})
		}
		list[at].Quantity += schema.Quantity(r.quantity * schema.Micro)
		list[at].Estimated += schema.Quantity(r.estimated * schema.Micro)
		list[at].Known += r.known
	}
	slices.SortStableFunc(list, func(a, b indicator.Usage) int { return int(a.Institution - b.Institution) })
	return list, nil
}

// meter books an amount a day over a stretch of days, fully known.
func (b *books) meter(institution string, carrier schema.Carrier, from, to string, perDay float64) {
	for d := mustDay(from); d < mustDay(to); d++ {
		b.rows = append(b.rows, booked{institution: institution, day: d, carrier: carrier, use: schema.ForBuilding, quantity: perDay, known: 24 * schema.Hour})
	}
}

func mustDay(text string) schema.Day {
	day, err := schema.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return day
}

// tables is a registry as text: the file's name, then its rows. A text that is
// no registry panics: it is the test that is wrong.
type tables map[string]string

func (t tables) world() *indicator.World {
	raw := registry.Tables{}
	for file, text := range t {
		raw[file] = []byte(strings.TrimLeft(text, "\n"))
	}
	reg, err := registry.Build(raw, registry.Options{})
	if err != nil {
		panic(err)
	}
	w, err := indicator.NewWorld(reg)
	if err != nil {
		panic(err)
	}
	return w
}

// with gives the tables with one of them replaced.
func (t tables) with(file, text string) tables {
	merged := tables{}
	for f, x := range t {
		merged[f] = x
	}
	merged[file] = text
	return merged
}

// query asks with the default plan and factors, in a year when all is over.
func query(level indicator.Level, id string, year int) progress.Query {
	p, err := plan.Load(plan.Default)
	if err != nil {
		panic(err)
	}
	f, err := factor.Load(factor.Default)
	if err != nil {
		panic(err)
	}
	return progress.Query{
		Scope: indicator.Scope{Level: level, ID: id}, Plan: p, Factors: f, Year: year,
		Now: schema.InstantOf(time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)),
	}
}

func ask(tb testing.TB, w *indicator.World, source indicator.Source, q progress.Query) progress.Answer {
	tb.Helper()
	answer, err := progress.Progress(context.Background(), w, source, q)
	if err != nil {
		tb.Fatalf("progress of %s: %v", q.Scope, err)
	}
	return answer
}

// show writes an indicator as one line of text, so that a test can list facts.
func show(x progress.Indicator) string {
	return fmt.Sprintf("%s: %s -> %s %s; %s; reduction %s, completion %s, pace %s, on pace %s; coverage %s; %s/%s",
		x.Indicator, number(x.Baseline), number(x.Current), x.Unit, x.State,
		text(x.Reduction), text(x.Completion), number(x.PacePct), flag(x.OnPace), number(x.Coverage), x.BaselineSource, x.CurrentSource)
}

func number(v *float64) string {
	if v == nil {
		return "null"
	}
	return fmt.Sprintf("%.6g", *v)
}

func text(v *string) string {
	if v == nil {
		return "null"
	}
	return *v
}

func flag(v *bool) string {
	if v == nil {
		return "null"
	}
	return fmt.Sprint(*v)
}

func expect(tb testing.TB, x progress.Indicator, want string) {
	tb.Helper()
	if got := show(x); got != want {
		tb.Errorf("got  %s\nwant %s\nreason: %s", got, want, x.Reason)
	}
}
