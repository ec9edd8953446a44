// Package sim makes readings where real ones are missing: a simulated Shandong
// for demonstrations, and endless meters for load tests.
//
// It answers "what would come in, and what must the books then say". It refuses
// to look like more than it is: every simulated institution says so in its name.
// Its invariants:
//
//   - everything is a pure function of a seed: the same seed gives the same
//     bytes whenever it is asked (on one processor architecture: some fuse
//     floating-point operations);
//   - generation is apart from sending, so that it never stands in a timing;
//   - amounts are exact integers at the resolution of real meters, so that the
//     expected totals are exact.
package sim

import (
	"math"
	"math/rand/v2"

	"jouleline/schema"
)

// zone is the calendar of the simulated world: Shandong has no daylight saving
// since 1992, which keeps it free of zone data.
const zoneOffset = 8 * schema.Hour

// localMidnight is the instant at which a local day begins.
func localMidnight(day schema.Day) schema.Instant {
	return schema.Instant(int64(day)*24*schema.Hour - zoneOffset)
}

// mix scrambles three numbers into 64 random bits (the finaliser of splitmix64).
func mix(seed, a, b uint64) uint64 {
	x := seed + a*0x9e3779b97f4a7c15 + b*0xd1b54a32d192ed03
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// around draws from a normal distribution, cut at two deviations.
func around(rng *rand.Rand, mean, deviation float64) float64 {
	return mean + deviation*math.Max(-2, math.Min(2, rng.NormFloat64()))
}

// between draws evenly from [least, most).
func between(rng *rand.Rand, least, most float64) float64 {
	return least + (most-least)*rng.Float64()
}

// rounded gives an amount as a quantity at a resolution.
func rounded(amount float64, resolution schema.Quantity) schema.Quantity {
	return schema.Quantity(math.Round(amount*schema.Micro/float64(resolution))) * resolution
}
