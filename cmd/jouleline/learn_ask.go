package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"jouleline/analytics/learn"
	"jouleline/schema"
)

// askedDays is how many days of hours one question asks for: 744 points.
const askedDays = 31

// hours is what is read of an answer about consumption.
type hours struct {
	Points []struct {
		Start    time.Time        `json:"start"`
		End      time.Time        `json:"end"`
		Quantity *schema.Quantity `json:"quantity"`
		Coverage *float64         `json:"coverage"`
		Share    *float64         `json:"estimated_share"`
	} `json:"points"`
}

// measuredHour is a local hour that is measured from end to end.
type measuredHour struct {
	Start, End time.Time // in the building's local time
	Quantity   schema.Quantity
}

// measured asks for the hours of a meter, question by question, and gives those that
// are measured from end to end, with the length of the whole stretch in
// milliseconds. Days are those of the meter's building, whose calendar the answers
// tell: a day more is asked for at both ends, and what lies outside is left out.
func (l *learning) measured(ctx context.Context, meter string) (list []measuredHour, stretch int64, err error) {
	for day := l.stretch.From - 1; day < l.stretch.To+1; day += askedDays {
		query := url.Values{
			"meter": {meter}, "step": {"PT1H"},
			"from": {day.Start(time.UTC).String()}, "to": {min(day+askedDays, l.stretch.To+1).Start(time.UTC).String()},
		}
		body, err := l.get(ctx, "/api/v1/consumption", query, "application/json")
		if err != nil {
			return nil, 0, err
		}
		var answer hours
		if err := json.Unmarshal(body, &answer); err != nil {
			return nil, 0, fmt.Errorf("read the server's answer: %w", err)
		}
		for _, p := range answer.Points {
			if !l.stretch.Contains(schema.DayOf(p.Start.Date())) {
				continue
			}
			stretch += schema.InstantOf(p.End).Sub(schema.InstantOf(p.Start))
			if p.Quantity != nil && p.Coverage != nil && *p.Coverage == 1 && (p.Share == nil || *p.Share == 0) {
				list = append(list, measuredHour{p.Start, p.End, *p.Quantity})
			}
		}
	}
	return list, stretch, nil
}

// parts gives measured hours as what rates are learned from.
func parts(list []measuredHour) []learn.Part {
	parts := make([]learn.Part, len(list))
	for i, h := range list {
		parts[i] = learn.Part{From: schema.InstantOf(h.Start), To: schema.InstantOf(h.End), Quantity: h.Quantity}
	}
	return parts
}

// wholeHours gives measured hours as what profiles are learned from. A piece of an
// hour, which a half-hour change of the clock leaves, is left out.
func wholeHours(list []measuredHour) []learn.Hour {
	var whole []learn.Hour
	for _, h := range list {
		if h.End.Sub(h.Start) == time.Hour {
			whole = append(whole, learn.Hour{Day: schema.DayOf(h.Start.Date()), Of: h.Start.Hour(), Quantity: h.Quantity})
		}
	}
	return whole
}
