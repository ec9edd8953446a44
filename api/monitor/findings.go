package monitor

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jouleline/analytics/anomaly"
	"jouleline/schema"
)

// discover drops unusual hours that chance may explain, by all meters together.
func (f *search) discover() error {
	meters := map[string]int{}
	var tests []anomaly.Test
	for i := range f.found {
		if a := &f.found[i]; a.P != nil {
			if _, ok := meters[a.Meter]; !ok {
				meters[a.Meter] = len(meters)
			}
			tests = append(tests, anomaly.Test{Meter: meters[a.Meter], Day: int(schema.DayOf(a.From.Date())), P: *a.P})
		}
	}
	kept, err := anomaly.Discover(tests, f.searched, anomaly.FalseDiscoveryRate)
	if err != nil {
		return fmt.Errorf("findings over %d meters: %w", f.searched, err)
	}
	f.chance = ChanceFindings{Rate: anomaly.FalseDiscoveryRate, Tested: len(tests)}
	left, next := f.found[:0], 0
	for _, a := range f.found {
		if a.P != nil {
			next++
			if !kept[next-1] {
				continue
			}
			f.chance.Kept++
		}
		left = append(left, a)
	}
	f.found = left
	return nil
}

// mute puts the mutes that are in force beside their findings.
func (f *search) mute(ctx context.Context) error {
	if f.s.Mutes == nil || len(f.found) == 0 {
		return nil
	}
	mutes, err := f.s.Mutes.Mutes(ctx)
	if err != nil {
		return err
	}
	for i := range mutes {
		if !mutes[i].InForce(f.s.Now()) {
			continue
		}
		for k := range f.found {
			if a := &f.found[k]; a.Muted == nil && a.Meter == mutes[i].Meter && string(a.Cause) == mutes[i].Cause {
				m := muteAnswer(&mutes[i], f.zone.Location())
				a.Muted = &m
			}
		}
	}
	return nil
}

func isMuted(a *Anomaly) int {
	if a.Muted != nil {
		return 1
	}
	return 0
}

// Severities are in order, the least first.
var Severities = []string{anomaly.Info.String(), anomaly.Warning.String(), anomaly.Alarm.String()}

// worst gives the findings of a severity and above, the most severe first, of
// these the latest.
func (f *search) worst(least string, most int) (worst []Anomaly, more bool) {
	rank := func(a *Anomaly) int { return slices.Index(Severities, a.Severity) }
	worst = []Anomaly{}
	for i := range f.found {
		if rank(&f.found[i]) >= slices.Index(Severities, least) {
			worst = append(worst, f.found[i])
		}
	}
	slices.SortStableFunc(worst, func(a, b Anomaly) int {
		return cmp.Or(cmp.Compare(isMuted(&a), isMuted(&b)), cmp.Compare(rank(&b), rank(&a)), b.To.Compare(a.To), b.From.Compare(a.From), cmp.Compare(a.Meter, b.Meter))
	})
	if more = len(worst) > most; more {
		worst = worst[:most]
	}
	return worst, more
}
