// Package vee computes the rules that only flag: what looks wrong in a judged
// series although every reading of it can be booked.
//
// It answers where a meter was stuck, showed nothing for longer than its carrier
// makes likely, or sent amounts that do not sum to its register ([Flags]). It
// refuses to change anything: readings, verdicts and books stay as they are. The
// list of all rules stands in schema.
package vee

import (
	"cmp"
	"fmt"
	"slices"

	"jouleline/metrics/books"
	"jouleline/schema"
)

// Flag marks the stretch [From, To] of a meter.
type Flag struct {
	Rule     schema.RuleCode
	From, To schema.Instant
	// Detail says what was seen.
	Detail string
}

// Series is a judged series: the readings that count, sorted, what judging said
// of each, and the spans that were booked, sorted.
type Series struct {
	Facts   *books.Meter
	Winners []books.Point
	Codes   []schema.Code
	Spans   []books.Span
}

// Margin is how far before and after a stretch the series must reach so that no
// flag in the stretch is missed, in milliseconds.
func Margin(c schema.Carrier) int64 { return max(schema.ZeroRunLeast(c), schema.Hour) }

// Flags gives the flags of a series, sorted by time and rule.
func Flags(s *Series) []Flag {
	flags := slices.Concat(s.zeroRuns(), s.stuck(), s.sums())
	slices.SortFunc(flags, func(a, b Flag) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Rule, b.Rule))
	})
	return flags
}

// zeroRuns finds neighbouring spans of nothing that together are as long as the
// carrier's rule says. An estimated span is a gap, and proves no zeros.
func (s *Series) zeroRuns() (flags []Flag) {
	for i := 0; i < len(s.Spans); {
		from, end := s.Spans[i].From, i
		for end < len(s.Spans) && s.Spans[end].Quantity == 0 && !s.Spans[end].Estimated && (end == i || s.Spans[end].From == s.Spans[end-1].To) {
			end++
		}
		if end == i {
			i++
			continue
		}
		to := s.Spans[end-1].To
		if era := s.Facts.EraAt(to); era != nil {
			if least := schema.ZeroRunLeast(era.Carrier); least > 0 && to.Sub(from) >= least {
				flags = append(flags, Flag{schema.RuleZeroRun, from, to, fmt.Sprintf("nothing used for %d hours", to.Sub(from)/schema.Hour)})
			}
		}
		i = end
	}
	return flags
}

// isBooked tells that a reading is part of the books.
func isBooked(code schema.Code) bool { return code == schema.Accepted || code == schema.Settled }

// stuck finds equal amounts or rates in a row. A register that repeats itself
// shows zeros, not a stuck value.
func (s *Series) stuck() (flags []Flag) {
	var run []*books.Point
	closeRun := func() {
		if len(run) >= schema.StuckRun {
			first, last := run[0], run[len(run)-1]
			from := first.Time
			if first.Kind.HasStart() {
				from = first.Start
			}
			flags = append(flags, Flag{schema.RuleStuck, from, last.Time, fmt.Sprintf("%s %s, %d times in a row", last.Value, last.Unit, len(run))})
		}
		run = run[:0]
	}
	for i := range s.Winners {
		p := &s.Winners[i]
		era := s.Facts.EraAt(p.Time)
		if era == nil || p.Kind != era.Kind || p.Kind == schema.Register || p.Kind == schema.Bill || !isBooked(s.Codes[i]) {
			continue
		}
		if len(run) > 0 {
			last := run[len(run)-1]
			isGap := era.GapLimit > 0 && p.Time.Sub(last.Time) > era.GapLimit
			if isGap || p.Value != last.Value || p.Unit != last.Unit || p.Original != last.Original {
				closeRun()
			}
		}
		if p.Value != 0 {
			run = append(run, p)
		}
	}
	closeRun()
	return flags
}
