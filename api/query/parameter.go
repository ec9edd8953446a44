package query

import (
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/problem"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Moment is a parameter that is a time.
type Moment struct {
	At    schema.Instant
	Given bool
}

// At is the parameter as of an instant.
func At(t schema.Instant) Moment { return Moment{At: t, Given: true} }

// UnmarshalText reads RFC 3339. A plus sign that nobody escaped has arrived as a
// space, and is meant.
func (m *Moment) UnmarshalText(text []byte) error {
	s := string(text)
	if i := len(s) - len(" 08:00"); i > 0 && s[i] == ' ' {
		s = s[:i] + "+" + s[i+1:]
	}
	at, err := schema.ParseInstant(s)
	if err != nil {
		return err
	}
	if at < schema.MinInstant || at > schema.MaxInstant {
		return fmt.Errorf("time: got %s, want %s to %s", problem.Clip(s), schema.MinInstant, schema.MaxInstant)
	}
	m.At, m.Given = at, true
	return nil
}

// Schema describes the parameter. Its format is for readers only: the library
// would hold an unescaped plus sign against it.
func (Moment) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Extensions: map[string]any{"format": "date-time"}}
}

// StretchParams are the ends of a half-open stretch of time.
type StretchParams struct {
	From Moment `query:"from" required:"true" doc:"First moment of the stretch; its offset is the calendar's own or any other" example:"2023-05-01T00:00:00+08:00"`
	To   Moment `query:"to" required:"true" doc:"End of the stretch, which is not in it any more" example:"2023-05-03T00:00:00+08:00"`
}

// Check refuses a stretch that ends before it begins.
func (p *StretchParams) Check() error {
	if p.From.At >= p.To.At {
		return fmt.Errorf("%w: from and to: got %s and %s, want from before to", problem.ErrQuestion, p.From.At, p.To.At)
	}
	return nil
}

// Days gives the stretch as whole days of a calendar.
func (p *StretchParams) Days(zone *calendar.Zone) (schema.Validity, error) {
	if err := p.Check(); err != nil {
		return schema.Validity{}, err
	}
	days := schema.Validity{From: zone.DayOf(p.From.At), To: zone.DayOf(p.To.At)}
	for _, end := range []struct {
		name string
		at   schema.Instant
		day  schema.Day
	}{{"from", p.From.At, days.From}, {"to", p.To.At, days.To}} {
		if zone.Start(end.day) != end.at {
			return days, fmt.Errorf("%w: %s: got %s, want the beginning of a day in %s, as %s",
				problem.ErrQuestion, end.name, end.at.Format(zone.Location()), zone.Location(), zone.Start(end.day).Format(zone.Location()))
		}
	}
	return days, nil
}

// KnownParam asks as of a moment.
type KnownParam struct {
	KnownAt Moment `query:"known_at" doc:"Answer as it was known at this moment, by the books and the registry of then; left out: now" example:"2024-03-31T00:00:00+08:00"`
}

// Then gives the moment to ask as of, 0 for now.
func (p *KnownParam) Then(now schema.Instant) (schema.Instant, error) {
	if !p.KnownAt.Given {
		return 0, nil
	}
	if p.KnownAt.At > now {
		return 0, fmt.Errorf("%w: known_at: got %s, want a moment that has passed", problem.ErrQuestion, p.KnownAt.At)
	}
	return p.KnownAt.At, nil
}

// FactorParams choose a factor set.
type FactorParams struct {
	FactorSet  string `query:"factor_set" maxLength:"64" doc:"Factor set by which quantities become energy and carbon: gbt2589-2020 (the default) or db37-2019" example:"gbt2589-2020"`
	FactorMode string `query:"factor_mode" enum:"fixed,by_year" doc:"Grid factor of one pinned year for every period, or of each period's own year; left out: as the set says" example:"fixed"`
}

// Local gives an instant as a time of a calendar.
func Local(zone *calendar.Zone, t schema.Instant) time.Time { return t.Time().In(zone.Location()) }
