package api

import (
	"context"

	"jouleline/analytics/progress"
	"jouleline/api/peer"
)

// tolerant lets a question be answered although the instance of some partitions
// cannot be asked: withhold takes every number out of the answer that is smaller
// for it, and names the partitions. Questions that are not tolerant fail then.
func tolerant[I, B any](handle func(context.Context, *I) (*B, error), withhold func(*B, *peer.Gap)) func(context.Context, *I) (*B, error) {
	return func(ctx context.Context, in *I) (*B, error) {
		ctx, gap := peer.Tolerate(ctx)
		a, err := handle(ctx, in)
		if err == nil && len(gap.Partitions()) > 0 {
			withhold(a, gap)
		}
		return a, err
	}
}

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

func withholdConsumption(a *ConsumptionAnswer, gap *peer.Gap) {
	a.MissingPartitions = gap.Partitions()
	for i := range a.Points {
		p := &a.Points[i]
		p.Quantity, p.EnergyKGCE, p.CarbonKG, p.EstimatedShare = nil, nil, nil, nil
		if p.Residual != nil {
			p.Residual.Parts, p.Residual.Quantity = nil, nil
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

// withholdQuality keeps what is said of meters, and of institutions that lack
// nothing: meters that could not be asked show as unknown by themselves.
func withholdQuality(a *QualityAnswer, gap *peer.Gap) {
	a.MissingPartitions = gap.Partitions()
	a.Parked, a.Rejected = nil, nil
	a.Freshness, a.NotPlain = nil, nil // meters that could not be asked would look silent
	for i := range a.Carriers {
		t := &a.Carriers[i]
		t.Quantity, t.EstimatedShare = nil, nil
	}
	for i := range a.Worst {
		p := &a.Worst[i]
		if p.Institution != "" && gap.Touches(p.Institution) {
			p.Quantity, p.EstimatedShare = nil, nil
		}
	}
}
