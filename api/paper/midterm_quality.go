package paper

import (
	"context"

	"jouleline/analytics/progress"
	"jouleline/api/midterm"
	"jouleline/api/monitor"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/indicator"
)

// worstOfMidterm is how many of the parts that are known least are listed.
const worstOfMidterm = 20

// midtermQuality tells how well the year is known, by the books of now.
func (s *Handlers) midtermQuality(ctx context.Context, in *MidtermInput, q *progress.Query, w *world.World) (midterm.Quality, error) {
	none := func(key string, values ...any) (midterm.Quality, error) {
		return midterm.Quality{Carriers: []midterm.QualityCarrier{}, Worst: []midterm.QualityPart{}, Why: midterm.Say(in.Lang, key, values...)}, nil
	}
	if q.KnownAt != 0 {
		return none("quality.then")
	}
	days := indicator.YearStretch(q.Year).Days
	if today := w.Calendar().DayOf(s.Now()); today < days.To {
		days.To = today
	}
	if days.From >= days.To {
		return none("quality.before", q.Year)
	}
	answer, err := s.monitor.Quality(ctx, &monitor.QualityInput{
		SubjectParams: query.SubjectParams{GroupParams: in.GroupParams}, Limit: min(worstOfMidterm, s.Limits.Worst),
		StretchParams: query.StretchParams{From: query.At(w.Calendar().Start(days.From)), To: query.At(w.Calendar().Start(days.To))},
	})
	if err != nil {
		return midterm.Quality{}, err
	}
	if len(answer.Carriers) == 0 {
		return none("quality.none", q.Year)
	}
	of := midterm.Quality{From: &answer.From, To: &answer.To, Carriers: []midterm.QualityCarrier{}, Worst: []midterm.QualityPart{}}
	for i := range answer.Carriers {
		c := &answer.Carriers[i]
		quantity := "—"
		if c.Quantity != nil {
			quantity = c.Quantity.String() + " " + c.Unit.String()
		}
		of.Carriers = append(of.Carriers, midterm.QualityCarrier{
			Carrier: c.Carrier.String(), Name: midterm.Words(in.Lang, "carrier", c.Carrier.String()), Quantity: quantity,
			Expected: c.Expected, Silent: c.Silent, Coverage: c.Coverage, EstimatedShare: c.EstimatedShare,
		})
	}
	for i := range answer.Worst {
		p := &answer.Worst[i]
		of.Worst = append(of.Worst, midterm.QualityPart{
			Name: p.Meter + p.Institution, Carrier: p.Carrier.String(), CarrierName: midterm.Words(in.Lang, "carrier", p.Carrier.String()),
			Coverage: p.Coverage, EstimatedShare: p.EstimatedShare,
		})
	}
	return of, nil
}
