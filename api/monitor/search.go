package monitor

import (
	"errors"
	"fmt"
	"time"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// search looks for what is wrong with meters over one stretch.
type search struct {
	s        *Handlers
	w        *world.World
	from, to schema.Instant
	until    schema.Instant // nothing is known after it

	name     string
	zone     *calendar.Zone
	meters   []searched
	searched int
	found    []Anomaly
	chance   ChanceFindings
	skipped  []SkippedMeter
}

// searched is a meter that is looked at.
type searched struct {
	version *schema.Meter // the last
	member  consumption.Member
}

// gather finds the meters of a subject: sub-meters too, since they say where in a
// building something is wrong, but no formulas, whose faults are their parts'.
func (f *search) gather(about query.Target, carrier string) error {
	f.zone = f.w.Calendar()
	buildings, err := f.buildings(about)
	if err != nil {
		return err
	}
	days := schema.Validity{From: f.zone.DayOf(f.from), To: f.zone.DayOf(f.to-1) + 1}
	seen := map[string]bool{} // a meter has a row for each of its versions
	for _, building := range buildings {
		for _, m := range f.w.MetersIn(building) {
			isAsked := about.Kind != query.KindMeter || m.ID == about.ID
			if !isAsked || m.Formula != "" || carrier != "" && m.Carrier.String() != carrier || m.From >= days.To || m.To <= days.From {
				continue
			}
			if seen[m.ID] {
				continue
			}
			seen[m.ID] = true
			if err := f.take(m.ID); err != nil {
				return err
			}
		}
	}
	hours := int(int64(f.to-f.from) / schema.Hour)
	if most := f.s.Limits.Search; hours*len(f.meters) > most {
		return fmt.Errorf("%w: got %d hours of %d meters, want at most %d together: ask for a shorter stretch or a smaller part",
			problem.ErrQuestion, hours, len(f.meters), most)
	}
	return nil
}

// buildings gives the buildings in which the meters of a subject stand.
func (f *search) buildings(about query.Target) ([]string, error) {
	switch about.Kind {
	case query.KindMeter:
		versions := f.w.MeterVersions(about.ID)
		if versions == nil {
			return nil, fmt.Errorf("meter %q: %w", problem.Clip(about.ID), problem.ErrUnknown)
		}
		building := versions[len(versions)-1].Building
		b, _ := f.w.Building(building)
		f.zone = f.w.ZoneOf(b)
		return []string{building}, nil
	case query.KindBuilding:
		b, ok := f.w.Building(about.ID)
		if !ok {
			return nil, fmt.Errorf("building %q: %w", problem.Clip(about.ID), problem.ErrUnknown)
		}
		f.name, f.zone = b.Name, f.w.ZoneOf(b)
		return []string{about.ID}, nil
	}
	g, err := f.w.Group(about, f.zone.DayOf(f.to-1), f.s.Factors[0])
	if err != nil {
		return nil, err
	}
	f.name = g.Name
	var ids []string
	for index, place := range g.Place {
		if place < 0 {
			continue
		}
		for i, b := range f.w.BuildingsOf(f.w.InstitutionIDs[index]) {
			ids = append(ids, b.ID)
			if about.Kind == string(indicator.ByInstitution) && i == 0 {
				f.zone = f.w.ZoneOf(b)
			}
		}
	}
	return ids, nil
}

// take adds a meter, or says why it is not looked at.
func (f *search) take(id string) error {
	c, err := f.w.MeterCircle(id, "")
	if errors.Is(err, problem.ErrUnknown) {
		f.skip(id, "the books do not know it yet")
		return nil
	}
	if err != nil {
		return err
	}
	versions := f.w.MeterVersions(id)
	m := &versions[len(versions)-1]
	if m.Interval > schema.Hour {
		f.skip(id, "read every "+apart(m.Interval)+", want at least every hour")
		return nil
	}
	if len(c.Members) == 0 {
		f.skip(id, "a formula: its meters are looked at")
		return nil
	}
	f.meters = append(f.meters, searched{m, c.Members[0]})
	return nil
}

func (f *search) skip(meter, reason string) {
	f.skipped = append(f.skipped, SkippedMeter{meter, reason})
}

// apart writes how far readings of a meter lie apart, in days where those are
// whole.
func apart(interval int64) string {
	if days := interval / (24 * schema.Hour); days > 0 && interval%(24*schema.Hour) == 0 {
		if days == 1 {
			return "day"
		}
		return fmt.Sprintf("%d days", days)
	}
	return (time.Duration(interval) * time.Millisecond).String()
}
