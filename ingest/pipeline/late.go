package pipeline

import (
	"context"
	"sort"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// job is the late work on one meter.
type job struct {
	meter int32
	late  []books.Point
	// fresh are the readings that the present batch judged quickly: they count
	// as stored, but the store does not have them yet.
	fresh       []books.Point
	first, last schema.Instant // of the late readings
	from, to    schema.Instant // of the window that was asked for
}

// reach is how far a window first goes beyond the late readings, in intervals of
// the meter, and grow by how much more it goes each time that was too short.
const (
	reach = 4
	grow  = 16
)

// bookLate books the late readings of a batch set-wise: the neighbours of all of
// them are looked up together, and once more, further, for those few that need
// it (rule 10).
func (p *Pipeline) bookLate(ctx context.Context, b *batch) error {
	jobs := p.jobs(b)
	b.stats.Late = len(b.late)
	for times := int64(reach); len(jobs) > 0; times *= grow {
		var stretches []posting.Stretch
		for i := range jobs {
			p.stretch(&jobs[i], times)
			if !p.heads.list[jobs[i].meter].isNew() {
				stretches = append(stretches, posting.Stretch{Meter: jobs[i].meter, From: jobs[i].from, To: jobs[i].to})
			}
		}
		stored, err := p.sink.Points(ctx, stretches, 0)
		if err != nil {
			return err
		}
		var again []job
		for i := range jobs {
			j := &jobs[i]
			if !p.rebook(b, j, posting.PointsOf(stored, j.meter)) {
				again = append(again, *j)
			}
		}
		jobs = again
	}
	b.Readings = append(b.Readings, b.late...)
	return nil
}

// jobs groups the late readings of a batch by meter.
func (p *Pipeline) jobs(b *batch) []job {
	if len(b.late) == 0 {
		return nil
	}
	at := map[int32]int{}
	var jobs []job
	for i := range b.late {
		r := &b.late[i]
		n, ok := at[r.Meter]
		if !ok {
			n = len(jobs)
			at[r.Meter] = n
			jobs = append(jobs, job{meter: r.Meter, first: r.Time, last: r.Time})
		}
		j := &jobs[n]
		j.late = append(j.late, r.Point)
		j.first, j.last = min(j.first, r.Time), max(j.last, r.Time)
	}
	for i := range b.Readings {
		if r := &b.Readings[i]; p.heads.list[r.Meter].lateIn == p.batchNumber {
			j := &jobs[at[r.Meter]]
			j.fresh = append(j.fresh, r.Point)
		}
	}
	return jobs
}

// stretch chooses the window that is asked for.
func (p *Pipeline) stretch(j *job, times int64) {
	h := &p.heads.list[j.meter]
	interval := schema.Hour
	if era := p.world.facts[j.meter].EraAt(j.last); era != nil && era.Interval > 0 {
		interval = era.Interval
	}
	span := schema.Instant(min(times*interval, int64(schema.MaxInstant)))
	j.from, j.to = min(j.first, max(h.seen, 0))-span, j.last+span
	if j.to >= h.seen {
		j.to = schema.MaxInstant
	}
	if j.from <= h.first {
		j.from = schema.MinInstant
	}
}

// rebook books a job in its window. It is false where the window is too short.
func (p *Pipeline) rebook(b *batch, j *job, stored []books.Point) bool {
	facts := p.world.facts[j.meter]
	points := stored
	for _, f := range j.fresh {
		if f.Time >= j.from && f.Time <= j.to { // the window holds all up to its end, and nothing beyond
			points = append(points, f)
		}
	}
	books.Sort(points)
	w := books.Window{Points: points, Until: j.to}
	if j.to < schema.MaxInstant {
		if len(points) == 0 || points[len(points)-1].Time <= j.last {
			return false
		}
		w.Until = points[len(points)-1].Time
	}
	if at, ok := p.anchor(j, points); ok {
		w.Points, w.Anchored = points[at:], true
	} else if j.from > schema.MinInstant {
		return false
	}
	change := books.Rebook(facts, w, j.late)
	if !change.Converged {
		return false
	}
	p.apply(b, j, facts, change)
	return true
}

// anchor finds the reading that the window may begin with: plainly accepted,
// with enough plainly accepted ones between it and the first late reading.
func (p *Pipeline) anchor(j *job, points []books.Point) (at int, ok bool) {
	end := sort.Search(len(points), func(i int) bool { return points[i].Time >= j.first })
	found := 0
	for i := end - 1; i >= 0; i-- {
		first := i
		for first > 0 && points[first-1].Time == points[i].Time {
			first--
		}
		// Several readings of one time that are not versions of each other make
		// no anchor; versions do, where the winner is no tombstone.
		if winners := books.Resolve(points[first : i+1]); len(winners) == 1 && p.heads.isPlain(j.meter, winners[0].Time) {
			if found++; found == books.Anchors {
				return first, true
			}
		}
		i = first
	}
	return 0, false
}

// apply writes what a change books and keeps the state behind it.
func (p *Pipeline) apply(b *batch, j *job, facts *books.Meter, change books.Change) {
	for _, e := range change.Entries {
		b.Entries = append(b.Entries, posting.Entry{Meter: j.meter, Account: p.world.Account(j.meter, e.Day), Entry: e})
	}
	for _, c := range change.Codes {
		p.heads.note(j.meter, c)
		b.Codes = append(b.Codes, posting.Code{Meter: j.meter, CodeChange: c})
	}
	h := &p.heads.list[j.meter]
	h.first, h.seen = min(h.first, j.first), max(h.seen, j.last)
	if j.to == schema.MaxInstant {
		p.heads.settle(j.meter, facts, change.End)
	}
}
