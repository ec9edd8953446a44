package paper

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"jouleline/analytics/progress"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/frozen"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// ReportCause is something that changed since a report, beside the books.
type ReportCause struct {
	Cause   string      `json:"cause" enum:"program,factors,plan,registry,time" example:"registry"`
	Text    string      `json:"text" doc:"What changed, in words" example:"floor_area.csv: 1 row taken out, 1 put in"`
	Table   string      `json:"table,omitempty" doc:"Table of the registry" example:"floor_area.csv"`
	Columns []string    `json:"columns,omitempty" nullable:"false"`
	Rows    []ReportRow `json:"rows,omitempty" nullable:"false" doc:"Rows that concern the scope; one that changed is taken out and put in"`
	More    int         `json:"more,omitempty" doc:"Rows beyond those that are listed"`
}

// ReportRow is a row of the registry that was taken out or put in.
type ReportRow struct {
	Change string   `json:"change" enum:"out,in" example:"in"`
	Cells  []string `json:"cells" example:"[\"S1-B1\",\"2023-07-01\",\"12000\"]"`
}

// causes finds what changed since a report.
type causes struct {
	s      *Handlers
	was    *ReportAnswer
	report *frozen.Report
	query  *progress.Query
	now    schema.Instant
	limit  int

	then, present *world.World
	tables        []frozen.TableChange
	// members are the institutions of the scope, then or now.
	members map[string]bool
}

// find fills in the causes of a diff.
func (c *causes) find(ctx context.Context, a *ReportDiffAnswer) (err error) {
	a.Causes, a.Meters, a.Sums = []ReportCause{}, []ReportMeter{}, []ReportCarrier{}
	if c.then, err = c.s.World(ctx, c.report.KnownAt); err != nil {
		return err
	}
	if c.present, err = c.s.World(ctx, 0); err != nil {
		return err
	}
	if c.tables, err = frozen.Tables(c.then.Registry, c.present.Registry); err != nil {
		return err
	}
	if err := c.gather(); err != nil {
		return err
	}
	a.Causes = append(a.Causes, c.versions()...)
	for i := range c.tables {
		if cause := c.table(&c.tables[i]); cause != nil {
			a.Causes = append(a.Causes, *cause)
		}
	}
	if _, ended := sidesAt(c.query, c.present, c.report.Created); !ended {
		a.Causes = append(a.Causes, ReportCause{
			Cause: causeTime, Text: fmt.Sprintf("the year %d had not ended on %s", c.was.Question.Year, c.present.Calendar().DayOf(c.report.Created)),
		})
	}
	return c.books(ctx, a)
}

// versions compares program, factor set and plan.
func (c *causes) versions() []ReportCause {
	var list []ReportCause
	before, now := &c.was.Versions, c.s.versions(c.query, 0)
	say := func(cause, what, before, now string) {
		if before != now {
			list = append(list, ReportCause{Cause: cause, Text: fmt.Sprintf("%s: %s then, %s now", what, before, now)})
		}
	}
	say(causeProgram, "program", before.Program, now.Program)
	say(causeFactors, "factor set "+now.FactorSet, "version "+before.FactorVersion, "version "+now.FactorVersion)
	if !reflect.DeepEqual(before.Plan, now.Plan) {
		list = append(list, ReportCause{Cause: causePlan, Text: fmt.Sprintf("plan %s: %v then, %v now", now.Plan.Name, before.Plan, now.Plan)})
	}
	return list
}

// gather finds the institutions of the scope, then and now.
func (c *causes) gather() error {
	c.members = map[string]bool{}
	about, err := c.was.Question.subject()
	if err != nil {
		return err
	}
	days, _ := sidesAt(c.query, c.present, c.report.Created)
	for _, w := range []*world.World{c.then, c.present} {
		for _, d := range days {
			g, err := w.Group(about, d.To-1, c.query.Factors)
			if err != nil {
				continue // the scope is not known to this version
			}
			for i, place := range g.Place {
				if place >= 0 {
					c.members[w.InstitutionIDs[i]] = true
				}
			}
		}
	}
	return nil
}

// table lists the changed rows of a table that concern the scope; nil where none
// does.
func (c *causes) table(t *frozen.TableChange) *ReportCause {
	cause := &ReportCause{Cause: causeRegistry, Table: t.File, Columns: t.Columns}
	counts := [2]int{}
	for i, side := range []struct {
		change string
		rows   [][]string
		w      *world.World
	}{{"out", t.Removed, c.then}, {"in", t.Added, c.present}} {
		for _, row := range side.rows {
			if !c.concerns(t, row, side.w) {
				continue
			}
			counts[i]++
			if len(cause.Rows) < c.limit {
				cause.Rows = append(cause.Rows, ReportRow{side.change, row})
			} else {
				cause.More++
			}
		}
	}
	if counts[0]+counts[1] == 0 {
		return nil
	}
	cause.Text = fmt.Sprintf("%s: %d rows taken out, %d put in", t.File, counts[0], counts[1])
	return cause
}

// concerns tells whether a row speaks of an institution of the scope, or of
// something that may hold one.
func (c *causes) concerns(t *frozen.TableChange, row []string, w *world.World) bool {
	switch t.File {
	case registry.InstitutionsFile:
		return c.members[t.Cell(row, "id")]
	case registry.BuildingsFile, registry.HeadcountFile:
		return c.members[t.Cell(row, "institution")]
	case registry.FloorAreaFile, registry.MetersFile:
		return c.hasBuilding(w, t.Cell(row, "building"))
	case registry.EventsFile, registry.LearnedFile, registry.ProfilesFile:
		return c.hasMeter(w, t.Cell(row, "meter"))
	case registry.SharesFile:
		return c.hasMeter(w, t.Cell(row, "meter")) || c.members[t.Cell(row, "target")] || c.hasBuilding(w, t.Cell(row, "target"))
	case registry.DeclaredFile, registry.BaselinesFile, registry.AdjustmentsFile:
		if t.Cell(row, "scope") == string(schema.ScopeInstitution) {
			return c.members[t.Cell(row, "id")]
		}
		return t.Cell(row, "id") == c.was.Question.Region
	}
	return true
}

func (c *causes) hasBuilding(w *world.World, building string) bool {
	b, ok := w.Building(building)
	return ok && c.members[b.Institution]
}

// hasMeter tells whether a meter counts to an institution of the scope.
func (c *causes) hasMeter(w *world.World, meter string) bool {
	for _, m := range w.MeterVersions(meter) {
		for _, claim := range w.Claims(&m) {
			if c.members[claim.Institution] {
				return true
			}
		}
	}
	return false
}

// meterChanged tells whether a table has changed rows of a meter.
func (c *causes) meterChanged(file, column, meter string) bool {
	for i := range c.tables {
		t := &c.tables[i]
		if t.File != file {
			continue
		}
		speaks := func(row []string) bool { return t.Cell(row, column) == meter }
		return slices.ContainsFunc(t.Added, speaks) || slices.ContainsFunc(t.Removed, speaks)
	}
	return false
}

// stampOf gives an instant in the deployment's calendar.
func (c *causes) stampOf(t schema.Instant) time.Time { return query.Local(c.present.Calendar(), t) }
