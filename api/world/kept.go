package world

import (
	"context"
	"fmt"

	"jouleline/api/problem"
	"jouleline/metrics/calendar"
	"jouleline/schema"
)

// Kept gives the moment up to which readings may have been let go, 0 where all
// are kept.
func (l *Library) Kept(ctx context.Context) (schema.Instant, error) {
	if l.KeptSince == nil {
		return 0, nil
	}
	return l.KeptSince(ctx)
}

// CheckKept refuses steps finer than a day, and parts of days, where readings may
// have been let go: the books hold days.
func (l *Library) CheckKept(ctx context.Context, zone *calendar.Zone, step calendar.Step, from, to schema.Instant) error {
	until, err := l.Kept(ctx)
	first, last := zone.Start(zone.DayOf(from)), zone.Start(zone.DayOf(to))
	refuse := func(what string, got any, at schema.Instant, want string) error {
		return fmt.Errorf("%w: %s: got %v at %s, want %s: readings up to %s are not kept any more, what was booked of their days is", problem.ErrQuestion, what, got, at, want, until)
	}
	switch {
	case err != nil || until == 0:
		return err
	case step < calendar.DayStep && from <= until:
		return refuse("step", step, from, "P1D or longer")
	case first < from && from <= until:
		return refuse("from", "a part of a day", from, "the beginning of a local day")
	case last < to && last <= until:
		return refuse("to", "a part of a day", to, "the beginning of a local day")
	}
	return nil
}
