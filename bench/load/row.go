package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// row is one figure of the table.
type row struct {
	name, what, unit string
	// less tells that smaller is better.
	less bool
	// first and goal are the bars of the design in the row's unit; 0 where there
	// is none.
	first, goal float64
}

// The verdicts.
const (
	reached = "goal"
	passed  = "pass"
	short   = "short"
	noBar   = ""
)

// verdict compares a figure with the bars.
func (r *row) verdict(value float64) string {
	reaches := func(bar float64) bool { return bar != 0 && (r.less && value <= bar || !r.less && value >= bar) }
	switch {
	case r.first == 0 && r.goal == 0:
		return noBar
	case reaches(r.goal):
		return reached
	case reaches(r.first):
		return passed
	}
	return short
}

// group is what is measured together, in one process.
type group struct {
	name string
	rows []row
	// limit bounds a run; it is there for what hangs, not for what is slow.
	limit   func(s *sizes) time.Duration
	once    bool // one run is enough: it holds many measurements, and takes long
	measure func(ctx context.Context, t *trial) error
}

// perSecond allows a run so many readings a second, and minutes besides.
func perSecond(readings, rate int) time.Duration {
	return 5*time.Minute + time.Duration(readings/rate)*time.Second
}

// slowest is the rate at which nobody would wait any longer.
const slowest = 10_000

func ingestLimit(s *sizes) time.Duration { return perSecond(s.Readings+s.ManyMeters, slowest) }

// loadedLimit allows a crowd 10,000 packs a second besides.
func loadedLimit(s *sizes) time.Duration {
	return perSecond(s.loadedReadings(), slowest) + perSecond(s.CrowdMeters*s.LoadedDays, slowest) + 5*time.Minute
}

const rate = "readings/s"

// groups lists everything that can be measured, in the order of the design.
var groups = []group{
	{name: "ingest_line_1", measure: ingestLine1, limit: ingestLimit, rows: []row{
		{name: "ingest_line_1", what: "Kafka to queryable, in order, line protocol, one reading a message", unit: rate, first: 500e3, goal: 1e6},
	}},
	{name: "ingest_json_1", measure: ingestJSON1, limit: ingestLimit, rows: []row{
		{name: "ingest_json_1", what: "the same in JSON", unit: rate, first: 500e3, goal: 1e6},
	}},
	{name: "mix_line_1", measure: mixLine1, limit: ingestLimit, rows: []row{
		{name: "mix_line_1", what: "3 % repeats, 2 % late by a day, 0.1 % by a week, 0.1 % corrections, queries running", unit: rate, first: 300e3, goal: 600e3},
		{name: "mix_query_p99", what: "those queries: progress and usage in turn", unit: "ms", less: true},
	}},
	{name: "ingest_line_100", measure: ingestLine100, limit: ingestLimit, rows: []row{
		{name: "ingest_line_100", what: "in order, 100 readings a message", unit: rate, first: 1e6, goal: 2e6},
	}},
	{name: "million_meters", measure: millionMeters, limit: ingestLimit, rows: []row{
		{name: "million_meters", what: "in order with a million meters", unit: rate, first: 400e3, goal: 1e6},
		{name: "million_memory", what: "peak memory of it: import, opening and ingest, broker included", unit: "GiB", less: true, first: 4, goal: 1.5},
		{name: "million_import", what: "registry import of a million meters", unit: "s", less: true},
	}},
	{name: "visible", measure: visible, limit: ingestLimit, rows: []row{
		{name: "visible_p99", what: "acknowledged push to visible in a query, at 50 k/s", unit: "ms", less: true, first: 3000, goal: 1000},
	}},
	{name: "disk", measure: disk, limit: ingestLimit, rows: []row{
		{name: "disk_in_order", what: "disk per reading after settling, hourly, ledger included", unit: "B", less: true, first: 12, goal: 5},
		{name: "disk_mix", what: "the same after the real mix", unit: "B", less: true, first: 12, goal: 5},
	}},
	{name: "province", measure: province, once: true, limit: func(s *sizes) time.Duration { return perSecond(s.Institutions*72*6, slowest) }, rows: []row{
		{name: "progress_province", what: "province progress, uncached, p99", unit: "ms", less: true, first: 200, goal: 20},
		{name: "breakdown_institutions", what: "breakdown to institutions, p99", unit: "ms", less: true, first: 500, goal: 200},
		{name: "progress_known_at", what: "progress as known at a moment, registry of then included, p99", unit: "ms", less: true, first: 10_000, goal: 5_000},
	}},
	{name: "promql_province", measure: provincePanels, once: true, limit: func(s *sizes) time.Duration { return perSecond(s.Institutions*72*6, slowest) }, rows: []row{
		{name: "promql_city_carbon", what: "PromQL: monthly carbon of six years by city, p99", unit: "ms", less: true, first: 300},
	}},
	{name: "loaded", measure: loaded, once: true, limit: loadedLimit, rows: []row{
		{name: "late_correction", what: "correction of a month ago to month, year and parents, ingest running, p99", unit: "ms", less: true, first: 5000, goal: 1000},
		{name: "promql_building_year", what: "PromQL: a year of one building by days at 1,000 points, p99", unit: "ms", less: true, first: 100},
		{name: "promql_building_hours", what: "the same by hours", unit: "ms", less: true, first: 100},
		{name: "promql_building_power", what: "the same as power from the quarter-hour counter", unit: "ms", less: true, first: 100},
	}},
	{name: "caltrack_daily", measure: caltrackDaily, limit: ingestLimit, rows: []row{
		{name: "caltrack_daily", what: "CalTRACK daily fit of a meter-year with metrics", unit: "ms", less: true, first: 1, goal: 0.1},
	}},
	{name: "caltrack_billing", measure: caltrackBilling, limit: ingestLimit, rows: []row{
		{name: "caltrack_billing", what: "CalTRACK billing fit of twelve bills with metrics", unit: "ms", less: true, first: 1},
	}},
	{name: "towt_hourly", measure: towtHourly, limit: ingestLimit, rows: []row{
		{name: "towt_hourly", what: "time-of-week-and-temperature fit of a year of hours", unit: "ms", less: true, first: 15},
	}},
	{name: "caltrack_portfolio", measure: caltrackPortfolio, limit: ingestLimit, rows: []row{
		{name: "caltrack_portfolio", what: "CalTRACK daily fits of 10,000 meters, all cores", unit: "s", less: true, first: 4, goal: 2},
	}},
}

// findGroup finds a group by its name or by that of one of its rows.
func findGroup(name string) (*group, error) {
	var names []string
	for i := range groups {
		g := &groups[i]
		if g.name == name {
			return g, nil
		}
		for _, r := range g.rows {
			if r.name == name {
				return g, nil
			}
			names = append(names, r.name)
		}
	}
	return nil, fmt.Errorf("no row %q: want one of %s", name, strings.Join(names, ", "))
}

// choose gives the groups that are asked for; "" means all.
func choose(name string) ([]*group, error) {
	var all []*group
	if name != "" {
		g, err := findGroup(name)
		return append(all, g), err
	}
	for i := range groups {
		all = append(all, &groups[i])
	}
	return all, nil
}
