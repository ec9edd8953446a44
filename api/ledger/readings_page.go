package ledger

import (
	"context"
	"fmt"

	"jouleline/api/world"
	"jouleline/metrics/books"
	"jouleline/metrics/consumption"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// page is some of the readings of a meter in [from, to), with their verdicts.
type page struct {
	books    world.Books
	meter    *consumption.Member
	from, to schema.Instant
	limit    int
	knownAt  schema.Instant

	found []posting.Reading
	codes []schema.Code // of found
	next  schema.Instant
}

// firstStretch is the part of a page's expected length that is read first, so
// that a meter which reads far more often than it says does not fill the memory;
// each further stretch is twice as long.
const firstStretch = 16

// read reads stretch by stretch until the page is full.
func (p *page) read(ctx context.Context) error {
	interval := schema.Hour
	if era := p.meter.Facts.EraAt(p.from); era != nil && era.Interval > 0 {
		interval = era.Interval
	}
	length := schema.Instant(int64(p.limit)*interval/firstStretch + 1)
	for at := p.from; at < p.to && len(p.found) <= p.limit; {
		end := min(at+length, p.to)
		found, err := p.books.Points(ctx, []posting.Stretch{{Meter: p.meter.Number, From: at, To: end - 1}}, p.knownAt)
		if err != nil {
			return fmt.Errorf("readings from %s to %s: %w", at, end, err)
		}
		p.found = append(p.found, found...)
		at, length = end, 2*length
	}
	p.cut()
	return nil
}

// cut ends the page at its limit. Versions of one time stay together, so that
// each page can be judged, and the next begins with another time.
func (p *page) cut() {
	if len(p.found) <= p.limit {
		return
	}
	end := p.limit
	for end < len(p.found) && p.found[end].Time == p.found[end-1].Time {
		end++
	}
	if end < len(p.found) {
		p.next = p.found[end].Time
	}
	p.found = p.found[:end]
}

// judge finds the verdict of each reading: that of judging for the version that
// counts, and of precedence for the others.
func (p *page) judge(ctx context.Context) error {
	p.codes = make([]schema.Code, len(p.found))
	if len(p.found) == 0 {
		return nil
	}
	verdicts, err := p.verdicts(ctx)
	if err != nil {
		return err
	}
	for i := 0; i < len(p.found); {
		end := i + 1
		for end < len(p.found) && sameIdentity(&p.found[i].Point, &p.found[end].Point) {
			end++
		}
		versions(p.found[i:end], p.codes[i:end], verdicts)
		i = end
	}
	return nil
}

// versions finds the verdicts of all versions of one reading, in order of
// precedence. Of versions that say the same as the one that counts, the first
// counts and the others are duplicates of it.
func versions(found []posting.Reading, codes []schema.Code, verdicts map[books.CodeChange]schema.Code) {
	last := len(found) - 1
	won := &found[last].Point
	same := last
	for same > 0 && saysTheSame(&found[same-1].Point, won) {
		same--
	}
	for i := range found {
		switch {
		case won.Deleted:
			codes[i] = schema.Deleted
		case i == same:
			codes[i] = verdicts[identityOf(won)]
		case i > same:
			codes[i] = schema.Duplicate
		default:
			codes[i] = schema.Superseded
		}
	}
}

func saysTheSame(a, b *books.Point) bool {
	return a.Value == b.Value && a.Unit == b.Unit && a.Original == b.Original && a.Deleted == b.Deleted
}

// verdicts gives what judging said: by what is stored, or, as of a moment, by
// judging what was known then.
func (p *page) verdicts(ctx context.Context) (map[books.CodeChange]schema.Code, error) {
	verdicts := map[books.CodeChange]schema.Code{}
	first, last := p.found[0].Time, p.found[len(p.found)-1].Time
	if p.knownAt == 0 {
		codes, err := p.books.Codes(ctx, []int32{p.meter.Number}, first, last+1)
		if err != nil {
			return nil, fmt.Errorf("verdicts from %s to %s: %w", first, last, err)
		}
		for _, c := range codes {
			key := c.CodeChange
			key.Code = ""
			verdicts[key] = c.Code
		}
		return verdicts, nil
	}
	all, err := p.books.Points(ctx, []posting.Stretch{{Meter: p.meter.Number, From: schema.MinInstant, To: schema.MaxInstant}}, p.knownAt)
	if err != nil {
		return nil, fmt.Errorf("all readings: %w", err)
	}
	points := make([]books.Point, len(all))
	for i := range all {
		points[i] = all[i].Point
	}
	winners := books.Resolve(points)
	for i, code := range books.Judge(p.meter.Facts, winners, false, schema.MaxInstant).Codes {
		verdicts[identityOf(&winners[i])] = code
	}
	return verdicts, nil
}

// identityOf gives the identity of a reading as verdicts are kept by.
func identityOf(p *books.Point) books.CodeChange {
	return books.CodeChange{Time: p.Time, Start: p.Start, Kind: p.Kind, Register: p.Register}
}

// sameIdentity tells whether two points of one meter are versions of one reading
// (rule 3).
func sameIdentity(a, b *books.Point) bool {
	return a.Time == b.Time && a.Kind == b.Kind && a.Register == b.Register && a.Start == b.Start
}
