package books

import (
	"slices"

	"jouleline/schema"
)

// wait keeps an implausible reading pending, and settles what is pending once
// the run at its end tells what happened.
func (j *judge) wait(i int, m Mark) {
	j.out.Codes[i] = schema.Pending
	j.pending = append(j.pending, i)
	j.extend(m)
	if j.Pending.Run == 1 {
		j.run = j.run[:0]
	}
	j.run = append(j.run, mark{m, i})
	switch {
	case j.headWasSpike():
		j.replaceHead()
	case j.beganAnew():
		j.restart()
	}
}

// extend adds a mark to the run of pending marks, or begins a new run with it.
func (j *judge) extend(m Mark) {
	p := &j.Pending
	p.Count++
	switch {
	case p.Run == 0 || !j.follows(p.Last, m):
		p.First, p.Run, p.Rises = m, 1, 0
	default:
		p.Run++
		if m.Raw > p.Last.Raw {
			p.Rises++
		}
	}
	p.Last = m
}

// beganAnew tells that the run is long and moving enough to be a new course.
func (j *judge) beganAnew() bool {
	return j.Pending.Run >= Settles && j.Pending.Rises >= SettlesRises
}

// follows is the plain case of after: no rollover, no multiplier change.
func (j *judge) follows(a, b Mark) bool {
	slack := j.own(j.scale()).slack
	return j.inRange(b) && b.Amount >= a.Amount && b.Time > a.Time &&
		j.era.Plausible(b.Amount-a.Amount, b.Time.Sub(a.Time), slack)
}

// headWasSpike tells that the run follows the reading before the head and
// rises: then the head, not the run, was wrong.
func (j *judge) headWasSpike() bool {
	return j.HasPrevious && j.Rescale == nil && j.Pending.Run >= 2 && j.Pending.Rises >= 1 &&
		j.Pending.First.Raw < j.Head.Raw && j.follows(j.Previous, j.Pending.First)
}

// replaceHead takes the span to the head back and books the run in its place.
func (j *judge) replaceHead() {
	if last := len(j.out.Spans) - 1; last >= 0 && j.out.Spans[last].To == j.Head.Time {
		j.out.Spans = j.out.Spans[:last]
	}
	for i := range j.points { // the head's own point
		if p := &j.points[i]; p.Time == j.Head.Time && j.out.Codes[i] == schema.Accepted {
			j.out.Codes[i] = schema.Spike
		}
	}
	j.Head, j.HasPrevious = j.Previous, false
	j.follow(schema.Spike, schema.Fall)
}

// restart opens a new course with the run: what passed between the head and the
// run is not known, and stays missing.
func (j *judge) restart() {
	code := schema.UnexplainedFall
	if j.HasHead && j.run[0].Raw > j.Head.Raw {
		code = schema.UnexplainedRise
	}
	first := j.run[0]
	run := j.run
	if at := j.wrongClock(first); at >= 0 {
		j.out.Codes[at], code = schema.Spike, schema.Settled
	}
	j.setAside(first.point, schema.Spike, schema.Fall)
	j.out.Codes[first.point] = code
	j.Multiplier = j.scale()
	j.Head, j.HasHead, j.HasPrevious, j.Rescale, j.Rollover, j.caused = first.Mark, true, false, nil, false, Measured
	j.lone = false
	j.bookRun(run[1:])
}

// wrongClock gives the head's point where it alone stands before a run that
// contradicts it, and came after the run did: then its clock had jumped back, and
// no register fell. -1 where that is not so.
func (j *judge) wrongClock(first mark) int {
	if !j.HasHead || !j.lone {
		return -1
	}
	at := slices.IndexFunc(j.points, func(p Point) bool { return p.Time == j.Head.Time })
	if at < 0 || j.points[at].Received <= j.points[first.point].Received || j.out.Codes[at] != schema.Accepted {
		return -1
	}
	return at
}

// follow books the whole run behind the head.
func (j *judge) follow(high, low schema.Code) {
	run := j.run
	j.setAside(run[0].point, high, low)
	j.bookRun(run)
}

// bookRun books marks that are plausible after each other.
func (j *judge) bookRun(run []mark) {
	for _, m := range run {
		j.out.Codes[m.point] = schema.Settled
		j.emit(j.Head.Time, m.Time, m.Amount-j.Head.Amount, false, Measured)
		j.accept(m.Mark)
	}
	j.run = nil
	j.drop()
	j.HasPrevious = false
}

// settle ends the wait of every pending reading: a later one was plausible.
func (j *judge) settle(high, low schema.Code) {
	if j.Pending.Count == 0 {
		return
	}
	j.setAside(-1, high, low)
	j.drop()
}

// setAside names what the pending readings before a point were.
func (j *judge) setAside(before int, high, low schema.Code) {
	for _, i := range j.pending {
		if before >= 0 && i >= before {
			break
		}
		m, ok := j.markOf(&j.points[i], j.scale())
		if ok && j.HasHead && m.Raw < j.Head.Raw {
			j.out.Codes[i] = low
		} else {
			j.out.Codes[i] = high
		}
	}
}
