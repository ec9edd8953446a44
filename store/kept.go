package store

import (
	"context"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// The last readings before the moment are looked for over a day of so many meters,
// and over longer and longer stretches of fewer meters where that was too short.
const (
	keptReach  = schema.Instant(24 * schema.Hour)
	keptMeters = 10_000
	keptGrowth = 7
)

// keptOn finds where each meter's kept readings begin.
func keptOn(ctx context.Context, c *duck.Conn, before schema.Instant) (keep []posting.Retired, err error) {
	var open []int32
	err = each(ctx, c, func(b duck.Block) { open = append(open, duck.Column[int32](b, 0)...) },
		`SELECT meter FROM readings WHERE time < $1 UNION SELECT meter FROM settled WHERE day <= $2 ORDER BY meter`, int64(before), int32(utcDay(before-1)))
	if err != nil {
		return nil, err
	}
	reach, some := keptReach, keptMeters
	for len(open) > 0 {
		from := max(schema.MinInstant, before-reach)
		var short []int32
		for len(open) > 0 {
			chunk := open[:min(some, len(open))]
			open = open[len(chunk):]
			found, err := keptWithin(ctx, c, chunk, from, before)
			if err != nil {
				return nil, err
			}
			for _, meter := range chunk {
				if k, ok := found[meter]; ok {
					keep = append(keep, k)
				} else {
					short = append(short, meter)
				}
			}
		}
		if from == schema.MinInstant {
			break // what is short now keeps all
		}
		open, reach, some = short, reach*keptGrowth, max(1, some/keptGrowth)
	}
	return keep, nil
}

// keptWithin finds the latest plainly accepted readings in [from, before): those
// with one version that nothing is noted of.
func keptWithin(ctx context.Context, c *duck.Conn, meters []int32, from, before schema.Instant) (map[int32]posting.Retired, error) {
	stretches := make([]posting.Stretch, len(meters))
	for i, meter := range meters {
		stretches[i] = posting.Stretch{Meter: meter, From: from, To: before - 1}
	}
	points, err := pointsOn(ctx, c, stretches, schema.MaxInstant)
	if err != nil {
		return nil, err
	}
	codes, err := codesOn(ctx, c, meters, from, before)
	if err != nil {
		return nil, err
	}
	type place struct {
		meter int32
		time  schema.Instant
	}
	noted := make(map[place]bool, len(codes))
	for i := range codes {
		noted[place{codes[i].Meter, codes[i].Time}] = true
	}
	found, plain := map[int32]posting.Retired{}, map[int32]int{}
	for end := len(points); end > 0; {
		first, r := end-1, &points[end-1]
		for first > 0 && points[first-1].Meter == r.Meter && points[first-1].Time == r.Time {
			first--
		}
		if end-first == 1 && !r.Deleted && !noted[place{r.Meter, r.Time}] {
			k := found[r.Meter]
			switch n := plain[r.Meter]; {
			case n == 0:
				found[r.Meter] = posting.Retired{Meter: r.Meter, First: r.Time, Until: r.Time}
			case n < books.Anchors:
				k.First = r.Time
				found[r.Meter] = k
			}
			plain[r.Meter]++
		}
		end = first
	}
	for meter := range found {
		if plain[meter] < books.Anchors {
			delete(found, meter)
		}
	}
	return found, nil
}
