// Package promql answers queries in PromQL over figures that somebody else
// computes, by Prometheus' own engine and in the shape of Prometheus' HTTP API,
// so that Grafana's built-in data source works on it.
//
// It answers what an expression is at a moment or over a stretch, which series
// there are, and what they mean. It refuses to know any figure: the series come
// from a [Source]. Its invariants:
//
//   - a family of series is a fixed list of samples. What a source is asked for
//     is a part of that list, or sums of it; the answer to a query never depends
//     on which part was asked for. So the engine's answers are those that a
//     Prometheus would give that was fed the same samples;
//   - a slow gauge has one sample where its period begins, and a stale marker
//     where its validity ends unless the next period follows at once ([Course]).
//     The engine's lookback is longer than any period, so at any step the gauge
//     is there as long as it is valid and gone right after;
//   - a query is bounded in time, series and samples, and ends when its caller
//     leaves.
//
// DESIGN.md beside this file says why.
package promql
