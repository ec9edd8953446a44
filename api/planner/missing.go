package planner

import (
	"jouleline/analytics/progress"
	"jouleline/api/peer"
)

func withholdProgress(a *progress.Answer, gap *peer.Gap) {
	a.MissingPartitions = gap.Partitions()
	withholdIndicators(a.Indicators, a.Caps, a.MissingPartitions)
	if a.Corrections != nil {
		a.Corrections.Others = nil // the same indicators under other choices
	}
	if c := a.Changes; c != nil { // who came and went is known, what that did is not
		c.Institutions = []progress.Change{}
		for i, e := range c.Effects {
			c.Effects[i] = progress.ChangeEffect{Indicator: e.Indicator, Unit: e.Unit, Reason: "the books of " + peer.Name(a.MissingPartitions) + " cannot be asked now"}
		}
	}
}

// withholdBreakdown keeps the rows of institutions that lack nothing. A group may
// hold one that does.
func withholdBreakdown(a *progress.Parts, gap *peer.Gap) {
	a.MissingPartitions = gap.Partitions()
	withholdIndicators(a.Total.Indicators, a.Total.Caps, a.MissingPartitions)
	if a.Corrections != nil {
		a.Corrections.Others = nil
	}
	for i := range a.Rows {
		if r := &a.Rows[i]; r.Scope.Institution == "" || gap.Touches(r.Scope.Institution) {
			withholdIndicators(r.Indicators, r.Caps, a.MissingPartitions)
		}
	}
}

// withholdIndicators says that too little is known. Coverage stays: meters of the
// missing partitions count as unknown in it.
func withholdIndicators(indicators []progress.Indicator, caps []progress.Cap, missing []int) {
	reason := "the books of " + peer.Name(missing) + " cannot be asked now"
	for i := range indicators {
		x := &indicators[i]
		indicators[i] = progress.Indicator{
			Indicator: x.Indicator, Unit: x.Unit, State: progress.NotEnoughData, Reason: reason,
			TargetPct: x.TargetPct, TargetOf: x.TargetOf, PacePct: x.PacePct, Coverage: x.Coverage,
		}
	}
	for i := range caps {
		x := &caps[i]
		caps[i] = progress.Cap{Total: x.Total, Unit: x.Unit, Cap: x.Cap, CapOf: x.CapOf, State: x.State}
		if x.State != progress.NoCap {
			caps[i].State, caps[i].Reason = progress.NotEnoughData, reason
		}
	}
}

func withholdIndicatorsAnswer(a *IndicatorsAnswer, gap *peer.Gap) {
	a.MissingPartitions = gap.Partitions()
	for i := range a.Points {
		p := &a.Points[i]
		p.Value, p.EstimatedShare = nil, nil
	}
}
