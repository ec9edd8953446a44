package influx

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/url"
	"time"

	"jouleline/metrics/calendar"
	"jouleline/schema/factor"
	"jouleline/schema/registry"
	"jouleline/store"
)

// Config says where to publish, and what.
type Config struct {
	// URL, Org and Bucket name the InfluxDB; on 1.8 the bucket is
	// database/retention-policy and the token user:password.
	URL, Org, Bucket, Token string
	// Step is that of the meters' consumption: calendar.HourStep, or
	// calendar.QuarterHour.
	Step calendar.Step
	// BatchPoints is the most points in one request; 0 means 5,000, which is what
	// InfluxDB advises.
	BatchPoints int
	// Every is the pause between two looks at the ledger, IndicatorsEvery the same
	// for indicators, which are sums over many meters; 0 means 10 s and 5 min.
	Every, IndicatorsEvery time.Duration
	// Store holds the books and where the publisher stands.
	Store *store.Store
	// Registry are the options by which stored registry tables are built.
	Registry registry.Options
	// Factors and MinCoverage are those of the indicators.
	Factors     *factor.Set
	MinCoverage *big.Rat
	Watch       Watch        // nil is silent
	Log         *slog.Logger // nil is silent
	Clock       Clock        // nil is the machine's

	timeout time.Duration // of one request; 0 means 30 s
}

// Watch takes what the publisher has to tell.
type Watch interface {
	// Sent tells of points that InfluxDB took, Refused of those that it refused for
	// themselves, Erased of deletions.
	Sent(points int)
	Refused(points int)
	Erased(deletions int)
	// Trouble tells of a request that is tried again; the kind is unreachable,
	// denied, not_found, busy or failed.
	Trouble(kind string)
	// Lag tells how long ago the oldest booking was recorded that a stream has not
	// published, 0 where there is none.
	Lag(stream string, seconds float64)
}

// Clock tells the time and waits.
type Clock interface {
	Now() time.Time
	// Wait returns after a while, or with an error when the context ends.
	Wait(ctx context.Context, d time.Duration) error
}

// ErrConfig is wrapped where the configuration is wrong.
var ErrConfig = errors.New("influx")

// Validate tells what is wrong.
func (c *Config) Validate() error {
	at, err := url.Parse(c.URL)
	switch {
	case err != nil || at.Host == "" || (at.Scheme != "http" && at.Scheme != "https"):
		return fmt.Errorf("%w: url: want http://host:port or https://host:port", ErrConfig)
	case at.User != nil:
		return fmt.Errorf("%w: url: got one with a password in it, want the token apart", ErrConfig)
	case c.Bucket == "":
		return fmt.Errorf("%w: bucket: got none", ErrConfig)
	case c.Step != calendar.HourStep && c.Step != calendar.QuarterHour:
		return fmt.Errorf("%w: step: got %s, want PT15M or PT1H", ErrConfig, c.Step)
	case c.BatchPoints < 0 || c.Every < 0 || c.IndicatorsEvery < 0:
		return fmt.Errorf("%w: got a negative batch or pause", ErrConfig)
	case c.Store == nil || c.Factors == nil || c.MinCoverage == nil:
		return fmt.Errorf("%w: the store, the factors and the least coverage are required", ErrConfig)
	}
	return nil
}

// filled gives the configuration with its zero values replaced.
func (c Config) filled() Config {
	if c.BatchPoints == 0 {
		c.BatchPoints = 5000
	}
	if c.Every == 0 {
		c.Every = 10 * time.Second
	}
	if c.IndicatorsEvery == 0 {
		c.IndicatorsEvery = 5 * time.Minute
	}
	if c.timeout == 0 {
		c.timeout = requestTimeout
	}
	if c.Watch == nil {
		c.Watch = silence{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = machineClock{}
	}
	return c
}

type silence struct{}

func (silence) Sent(int)            {}
func (silence) Refused(int)         {}
func (silence) Erased(int)          {}
func (silence) Trouble(string)      {}
func (silence) Lag(string, float64) {}

type machineClock struct{}

func (machineClock) Now() time.Time { return time.Now() }

func (machineClock) Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
