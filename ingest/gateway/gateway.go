package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// Producer puts records on the topic of readings.
type Producer interface {
	// Produce returns once Kafka has acknowledged every record, or with an
	// error where it may not have.
	Produce(ctx context.Context, records []ingest.Record) error
}

// Registry is what the gateway asks of the registry. Both methods are called
// for each reading, from many goroutines.
type Registry interface {
	// Known tells whether a meter is registered. Readings of other meters are
	// parked: kept, and booked once it is.
	Known(meter string) bool
	// Compatible judges the unit and kind of a reading of a known meter; either
	// may be "not given". The code is schema.Accepted where they fit.
	Compatible(meter string, unit schema.Unit, kind schema.Kind) (code schema.Code, detail string)
}

// Rejects keeps rejected readings as they came.
type Rejects interface {
	// Reject returns once they are durable. A call carries at most 1,000
	// elements and about 256 KiB of originals, so that they fit into one Kafka
	// message in any encoding; a request with more makes several calls.
	Reject(ctx context.Context, rejected []Rejected) error
}

// Rejected is an element of a body that was rejected.
type Rejected struct {
	Received schema.Instant
	Code     schema.Code
	Detail   string
	// Source is the gateway's id, or "http" where it said none.
	Source string
	// Original is the element as it came, at most codec.MaxElement bytes.
	Original []byte
}

// Telemetry counts. Its methods are called from many goroutines.
type Telemetry interface {
	// Readings counts readings that got a verdict and were kept.
	Readings(source Source, code schema.Code, n int)
	// Unmapped counts line protocol fields that mean nothing here.
	Unmapped(source Source, fields int)
	// Refused counts a request that was refused as a whole.
	Refused(source Source, status int)
}

// Source is the way by which readings came in.
type Source string

// The sources.
const (
	FromReadings Source = "readings" // POST /api/v1/readings
	FromWrite    Source = "write"    // POST /api/v2/write
	FromBills    Source = "bills"    // POST /api/v1/bills
	FromMQTT     Source = "mqtt"     // topics of an MQTT broker
)

// Config is what a gateway needs. Producer, Registry, Rejects and Partitions
// are required; the rest has useful zero values.
type Config struct {
	Producer Producer
	Registry Registry
	Rejects  Rejects
	// Partitions is the number of partitions of the topic.
	Partitions int

	// MaxBody bounds a body in bytes, both as it comes and unpacked. 0: 32 MiB.
	MaxBody int64
	// MaxReadings bounds the readings of a request. 0: 100,000.
	MaxReadings int
	// Timeout bounds how long Kafka may take. 0: 30 s.
	Timeout time.Duration

	// Allow tells whether the caller may push readings of a meter: a token may
	// be bound to one gateway. An error says that this cannot be told now: the
	// request is refused with 503, to be sent again. Nil allows all.
	Allow func(ctx context.Context, meter string) (bool, error)
	// Gateway gives the id of the gateway that the caller's token is bound to,
	// empty if none. Nil: none. Otherwise the header X-Gateway counts.
	Gateway func(ctx context.Context) string
	// Mapping makes readings of lines that do not name their meter themselves.
	// Nil: by none.
	Mapping *codec.Mapping
	// Telemetry counts; nil is silent.
	Telemetry Telemetry
	// Log gets what is not told to callers; nil is silent.
	Log *slog.Logger
	// Now is the clock. Nil: the wall clock.
	Now func() schema.Instant
}

// Validate tells what is missing.
func (c *Config) Validate() error {
	switch {
	case c.Producer == nil || c.Registry == nil || c.Rejects == nil:
		return errors.New("gateway: Producer, Registry and Rejects are required")
	case c.Partitions < 1:
		return fmt.Errorf("gateway: got %d partitions, want 1 or more", c.Partitions)
	case c.MaxBody < 0 || c.MaxReadings < 0 || c.Timeout < 0:
		return fmt.Errorf("gateway: got limits of %d bytes, %d readings, %v; want 0 or more", c.MaxBody, c.MaxReadings, c.Timeout)
	}
	return nil
}

// Defaults of the limits. A request of 100,000 readings is a day of 1,000
// meters at 15 minutes; as JSON with every field it has about 20 MiB.
const (
	defaultMaxBody     = 32 << 20
	defaultMaxReadings = 100_000
	defaultTimeout     = 30 * time.Second
)

// Gateway takes pushed readings. It is safe for concurrent use.
type Gateway struct {
	config   Config
	unmapped *ingest.Unmapped
}

// New makes a gateway. The error names what the configuration lacks.
func New(config Config) (*Gateway, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	if config.MaxBody == 0 {
		config.MaxBody = defaultMaxBody
	}
	if config.MaxReadings == 0 {
		config.MaxReadings = defaultMaxReadings
	}
	if config.Timeout == 0 {
		config.Timeout = defaultTimeout
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Now == nil {
		config.Now = func() schema.Instant { return schema.InstantOf(time.Now()) }
	}
	if config.Telemetry == nil {
		config.Telemetry = silence{}
	}
	return &Gateway{config, ingest.NewUnmapped(config.Log)}, nil
}

// HeaderGateway is the request header in which a gateway says its id.
const HeaderGateway = "X-Gateway"

// identity gives the id of the calling gateway, "http" where it said none.
func (g *Gateway) identity(r *http.Request) string {
	if g.config.Gateway != nil {
		if id := g.config.Gateway(r.Context()); id != "" {
			return id
		}
	}
	id := r.Header.Get(HeaderGateway)
	if code, _ := codec.CheckMeter(id); code != schema.Accepted { // ids are like those of meters
		return "http"
	}
	return id
}

type silence struct{}

func (silence) Readings(Source, schema.Code, int) {}
func (silence) Unmapped(Source, int)              {}
func (silence) Refused(Source, int)               {}
