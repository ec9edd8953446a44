package api

import (
	"fmt"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/metrics/calendar"
	"jouleline/schema"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
)

// moment is a parameter that is a time.
type moment struct {
	at    schema.Instant
	given bool
}

// UnmarshalText reads RFC 3339. A plus sign that nobody escaped has arrived as a
// space, and is meant.
func (m *moment) UnmarshalText(text []byte) error {
	s := string(text)
	if i := len(s) - len(" 08:00"); i > 0 && s[i] == ' ' {
		s = s[:i] + "+" + s[i+1:]
	}
	at, err := schema.ParseInstant(s)
	if err != nil {
		return err
	}
	if at < schema.MinInstant || at > schema.MaxInstant {
		return fmt.Errorf("time: got %s, want %s to %s", clip(s), schema.MinInstant, schema.MaxInstant)
	}
	m.at, m.given = at, true
	return nil
}

// Schema describes the parameter. Its format is for readers only: the library
// would hold an unescaped plus sign against it.
func (moment) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Extensions: map[string]any{"format": "date-time"}}
}

// StretchParams are the ends of a half-open stretch of time.
type StretchParams struct {
	From moment `query:"from" required:"true" doc:"First moment of the stretch; its offset is the calendar's own or any other" example:"2023-05-01T00:00:00+08:00"`
	To   moment `query:"to" required:"true" doc:"End of the stretch, which is not in it any more" example:"2023-05-03T00:00:00+08:00"`
}

func (p *StretchParams) check() error {
	if p.From.at >= p.To.at {
		return fmt.Errorf("%w: from and to: got %s and %s, want from before to", errQuestion, p.From.at, p.To.at)
	}
	return nil
}

// days gives the stretch as whole days of a calendar.
func (p *StretchParams) days(zone *calendar.Zone) (schema.Validity, error) {
	if err := p.check(); err != nil {
		return schema.Validity{}, err
	}
	days := schema.Validity{From: zone.DayOf(p.From.at), To: zone.DayOf(p.To.at)}
	for _, end := range []struct {
		name string
		at   schema.Instant
		day  schema.Day
	}{{"from", p.From.at, days.From}, {"to", p.To.at, days.To}} {
		if zone.Start(end.day) != end.at {
			return days, fmt.Errorf("%w: %s: got %s, want the beginning of a day in %s, as %s",
				errQuestion, end.name, end.at.Format(zone.Location()), zone.Location(), zone.Start(end.day).Format(zone.Location()))
		}
	}
	return days, nil
}

// KnownParam asks as of a moment.
type KnownParam struct {
	KnownAt moment `query:"known_at" doc:"Answer as it was known at this moment, by the books and the registry of then; left out: now" example:"2024-03-31T00:00:00+08:00"`
}

// then gives the moment to ask as of, 0 for now.
func (p *KnownParam) then(now schema.Instant) (schema.Instant, error) {
	if !p.KnownAt.given {
		return 0, nil
	}
	if p.KnownAt.at > now {
		return 0, fmt.Errorf("%w: known_at: got %s, want a moment that has passed", errQuestion, p.KnownAt.at)
	}
	return p.KnownAt.at, nil
}

// FactorParams choose a factor set.
type FactorParams struct {
	FactorSet  string `query:"factor_set" maxLength:"64" doc:"Factor set by which quantities become energy and carbon: gbt2589-2020 (the default) or db37-2019" example:"gbt2589-2020"`
	FactorMode string `query:"factor_mode" enum:"fixed,by_year" doc:"Grid factor of one pinned year for every period, or of each period's own year; left out: as the set says" example:"fixed"`
}

// factors gives the chosen set in the chosen mode.
func (s *Server) factors(p *FactorParams) (*factor.Set, error) {
	set, err := choose("factor_set", p.FactorSet, s.config.Factors, func(f *factor.Set) string { return f.Name })
	if err != nil || p.FactorMode == "" {
		return set, err
	}
	return set.WithMode(factor.Mode(p.FactorMode)), nil
}

// plan gives the chosen plan.
func (s *Server) plan(name string) (*plan.Plan, error) {
	return choose("plan", name, s.config.Plans, func(p *plan.Plan) string { return p.Name })
}

// choose finds what a parameter names, the first where it names nothing.
func choose[T any](parameter, name string, among []T, nameOf func(T) string) (T, error) {
	names := make([]string, len(among))
	for i, one := range among {
		if names[i] = nameOf(one); names[i] == name || name == "" {
			return one, nil
		}
	}
	var none T
	return none, fmt.Errorf("%w: %s: got %q, want %s", errQuestion, parameter, clip(name), strings.Join(names, ", "))
}

// now is the clock's instant.
func (s *Server) now() schema.Instant { return schema.InstantOf(s.config.Now()) }

// local gives an instant as a time of a calendar.
func local(zone *calendar.Zone, t schema.Instant) time.Time { return t.Time().In(zone.Location()) }
