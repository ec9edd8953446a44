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

// parts asks for the hours of a meter, question by question, and gives those that
// are measured from end to end, with the length of the whole stretch in
// milliseconds. Days are those of the meter's building, whose calendar the answers
// tell: a day more is asked for at both ends, and what lies outside is left out.
func (l *learning) parts(ctx context.Context, meter string) (parts []learn.Part, stretch int64, err error) {
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
			part := learn.Part{From: schema.InstantOf(p.Start), To: schema.InstantOf(p.End)}
			stretch += part.To.Sub(part.From)
			measured := p.Coverage != nil && *p.Coverage == 1 && (p.Share == nil || *p.Share == 0)
			if p.Quantity == nil || !measured {
				continue
			}
			part.Quantity = *p.Quantity
			parts = append(parts, part)
		}
	}
	return parts, stretch, nil
}
