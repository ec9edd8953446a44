// Package benchmark answers where a building stands among its peers: its
// percentile and band with an interval, its rank with the range of ranks that the
// data allow, its distance from a quota, and what use its size, hours and climate
// would explain (quantile regression).
//
// Peers are given; this package does not choose them. Fewer than [MinPeers] of
// them say so with [CodeFewPeers], and [Shrink] then draws a small group towards
// its parent instead of trusting three buildings. Nothing is ranked without an
// interval: the scores of such schemes move by tens of points with the sample
// (Scofield, Energy and Buildings 2014).
package benchmark

import "jouleline/analytics"

const op = "benchmark"

// MinPeers is the number below which a percentile is not stated without a warning:
// with nine peers one building is eleven points.
const MinPeers = 10

// Codes of warnings.
const (
	CodeFewPeers  analytics.Code = "fewer_than_ten_peers"
	CodeNoSpread  analytics.Code = "peers_do_not_differ"
	CodeBeyond    analytics.Code = "beyond_all_peers"
	CodeCrossing  analytics.Code = "quantiles_crossed"
	CodeFewPerGap analytics.Code = "few_observations_beyond_quantile"
)
