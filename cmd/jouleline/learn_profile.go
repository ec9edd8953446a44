package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jouleline/analytics/learn"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// profileLesson is what came of a meter's profile. The errors are shares of the
// energy of known gaps.
type profileLesson struct {
	Meter       string          `json:"meter"`
	Weeks       int             `json:"weeks"`
	Hours       int             `json:"hours"` // measured
	Coverage    float64         `json:"coverage"`
	Error       float64         `json:"error"`
	ErrorLinear float64         `json:"error_linear"`
	Verdict     string          `json:"verdict"`
	Weights     *lessonWeights  `json:"weights,omitempty"`
	learned     *schema.Profile // nil: none
}

// lessonWeights are the weights of the hours from 0 to 23.
type lessonWeights struct {
	Workday []schema.Quantity `json:"workday"`
	Weekend []schema.Quantity `json:"weekend"`
}

// profiles learns the profiles of meters, and unless told otherwise enters them.
func (l *learning) profiles(ctx context.Context, world *registry.Registry) ([]profileLesson, error) {
	meters, err := l.pupils(world, func(id string) bool { return l.shown(world, id) != nil })
	if err != nil {
		return nil, err
	}
	lessons := make([]profileLesson, len(meters))
	for i, id := range meters {
		if lessons[i], err = l.studyProfile(ctx, world, id); err != nil {
			return nil, fmt.Errorf("meter %s: %w", id, err)
		}
	}
	if !l.DryRun {
		if err := l.enterProfiles(ctx, lessons); err != nil {
			return nil, fmt.Errorf("enter the profiles: %w", err)
		}
	}
	return lessons, nil
}

// shown gives the first version of a meter whose gaps a profile would fill: one with
// registers that is valid on the valid-from day or later. nil where there is none.
func (l *learning) shown(world *registry.Registry, id string) *schema.Meter {
	versions := world.MeterVersions(id)
	for i := range versions {
		if m := &versions[i]; m.Kind == schema.Register && m.Formula == "" && m.To > l.validFrom {
			return m
		}
	}
	return nil
}

// studyProfile learns of one meter.
func (l *learning) studyProfile(ctx context.Context, world *registry.Registry, id string) (profileLesson, error) {
	done := profileLesson{Meter: id}
	m := l.shown(world, id)
	if m == nil {
		done.Verdict = "refused: no version from " + l.validFrom.String() + " on has registers, and only their gaps are filled"
		return done, nil
	}
	if i := l.standingProfile(world, id); i >= 0 {
		done.Verdict = fmt.Sprintf("kept: version %s holds from %s already", world.Profiles[i].Version, world.Profiles[i].From)
		return done, nil
	}
	if m.Interval > schema.Hour {
		done.Verdict = "refused: it is read more rarely than hourly"
		return done, nil
	}
	list, stretch, err := l.measured(ctx, id)
	if err != nil {
		return done, err
	}
	learned, err := learn.Profile(wholeHours(list), stretch, l.shape)
	done.Weeks, done.Hours, done.Coverage, done.Error, done.ErrorLinear = learned.Weeks, learned.Hours, learned.Coverage, learned.Error, learned.ErrorLinear
	if err != nil {
		done.Verdict = "refused: " + err.Error()
		return done, nil
	}
	done.Verdict = "learned"
	done.Weights = &lessonWeights{Workday: learned.Weights[schema.Workday][:], Weekend: learned.Weights[schema.Weekend][:]}
	done.learned = &schema.Profile{
		Meter: id, From: l.validFrom, Weights: learned.Weights, Author: l.Author,
		Reason: fmt.Sprintf("%s (learned from %d measured hours of %s to %s; known gaps have %.1f %% of their energy in a wrong hour, by a line %.1f %%)",
			l.Reason, learned.Hours, l.stretch.From, l.stretch.To, 100*learned.Error, 100*learned.ErrorLinear),
	}
	return done, nil
}

// standingProfile finds the profile that a meter has from the valid-from day, -1
// where it has none.
func (l *learning) standingProfile(world *registry.Registry, id string) int {
	return slices.IndexFunc(world.Profiles, func(p schema.Profile) bool { return p.Meter == id && p.From == l.validFrom })
}

// enterProfiles puts what was learned beside the profiles that stand by now.
func (l *learning) enterProfiles(ctx context.Context, lessons []profileLesson) error {
	world, err := l.metersKnown(ctx) // learning takes a while: others may have learned too
	if err != nil {
		return err
	}
	var added []schema.Profile
	for i := range lessons {
		done := &lessons[i]
		if done.learned == nil {
			continue
		}
		if l.standingProfile(world, done.Meter) >= 0 {
			done.Verdict = "kept: another one was learned meanwhile"
			continue
		}
		p := *done.learned
		p.Version = nextVersion(world.ProfilesOf(done.Meter), func(p *schema.Profile) string { return p.Version })
		added = append(added, p)
	}
	if len(added) == 0 {
		return nil
	}
	world.Profiles = append(world.Profiles, added...)
	slices.SortFunc(world.Profiles, func(a, b schema.Profile) int {
		return cmp.Or(strings.Compare(a.Meter, b.Meter), cmp.Compare(a.From, b.From))
	})
	return l.put(ctx, world, registry.ProfilesFile)
}

// profileRows has a heading and a row a meter; shares are in percent.
func profileRows(lessons []profileLesson) [][]string {
	rows := [][]string{{"meter", "weeks", "hours", "coverage", "error_pct", "error_linear_pct", "verdict"}}
	for _, done := range lessons {
		percent := func(share float64) string {
			if done.Error == 0 && done.ErrorLinear == 0 {
				return "" // not tried
			}
			return strconv.FormatFloat(100*share, 'f', 1, 64)
		}
		rows = append(rows, []string{
			done.Meter, strconv.Itoa(done.Weeks), strconv.Itoa(done.Hours), strconv.FormatFloat(done.Coverage, 'f', 3, 64),
			percent(done.Error), percent(done.ErrorLinear), done.Verdict,
		})
	}
	return rows
}
