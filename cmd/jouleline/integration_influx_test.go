//go:build integration && linux

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/schema/registry"
	"jouleline/store/influx"
)

// influxDatabase is the one that the manual and the dashboards read.
const influxDatabase = "jouleline"

// TestIntegrationInflux publishes to a real InfluxDB 1.8, harms it, and reads back
// by InfluxQL and Flux. One node serves all, each part has a database of its own.
func TestIntegrationInflux(t *testing.T) {
	n := startInflux(t)
	for name, test := range map[string]func(*testing.T, *influxNode){
		"Served":        integrateInfluxServed,
		"AwayForAnHour": integrateInfluxHour,
	} {
		t.Run(name, func(part *testing.T) {
			n.t = part
			defer func() { n.t = t }() // which ends it
			test(part, n)
		})
	}
}

// influxMore are meters of the test beside those of influxWorld: one that is
// corrected by hand, and water for the second institution.
const influxMore = "C1,B1,electricity,building,register,kWh,99999999.99,1000,PT1H,PT3H,\n" +
	"W2,B2,water,building,delta,m3,,,PT1H,,\n"

// influxDeclared is influxWorld with influxMore, and with what two cities declared
// for the base year and for one that is over.
func influxDeclared(owner, area string) registry.Tables {
	tables := influxWorld(owner, area, influxMore)
	tables[registry.DeclaredFile] = []byte("scope,id,year,quantity,unit,value,source\n" +
		"region,370100,2020,energy_per_area,kgce/m2,10,form\nregion,370100,2023,energy_per_area,kgce/m2,9.5,form\n" +
		"region,370200,2020,energy_per_area,kgce/m2,12,form\nregion,370200,2023,energy_per_area,kgce/m2,11.5,form\n")
	return tables
}

// influxMonths bound the months that the test has readings of.
var influxMonths = []string{"2023-04-01", "2023-05-01", "2023-06-01", "2023-07-01"}

// A server publishes while InfluxDB is stopped, killed and started again under it.
// In the end InfluxDB holds what the API answers, each point once, and the queries
// of the manual and of the dashboards answer.
func integrateInfluxServed(t *testing.T, n *influxNode) {
	n.influxQL("", "CREATE DATABASE "+influxDatabase)
	flags := embedded(t.TempDir())
	flags.InfluxFlags = InfluxFlags{
		InfluxURL: n.url, InfluxBucket: influxDatabase, InfluxToken: influxUser + ":" + influxPassword, InfluxStep: "PT1H",
		InfluxEvery: 50 * time.Millisecond, InfluxIndicatorsEvery: 50 * time.Millisecond,
	}
	s := mustServeWith(t, flags, os.Stderr)
	s.importTables(influxDeclared("S1", "1000"))
	published(t, s)
	gateway := newForgetful(chance.Random(t))
	push := func(readings ...string) {
		t.Helper()
		s.push("application/json", []byte(`{"readings":[`+strings.Join(readings, ",")+`]}`))
		s.settle()
	}
	for range 3 {
		push(gateway.readings()...)
	}
	push(`{"meter":"W2","time":"2023-05-03T10:00:00+08:00","start":"2023-05-03T09:00:00+08:00","value":7.5}`)
	published(t, s)
	checkInflux(t, s, n, influxDatabase)
	for _, end := range []func(){n.stop, n.kill} {
		end()
		push(gateway.readings()...)
		push(gateway.readings()...)
		s.importTables(influxDeclared("S 2", "1200"))
		until(t, "the publisher waits", func() bool { return behind(t, s) && troubled(t, s) })
		n.start()
		published(t, s)
		checkInflux(t, s, n, influxDatabase)
	}
	checkInfluxCorrection(t, s, n, push)
	checkManualFlux(t, s, n)
	checkDashboardFlux(t, n)
	checkFluxReduction(t, n)
}

