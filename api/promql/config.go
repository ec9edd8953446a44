package promql

import (
	"context"
	"log/slog"
	"time"

	prom "github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// Limits bounds queries. A zero means the value named.
type Limits struct {
	// Lookback is how far back a sample may lie that still counts: 400 days, so
	// that a gauge of a year holds all year. Where a gauge ceases to be valid
	// before that, a stale marker says so.
	Lookback time.Duration
	// Timeout is how long a query may take: 30 s.
	Timeout time.Duration
	// Points bounds the steps of a range query, as Prometheus does: 11,000.
	Points int
	// Series bounds the series that a selector may find, and Samples the samples
	// that all selectors of a query may find, labels weighed as samples, and that a
	// query may hold: 200,000 and 20,000,000.
	Series, Samples int
	// Steps bounds the steps of all subqueries of a query: 2,000,000, almost four
	// years by minutes.
	Steps int
	// AtOnce bounds the queries that are answered at once, each of which may hold
	// Samples; others wait for their turn within their timeout: 8.
	AtOnce int
	// Body bounds the body of a POST in bytes: 64 KiB.
	Body int64
	// Matchers bounds the match[] of a request: 100.
	Matchers int
}

// Filled gives the limits with the values named in place of zeros.
func (l Limits) Filled() Limits {
	def := func(value *int, or int) {
		if *value == 0 {
			*value = or
		}
	}
	def(&l.Points, 11_000)
	def(&l.Series, 200_000)
	def(&l.Samples, 20_000_000)
	def(&l.Steps, 2_000_000)
	def(&l.AtOnce, 8)
	def(&l.Matchers, 100)
	if l.Lookback == 0 {
		l.Lookback = 400 * 24 * time.Hour
	}
	if l.Timeout == 0 {
		l.Timeout = 30 * time.Second
	}
	if l.Body == 0 {
		l.Body = 64 << 10
	}
	return l
}

// Config is what a handler needs. Source is required.
type Config struct {
	Source Source
	Limits Limits
	// Version is the program's, as status/buildinfo tells it.
	Version string
	Logger  *slog.Logger // nil is silent
	// Fault turns an error of the source into a status and what the caller is told,
	// and logs what is ours to mend. nil is 500, and silent.
	Fault func(context.Context, error) (status int, text string)
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// newEngine makes Prometheus' engine. It reads the text of queries by parse.
func newEngine(l Limits, log *slog.Logger, parse parser.Parser) *prom.Engine {
	return prom.NewEngine(prom.EngineOpts{
		Logger: log, MaxSamples: l.Samples, Timeout: l.Timeout, LookbackDelta: l.Lookback,
		EnableAtModifier: true, EnableNegativeOffset: true, Parser: parse,
		NoStepSubqueryIntervalFn: func(int64) int64 { return plainStep.Milliseconds() },
	})
}
