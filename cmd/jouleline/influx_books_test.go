package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"jouleline/schema"
)

func mustDays(t testing.TB, from, to string) schema.Validity {
	t.Helper()
	first, err1 := schema.ParseDay(from)
	last, err2 := schema.ParseDay(to)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return schema.Validity{From: first, To: last}
}

// booksAsPoints asks the API for everything that InfluxDB should hold of the year
// 2023, and writes it as the fake keeps points. months are the first days of the
// months that anything is known of, the last one not included.
func booksAsPoints(t *testing.T, s *testServer, from, to string, months []string) map[string]map[string]any {
	t.Helper()
	reg := s.books.known().Registry
	points := map[string]map[string]any{}
	for row := range reg.Meters {
		m := &reg.Meters[row]
		b, _ := reg.Building(m.Building)
		counts := "no"
		if m.Counts() {
			counts = "yes"
		}
		series := fmt.Sprintf("jouleline_meter,building=%s,carrier=%s,counts=%s,institution=%s,meter=%s,step=PT1H,unit=%s,use=%s",
			m.Building, m.Carrier, counts, tag(b.Institution), tag(m.ID), m.Carrier.Unit(), m.Use)
		// Steps of an hour are asked for month by month: the API bounds its answers.
		for i := 1; i < len(months); i++ {
			var c consumption
			s.ask("/api/v1/consumption", pairs("meter", m.ID, "from", months[i-1]+"T00:00:00Z", "to", months[i]+"T00:00:00Z", "step", "PT1H"), &c)
			addConsumption(t, points, series, &c)
		}
	}
	for row := range reg.Buildings {
		b := &reg.Buildings[row]
		index, _ := reg.InstitutionIndex(b.Institution)
		for _, carrier := range []schema.Carrier{schema.Electricity, schema.Water} {
			zone := reg.TimeZone
			if b.TimeZone != "" {
				zone, _ = time.LoadLocation(b.TimeZone)
			}
			var c consumption
			s.ask("/api/v1/consumption", pairs("building", b.ID, "carrier", carrier.String(), "from", midnightOf(t, from, zone), "to", midnightOf(t, to, zone), "step", "P1D"), &c)
			addConsumption(t, points, fmt.Sprintf("jouleline_building,building=%s,carrier=%s,institution=%s,region=%s,step=P1D,unit=%s",
				b.ID, carrier, tag(b.Institution), reg.InstitutionVersions(index)[0].Region, carrier.Unit()), &c)
		}
	}
	for _, inst := range reg.Institutions {
		head := fmt.Sprintf("jouleline_institution,class=%s,indicator=%%s,institution=%s,region=%s,step=%%s,unit=%%s", inst.Class, tag(inst.ID), inst.Region)
		addIndicators(t, s, points, head, "institution", inst.ID, from, to, months)
	}
	for _, r := range reg.Regions {
		parent := ""
		if r.Parent != "" {
			parent = ",parent=" + r.Parent
		}
		addIndicators(t, s, points, "jouleline_region,indicator=%s"+parent+",region="+r.ID+",step=%s,unit=%s", "region", r.ID, from, to, months)
	}
	return points
}

func tag(s string) string { return strings.ReplaceAll(s, " ", `\ `) }

func pairs(list ...string) string {
	q := url.Values{}
	for i := 0; i < len(list); i += 2 {
		q.Set(list[i], list[i+1])
	}
	return q.Encode()
}

func midnightOf(t testing.TB, day string, zone *time.Location) string {
	t.Helper()
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at.Format(time.RFC3339)
}

// addConsumption adds the buckets of which anything is known. The time that is
// known follows from the coverage.
func addConsumption(t testing.TB, points map[string]map[string]any, series string, c *consumption) {
	t.Helper()
	for _, p := range c.Points {
		if p.Quantity == nil {
			continue
		}
		start, err := time.Parse(time.RFC3339, p.Start)
		if err != nil {
			t.Fatal(err)
		}
		quantity, err := p.Quantity.Float64()
		if err != nil {
			t.Fatal(err)
		}
		fields := map[string]any{"quantity": quantity, "known": knownShare(p.Coverage)}
		points[fmt.Sprintf("%s %d", series, start.Unix())] = fields
	}
}

// addIndicators adds the months, and the year, of a scope.
func addIndicators(t testing.TB, s *testServer, points map[string]map[string]any, head, kind, id, from, to string, months []string) {
	t.Helper()
	type stretch struct{ from, to, step string }
	stretches := []stretch{{from, to, "P1Y"}, {"2020-01-01", "2021-01-01", "P1Y"}} // a base year is declared
	for i := 1; i < len(months); i++ {
		stretches = append(stretches, stretch{months[i-1], months[i], "P1M"})
	}
	for _, b := range stretches {
		var a struct {
			Points []struct {
				Start          string   `json:"start"`
				Indicator      string   `json:"indicator"`
				Unit           string   `json:"unit"`
				Value          *float64 `json:"value"`
				Coverage       *float64 `json:"coverage"`
				EstimatedShare *float64 `json:"estimated_share"`
			} `json:"points"`
		}
		zone := s.books.known().Registry.TimeZone
		s.ask("/api/v1/indicators", pairs(kind, id, "from", midnightOf(t, b.from, zone), "to", midnightOf(t, b.to, zone), "step", b.step), &a)
		for _, p := range a.Points {
			if p.Value == nil {
				continue
			}
			fields := map[string]any{"value": *p.Value}
			if p.Coverage != nil {
				fields["coverage"] = *p.Coverage
			}
			if p.EstimatedShare != nil {
				fields["estimated_share"] = *p.EstimatedShare
			}
			start, err := time.Parse(time.RFC3339, p.Start)
			if err != nil {
				t.Fatal(err)
			}
			points[fmt.Sprintf(head, p.Indicator, b.step, p.Unit)+fmt.Sprintf(" %d", start.Unix())] = fields
		}
	}
}
