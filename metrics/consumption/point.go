package consumption

import (
	"fmt"
	"math/big"

	"jouleline/metrics/calendar"
	"jouleline/metrics/exact"
	"jouleline/schema"
)

// Factors gives kgce and kgCO2 per unit of the carrier at a place in a bucket,
// nil where none is known. The rationals are not written to.
type Factors func(place int, b calendar.Bucket) (kgce, kgCO2 *big.Rat)

// Point is the consumption of one bucket.
type Point struct {
	From, To schema.Instant
	// Quantity is in the carrier's canonical unit; nil where nothing is known.
	Quantity *schema.Quantity
	// Energy is kgce, Carbon kgCO2; nil where nothing is known or the factor set
	// has no factor.
	Energy, Carbon *big.Rat
	// Coverage is the known share of the expected time; nil where no meter should
	// have reported. EstimatedShare is the estimated part of the quantity; nil
	// where nothing is known.
	Coverage, EstimatedShare *big.Rat
}

// Points gives the course over all places. The error tells that a sum is beyond
// what a quantity can hold.
func (s *Series) Points(factors Factors) ([]Point, error) {
	points := make([]Point, len(s.buckets))
	for i := range points {
		points[i] = Point{From: s.buckets[i].From, To: s.buckets[i].To}
		if err := s.fill(&points[i], i, factors); err != nil {
			return nil, fmt.Errorf("consumption from %s to %s: %w", points[i].From, points[i].To, err)
		}
	}
	return points, nil
}

// Place gives the consumption of one place in one bucket, without energy and
// carbon.
func (s *Series) Place(bucket, place int) (Point, error) {
	p := Point{From: s.buckets[bucket].From, To: s.buckets[bucket].To}
	c := s.cells[bucket*s.places+place]
	c.expected = max(c.expected, c.known)
	return p, c.into(&p)
}

// Amounts are the integers behind a place in a bucket: micro-units and
// meter-milliseconds.
type Amounts struct {
	Quantity, Estimated schema.Quantity
	Known, Expected     int64
}

// Amounts gives the consumption of one place in one bucket as integers. Nothing
// is known where Known is 0. The error tells that a sum is beyond what a quantity
// can hold.
func (s *Series) Amounts(bucket, place int) (a Amounts, err error) {
	c := &s.cells[bucket*s.places+place]
	quantity, ok := c.quantity.Int64()
	estimated, fits := c.estimated.Int64()
	if !ok || !fits {
		return a, fmt.Errorf("%w: %s micro-units", schema.ErrOutOfRange, c.quantity)
	}
	return Amounts{schema.Quantity(quantity), schema.Quantity(estimated), c.known, max(c.expected, c.known)}, nil
}

// fill sums the places of one bucket.
func (s *Series) fill(p *Point, bucket int, factors Factors) error {
	var sum cell
	energy, carbon := new(big.Rat), new(big.Rat)
	for place := range s.places {
		c := &s.cells[bucket*s.places+place]
		sum.quantity.AddSum(c.quantity)
		sum.estimated.AddSum(c.estimated)
		sum.known += c.known
		sum.expected += max(c.expected, c.known)
		if c.known > 0 {
			kgce, kgCO2 := factors(place, s.buckets[bucket])
			energy, carbon = weigh(energy, c.quantity, kgce), weigh(carbon, c.quantity, kgCO2)
		}
	}
	if sum.known > 0 {
		p.Energy, p.Carbon = energy, carbon
	}
	return sum.into(p)
}

// into writes what is known into a point.
func (c *cell) into(p *Point) error {
	if c.expected > 0 {
		p.Coverage = big.NewRat(c.known, c.expected)
	}
	if c.known == 0 {
		return nil
	}
	q, ok := c.quantity.Int64()
	if !ok {
		return fmt.Errorf("%w: %s micro-units", schema.ErrOutOfRange, c.quantity)
	}
	p.Quantity = (*schema.Quantity)(&q)
	p.EstimatedShare = share(c.estimated, c.quantity)
	return nil
}

// weigh adds quantity x factor to a total, nil where either is not known.
func weigh(total *big.Rat, quantity exact.Sum, factor *big.Rat) *big.Rat {
	if total == nil || factor == nil {
		return nil
	}
	amount := new(big.Rat).SetFrac(quantity.Int(), big.NewInt(schema.Micro))
	return total.Add(total, amount.Mul(amount, factor))
}

// share gives the estimated part of a quantity. Of nothing used there is no part
// that could be estimated.
func share(estimated, quantity exact.Sum) *big.Rat {
	if quantity.Sign() <= 0 || estimated.IsZero() {
		return new(big.Rat)
	}
	return new(big.Rat).SetFrac(estimated.Int(), quantity.Int())
}
