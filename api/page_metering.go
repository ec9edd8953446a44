package api

import (
	"context"
	"fmt"

	"jouleline/api/ledger"
	"jouleline/api/monitor"
	site "jouleline/api/page"
	"jouleline/api/query"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// Course answers as the API does.
func (p pageAnswers) Course(ctx context.Context, about site.Subject, q site.CourseQuery) (*site.Course, error) {
	a, err := p.s.ledger.Consumption(ctx, &ledger.ConsumptionInput{
		SubjectParams: paramsOf(about), Carrier: q.Carrier.String(), StretchParams: stretchOf(q.Stretch), Step: q.Step.String(),
	})
	if err != nil {
		return nil, err
	}
	c := &site.Course{Unit: a.Unit, Points: make([]site.Point, len(a.Points))}
	for i := range a.Points {
		x := &a.Points[i]
		c.Points[i] = site.Point{
			Start: x.Start, End: x.End, Quantity: floatOf(x.Quantity), EnergyKGCE: x.EnergyKGCE, Coverage: x.Coverage, EstimatedShare: x.EstimatedShare,
		}
	}
	return c, nil
}

// floatOf gives the nearest float, nil where there is no amount.
func floatOf(a *query.Amount) *float64 {
	if a == nil {
		return nil
	}
	v := a.Float64()
	return &v
}

// looksBack are the days over which the last known day is looked for, one after
// the other: most meters are known lately, and a short look is a cheap one.
var looksBack = []schema.Day{45, 400, 4000, 22_000}

// LastDay finds the last local day of which something is known.
func (p pageAnswers) LastDay(ctx context.Context, about site.Subject, carrier schema.Carrier) (schema.Day, bool, error) {
	if err := p.s.library.Permit(ctx, subjectOf(about)); err != nil {
		return 0, false, err
	}
	w, err := p.s.library.World(ctx, 0)
	if err != nil {
		return 0, false, err
	}
	c, err := w.Circle(subjectOf(about), carrier.String())
	if err != nil || c.IsEmpty() {
		return 0, false, err
	}
	meters := make([]int32, len(c.Members))
	for i := range c.Members {
		meters[i] = c.Members[i].Number
	}
	for i := range c.Virtuals {
		for k := range c.Virtuals[i].Members {
			meters = append(meters, c.Virtuals[i].Members[k].Number)
		}
	}
	end := c.Zone.DayOf(p.s.library.Now()) + 1
	for _, days := range looksBack {
		entries, err := p.s.config.Books.Booked(ctx, meters, schema.Validity{From: max(end-days, 0), To: end}, 0)
		if err != nil {
			return 0, false, fmt.Errorf("last day of %s: %w", about.ID, err)
		}
		if day, ok := lastKnown(entries); ok {
			return day, true, nil
		}
	}
	return 0, false, nil
}

// lastKnown gives the last day of which time is known in all.
func lastKnown(entries []posting.Entry) (last schema.Day, ok bool) {
	known := map[schema.Day]int64{}
	for i := range entries {
		known[entries[i].Day] += int64(entries[i].Known)
	}
	for day, time := range known {
		if time > 0 && (!ok || day > last) {
			last, ok = day, true
		}
	}
	return last, ok
}

// Quality answers as the API does, with as many parts as it gives.
func (p pageAnswers) Quality(ctx context.Context, about site.Subject, s site.Stretch) (*site.Quality, error) {
	a, err := p.s.monitor.Quality(ctx, &monitor.QualityInput{SubjectParams: paramsOf(about), StretchParams: stretchOf(s), Limit: p.s.config.Limits.Worst})
	if err != nil {
		return nil, err
	}
	q := &site.Quality{}
	for i := range a.Carriers {
		t := &a.Carriers[i]
		q.Totals = append(q.Totals, site.QualityRow{
			Carrier: t.Carrier, Expected: t.Expected, Silent: t.Silent, Quantity: floatOf(t.Quantity), Coverage: t.Coverage, EstimatedShare: t.EstimatedShare,
		})
	}
	for i := range a.Worst {
		x := &a.Worst[i]
		row := site.QualityRow{Carrier: x.Carrier, Quantity: floatOf(x.Quantity), Coverage: x.Coverage, EstimatedShare: x.EstimatedShare}
		if row.Subject = (site.Subject{Kind: site.Meter, ID: x.Meter}); x.Meter == "" {
			row.Subject = site.Subject{Kind: site.Institution, ID: x.Institution}
		}
		q.Worst = append(q.Worst, row)
	}
	if f := a.Freshness; f != nil {
		q.Fresh = freshOf(f)
	}
	for _, n := range a.NotPlain {
		q.Verdicts = append(q.Verdicts, site.Verdict(n))
	}
	if a.Parked != nil {
		q.Waiting = &site.Waiting{Meters: a.Parked.Meters, Readings: a.Parked.Readings}
		for _, c := range a.Rejected {
			q.Waiting.Rejected = append(q.Waiting.Rejected, site.RejectedCount{Code: c.Code, Readings: c.Readings})
		}
	}
	return q, nil
}

// freshOf turns freshness for a page.
func freshOf(f *monitor.Freshness) *site.Fresh {
	fresh := &site.Fresh{Meters: f.Meters, Late: f.Late, Never: f.Never, Newest: f.Newest}
	for _, g := range f.Gateways {
		fresh.Gateways = append(fresh.Gateways, site.Silence{ID: g.Gateway, Meters: g.Meters, Last: g.Last})
	}
	for _, m := range f.Oldest {
		fresh.Oldest = append(fresh.Oldest, site.Silence{ID: m.Meter, Gateway: m.Gateway, Last: m.Last})
	}
	return fresh
}

// Findings answers as the API does: what is meant to be acted on.
func (p pageAnswers) Findings(ctx context.Context, about site.Subject, s site.Stretch) (*site.Findings, error) {
	a, err := p.s.monitor.Anomalies(ctx, &monitor.AnomaliesInput{SubjectParams: paramsOf(about), StretchParams: stretchOf(s), Severity: monitor.Severities[1], Limit: 100})
	if err != nil {
		return nil, err
	}
	f := &site.Findings{Searched: a.Searched, More: a.More, Skipped: len(a.Skipped)}
	for i := range a.Findings {
		x := &a.Findings[i]
		one := site.Finding{
			Meter: x.Meter, Unit: x.Unit, Cause: string(x.Cause), Severity: x.Severity, From: x.From, To: x.To, PerHour: x.PerHour, Total: x.Total, Message: x.Message,
			Cost: x.Cost, Currency: x.Currency, PriceSource: x.PriceSource, InDoubt: !monitor.Wastes[x.Cause],
		}
		if m := x.Muted; m != nil {
			one.Muted = &site.Muted{ID: m.ID, Reason: m.Reason, Author: m.Author, Until: m.Until}
		}
		f.List = append(f.List, one)
	}
	return f, nil
}

// Mute mutes as the API does.
func (p pageAnswers) Mute(ctx context.Context, m site.NewMute) error {
	in := &monitor.MuteInput{}
	in.Body.Meter, in.Body.Cause, in.Body.Reason, in.Body.Until.At = m.Meter, m.Cause, m.Reason, m.Until
	_, err := p.s.monitor.Mute(ctx, in)
	return err
}

// Unmute takes a mute back as the API does.
func (p pageAnswers) Unmute(ctx context.Context, id int64) error {
	_, err := p.s.monitor.Unmute(ctx, &monitor.MutePath{ID: id})
	return err
}

// Readings answers as the API does.
func (p pageAnswers) Readings(ctx context.Context, meter string, s site.Stretch, limit int) (*site.Readings, error) {
	a, err := p.s.ledger.Readings(ctx, &ledger.ReadingsInput{Meter: meter, StretchParams: stretchOf(s), Limit: limit})
	if err != nil {
		return nil, err
	}
	r := &site.Readings{Next: a.Next}
	for i := range a.Readings {
		r.List = append(r.List, pageReading(&a.Readings[i]))
	}
	return r, nil
}

// pageReading turns a reading for a page.
func pageReading(x *ledger.ReadingAs) site.Reading {
	value := x.Value.String()
	if x.Original != "" {
		value = x.Original
	}
	return site.Reading{
		Time: x.Time, Start: x.Start, Value: value, Unit: x.Unit, Kind: x.Kind, Revision: x.Revision, Received: x.Received, Code: x.Code,
	}
}
