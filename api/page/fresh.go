package page

import (
	"strconv"
	"time"
)

// freshSection is how lately the meters were read.
type freshSection struct {
	Summary  string
	Late     bool // any meter is
	Newest   string
	Gateways []silentRow
	Meters   []silentRow
	// MetersHead says how many are late, and how many of them are listed.
	MetersHead string
}

// silentRow is a gateway or a meter that gives no readings.
type silentRow struct {
	Name, URL, Gateway, Meters, Last string
}

// fresh writes how lately meters were read, in local time.
func (v *visit) fresh(f *Fresh, zone *time.Location) *freshSection {
	if f == nil || f.Meters == 0 {
		return nil
	}
	s := &freshSection{
		Summary: v.T("fresh.summary", f.Meters-f.Late, f.Meters), Late: f.Late > 0, Newest: v.T("fresh.newest", v.lastRead(f.Newest, zone)),
	}
	if f.Never > 0 {
		s.Summary += v.T("fresh.never_count", f.Never)
	}
	for i := range f.Gateways {
		g := &f.Gateways[i]
		s.Gateways = append(s.Gateways, silentRow{Name: g.ID, Meters: strconv.Itoa(g.Meters), Last: v.lastRead(g.Last, zone)})
	}
	for i := range f.Oldest {
		m := &f.Oldest[i]
		s.Meters = append(s.Meters, silentRow{Name: m.ID, URL: address(Subject{Meter, m.ID}), Gateway: m.Gateway, Last: v.lastRead(m.Last, zone)})
	}
	if s.MetersHead = v.T("fresh.late_all", f.Late); len(f.Oldest) < f.Late {
		s.MetersHead = v.T("fresh.late_some", len(f.Oldest), f.Late)
	}
	return s
}

// lastRead writes the local time of a last reading.
func (v *visit) lastRead(at *time.Time, zone *time.Location) string {
	if at == nil {
		return v.T("fresh.never")
	}
	return at.In(zone).Format(dayFormat + " 15:04")
}