// checkFluxReduction holds the reduction of regions by Flux to what it says: against
// 2020, by years of which enough is known, a gap being no saving.
func checkFluxReduction(t *testing.T, n *influxNode) {
	t.Helper()
	n.influxQL("", "CREATE DATABASE reduction")
	point := func(region string, year int, value, coverage string) string {
		if coverage != "" {
			coverage = ",coverage=" + coverage
		}
		at := time.Date(year, 1, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600)).Unix()
		return fmt.Sprintf("jouleline_region,indicator=energy_per_area,parent=370000,region=%s,step=P1Y,unit=kgce/m2 value=%s%s %d\n", region, value, coverage, at)
	}
	text := point("370100", 2020, "10", "") + point("370100", 2023, "9", "0.97") + // declared, then metered
		point("370200", 2020, "10", "1") + point("370200", 2022, "10.5", "1") + point("370200", 2023, "4", "0.4") + // mostly unknown
		point("370300", 2021, "10", "1") + point("370300", 2023, "5", "1") + // nothing of 2020
		point("370400", 2019, "20", "1") + point("370400", 2020, "10", "1") + point("370400", 2023, "8", "1") + point("370400", time.Now().Year(), "1", "1")
	if _, err := n.post("/write?db=reduction&precision=s", "text/plain", text); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboards(t)["influx.json"].Panels {
		if p.Type != "bargauge" {
			continue
		}
		query := strings.NewReplacer("${bucket}", "reduction", "${region}", "370000", "${indicator}", "energy_per_area").Replace(p.Targets[0].Query)
		var got []string
		for _, row := range n.mustAnswer(t, query) {
			percent, err := strconv.ParseFloat(row["_value"], 64)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s %.6f", row["region"], percent))
		}
		if want := []string{"370400 20.000000", "370100 10.000000", "370200 -5.000000"}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", p.Title, got, want)
		}
	}
}

// checkInfluxCorrection corrects a reading and takes all of them back: the points
// are overwritten, and vanish without a trace.
func checkInfluxCorrection(t *testing.T, s *testServer, n *influxNode, push func(...string)) {
	t.Helper()
	before := n.points(influxDatabase)
	reading := func(hour, value int, more string) string {
		return fmt.Sprintf(`{"meter":"C1","time":"2023-06-10T%02d:00:00+08:00","value":%d%s}`, hour, value, more)
	}
	hours := func() (list []any) {
		t.Helper()
		published(t, s)
		checkInflux(t, s, n, influxDatabase)
		for _, series := range n.influxQL(influxDatabase, "SELECT quantity FROM jouleline_meter WHERE meter = 'C1'") {
			for _, row := range series.Values {
				list = append(list, row[1])
			}
		}
		return list
	}
	f := func(want []any) {
		t.Helper()
		if got := hours(); !slices.Equal(got, want) {
			t.Errorf("hours of C1: got %v, want %v", got, want)
		}
	}
	push(reading(8, 100, ""), reading(9, 110, ""), reading(10, 130, ""))
	f([]any{10.0, 20.0})
	push(reading(9, 115, `,"revision":1`))
	f([]any{15.0, 15.0})
	push(reading(8, 100, `,"revision":2,"deleted":true`), reading(9, 115, `,"revision":2,"deleted":true`), reading(10, 130, `,"revision":2,"deleted":true`))
	f(nil)
	comparePoints(t, n.points(influxDatabase), before)
}

