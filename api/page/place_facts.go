package page

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"jouleline/schema"
)

// look finds the place and its meters in the registry.
func (l *place) look(p *placePage) error {
	l.zone = l.world.TimeZone
	buildings := map[string]string{} // names by id
	add := func(b schema.Building) {
		buildings[b.ID] = nameOr(b.Name, b.ID)
		if zone, err := time.LoadLocation(b.TimeZone); b.TimeZone != "" && err == nil && len(buildings) == 1 {
			l.zone = zone
		}
	}
	switch l.about.Kind {
	case Institution:
		index, ok := l.world.InstitutionIndex(l.about.ID)
		if !ok {
			return &missingError{l.about}
		}
		inst := l.institution(index)
		p.Title = nameOr(inst.Name, inst.ID)
		p.Facts = append(p.Facts, l.fact("fact.class", l.className(string(inst.Class))), l.fact("fact.region", l.regionName(inst.Region)))
		area := 0.0
		hasArea := false
		for _, b := range l.world.BuildingsOf(inst.ID) {
			add(b)
			if q, ok := schema.At(l.world.FloorArea[b.ID], l.today); ok {
				area, hasArea = area+q.Float64(), true
			}
		}
		if hasArea {
			p.Facts = append(p.Facts, Fact{l.T("fact.area"), Value{Text: amount(area), Unit: "m²"}})
		}
		if q, ok := schema.At(l.world.Headcount[inst.ID], l.today); ok {
			p.Facts = append(p.Facts, Fact{l.T("fact.people"), Value{Text: amount(q.Float64()), Unit: l.unit("person")}})
		}
	case Building:
		b, ok := l.world.Building(l.about.ID)
		if !ok {
			return &missingError{l.about}
		}
		add(b)
		p.Title = nameOr(b.Name, b.ID)
		if q, ok := schema.At(l.world.FloorArea[b.ID], l.today); ok {
			p.Facts = append(p.Facts, Fact{l.T("fact.area"), Value{Text: amount(q.Float64()), Unit: "m²"}})
		}
	case Meter:
		versions := l.world.MeterVersions(l.about.ID)
		if versions == nil {
			return &missingError{l.about}
		}
		m := &versions[len(versions)-1]
		b, _ := l.world.Building(m.Building)
		add(b)
		p.Title = m.ID
		p.Facts = append(p.Facts, l.meterFacts(m)...)
	}
	l.zone = locationOr(l.zone, l.world.TimeZone)
	p.Zone = l.T("local_time", zoneText(l.zone, l.site.config.Now()))
	l.gather(p, buildings)
	return nil
}

func locationOr(zone, or *time.Location) *time.Location {
	if zone == nil {
		return or
	}
	return zone
}

func (l *place) fact(key, text string) Fact {
	return Fact{l.T(key), Value{Text: text, Why: l.T("why.not_given")}}
}

func (l *place) meterFacts(m *schema.Meter) []Fact {
	facts := []Fact{
		l.fact("fact.carrier", l.word("carrier", m.Carrier.String())), l.fact("fact.kind", l.word("reading", m.Kind.String())),
		l.fact("fact.unit", l.unit(m.Unit.String())), l.fact("fact.interval", l.duration(m.Interval)),
		l.fact("fact.gap_limit", l.duration(m.GapLimit)), l.fact("fact.gateway", m.Gateway),
	}
	if m.Multiplier != schema.One {
		facts = append(facts, l.fact("fact.multiplier", fmt.Sprintf("%d/%d", m.Multiplier.Num, m.Multiplier.Den)))
	}
	for _, e := range l.world.EventsOf(m.ID) {
		zone := l.world.Zone(m.ID)
		facts = append(facts, Fact{l.word("event", e.Kind.String()), Value{Text: strings.TrimSpace(e.Time.Time().In(zone).Format("2006-01-02 15:04") + " " + e.Note)}})
	}
	return facts
}

// gather lists the meters that stand in the buildings.
func (l *place) gather(p *placePage, buildings map[string]string) {
	for i := range l.world.Meters {
		m := &l.world.Meters[i]
		name, ok := buildings[m.Building]
		if !ok || l.about.Kind == Meter && m.ID != l.about.ID {
			continue
		}
		if n := len(l.meters); n > 0 && l.meters[n-1].ID == m.ID {
			l.meters[n-1] = m
			p.Meters = p.Meters[:n-1]
		} else {
			l.meters = append(l.meters, m)
		}
		about := Subject{Meter, m.ID}
		p.Meters = append(p.Meters, meterRow{
			ID: m.ID, URL: address(about), Building: name, BuildingURL: address(Subject{Building, m.Building}),
			Carrier: l.word("carrier", m.Carrier.String()), Interval: l.duration(m.Interval),
			Valid: l.valid(m.Validity), Readings: address(about, "/readings"), Sub: !m.Counts(),
		})
	}
}

// valid writes on which days something holds.
func (w words) valid(v schema.Validity) string {
	switch {
	case v.From == schema.Always && v.To == schema.Never:
		return w.T("valid.always")
	case v.From == schema.Always:
		return w.T("valid.until", v.To-1)
	case v.To == schema.Never:
		return w.T("valid.since", v.From)
	}
	return w.T("from_to", v.From, v.To-1)
}

// duration writes a distance of readings.
func (w words) duration(ms int64) string {
	switch {
	case ms <= 0:
		return ""
	case ms%(24*schema.Hour) == 0:
		return w.T("days", ms/(24*schema.Hour))
	case ms%schema.Hour == 0:
		return w.T("hours", ms/schema.Hour)
	case ms%schema.Minute == 0:
		return w.T("minutes", ms/schema.Minute)
	}
	return w.T("seconds", ms/schema.Second)
}

// missingError tells that the registry does not hold what is asked for.
type missingError struct{ about Subject }

func (e *missingError) Error() string {
	return fmt.Sprintf("%s %q: not registered", e.about.Kind, e.about.ID)
}

// HTTPStatus is for whoever turns errors into statuses.
func (e *missingError) HTTPStatus() int { return http.StatusNotFound }