// InfluxDB is away for an hour, which a clock that jumps makes short: the pauses are
// the publisher's own. Then it refuses some points for themselves: they are kept
// with its reason, and all others are there.
func integrateInfluxHour(t *testing.T, n *influxNode) {
	n.influxQL("", "CREATE DATABASE hour")
	s := mustServe(t, t.TempDir())
	clock := &outageClock{jumpClock: jumpClock{now: time.Now()}}
	config := influxConfig(t, s, n.url)
	config.Org, config.Bucket, config.Token, config.Clock = "", "hour", influxUser+":"+influxPassword, clock
	publish := func() {
		t.Helper()
		p, err := influx.New(config)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	publish()
	s.importTables(influxWorld("S 2", "1000", ""))
	gateway := newForgetful(chance.Random(t))
	for range 2 {
		for range 3 {
			s.push("application/json", []byte(`{"readings":[`+strings.Join(gateway.readings(), ",")+`]}`))
		}
		s.settle()
		n.stop()
		clock.until, clock.end = clock.now.Add(time.Hour), n.start
		publish()
		if clock.end != nil {
			t.Fatal("published while InfluxDB was away")
		}
		checkInflux(t, s, n, "hour")
	}
	if clock.waits < 2*60 {
		t.Errorf("tried %d times in two hours, want each minute at least", clock.waits)
	}

	n.influxQL("", "CREATE DATABASE other")
	const foreign = "jouleline_building,foreign=yes 1682784000" // the first week of buildings has whole numbers now
	if _, err := n.post("/write?db=other&precision=s", "text/plain", strings.Replace(foreign, " ", " quantity=1i ", 1)); err != nil {
		t.Fatal(err)
	}
	config.Bucket = "other"
	if _, err := s.store.AddBackfill(t.Context(), mustDays(t, "2023-01-01", "2024-01-01")); err != nil {
		t.Fatal(err)
	}
	publish()
	points := n.points("other")
	delete(points, foreign)
	refused, err := s.store.RefusedPoints(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if len(refused) == 0 {
		t.Error("nothing was refused")
	}
	held := n.points("hour")
	for _, r := range refused {
		at := strings.LastIndexByte(r.Line, ' ')
		key := r.Line[:strings.LastIndexByte(r.Line[:at], ' ')] + r.Line[at:]
		if r.Status != 400 || !strings.Contains(r.Reason, "field type conflict") || points[key] != nil {
			t.Errorf("refused: got %d %q of %s, want a point of another type", r.Status, r.Reason, r.Line)
		}
		points[key] = held[key]
	}
	comparePoints(t, points, held)
	t.Logf("%d points were refused and kept", len(refused))
}

// outageClock ends an outage when its hour is over.
type outageClock struct {
	jumpClock
	until time.Time
	end   func()
	waits int
}

func (c *outageClock) Wait(ctx context.Context, d time.Duration) error {
	c.waits++
	err := c.jumpClock.Wait(ctx, d)
	if c.end != nil && !c.now.Before(c.until) {
		c.end()
		c.end = nil
	}
	return err
}

// checkInflux compares a database, read by both languages, with the API.
func checkInflux(t *testing.T, s *testServer, n *influxNode, database string) {
	t.Helper()
	byInfluxQL := n.points(database)
	comparePoints(t, byInfluxQL, booksAsPoints(t, s, "2023-01-01", "2024-01-01", influxMonths))
	byFlux := n.fluxPoints(database)
	if !maps.EqualFunc(byFlux, byInfluxQL, maps.Equal) {
		comparePoints(t, byFlux, byInfluxQL)
		t.Error("Flux and InfluxQL differ")
	}
}

// published waits until both streams are at the end of the books.
func published(t *testing.T, s *testServer) {
	t.Helper()
	until(t, "the publisher is at the end of the books", func() bool { return !behind(t, s) })
}

// behind tells whether a stream has to publish yet.
func behind(t *testing.T, s *testServer) bool {
	t.Helper()
	for _, stream := range []string{influx.Consumption, influx.Indicators} {
		cursor, _, err := s.store.Cursor(t.Context(), stream)
		if err != nil {
			t.Fatal(err)
		}
		if cursor < s.store.Recorded() {
			return true
		}
	}
	return false
}

// troubled tells whether InfluxDB could not be reached.
func troubled(t *testing.T, s *testServer) bool {
	t.Helper()
	body, err := s.get(t.Context(), "/metrics", nil, "text/plain")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(body), `jouleline_influx_retries_total{kind="unreachable"}`)
}
