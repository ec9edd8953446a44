package influx

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jouleline/metrics/calendar"
	"jouleline/schema"
	"jouleline/store"
)

// Publisher publishes until it is stopped. Run is called once.
type Publisher struct {
	config   Config
	delivery *delivery
	zones    calendar.Zones
	latest   *atlas // the version that was used last
}

// stream is a part of the outbox with a cursor of its own.
type stream struct {
	name    string
	every   time.Duration
	publish func(ctx context.Context, now *atlas, q store.TouchQuery) error
}

// Streams that are published; their names are stored.
const (
	Consumption = "consumption"
	Indicators  = "indicators"
)

// New makes a publisher. The error wraps [ErrConfig].
func New(config Config) (*Publisher, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	p := &Publisher{config: config.filled()}
	p.delivery = &delivery{config: &p.config, client: newClient(&p.config)}
	return p, nil
}

// Run publishes until the context ends. What is not published by then is when it
// runs again.
func (p *Publisher) Run(ctx context.Context) error {
	defer p.delivery.client.Close()
	p.delivery.waiting = p.tellLag
	next := map[string]time.Time{}
	for ctx.Err() == nil {
		for _, s := range p.streams() {
			if now := p.config.Clock.Now(); !now.Before(next[s.name]) {
				next[s.name] = now.Add(s.every)
				p.log(ctx, s.name, p.pass(ctx, s))
			}
		}
		more, err := p.backfill(ctx)
		p.log(ctx, "backfill", err)
		p.tellLag(ctx)
		if more && err == nil {
			continue
		}
		if p.config.Clock.Wait(ctx, p.config.Every) != nil {
			break
		}
	}
	return nil
}

// Publish publishes, once, all that waits: both streams and what backfills ask for.
// It is for whoever drives the publisher himself, in the place of Run.
func (p *Publisher) Publish(ctx context.Context) error {
	for _, s := range p.streams() {
		if err := p.pass(ctx, s); err != nil {
			return err
		}
	}
	for {
		if more, err := p.backfill(ctx); err != nil || !more {
			return err
		}
	}
}

// log tells of work that the store could not do; it is tried again.
func (p *Publisher) log(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		p.config.Log.Warn("publishing to InfluxDB is put off", "stream", what, "error", err)
	}
}

func (p *Publisher) streams() [2]*stream {
	return [2]*stream{
		{Consumption, p.config.Every, p.sendConsumption},
		{Indicators, p.config.IndicatorsEvery, p.sendIndicators},
	}
}

// pass publishes what was booked since the stream's cursor, and moves it. The first
// pass of all begins where the books stand: what is older is for a backfill.
func (p *Publisher) pass(ctx context.Context, s *stream) error {
	upto := p.config.Store.Recorded()
	cursor, begun, err := p.config.Store.Cursor(ctx, s.name)
	if err != nil {
		return err
	}
	if !begun {
		return p.config.Store.SetCursor(ctx, s.name, upto)
	}
	if upto <= cursor {
		return nil
	}
	now, err := p.atlasAt(ctx, upto, p.latest)
	if err != nil {
		return err
	}
	p.latest = now
	if err := s.publish(ctx, now, store.TouchQuery{After: cursor, Upto: upto, Days: schema.Open}); err != nil {
		return err
	}
	return p.config.Store.SetCursor(ctx, s.name, upto)
}

// sendConsumption publishes meters and buildings.
func (p *Publisher) sendConsumption(ctx context.Context, now *atlas, q store.TouchQuery) error {
	if err := p.renewConsumption(ctx, now, q); err != nil {
		return err
	}
	return p.publishDays(ctx, now, q, nil)
}

// sendIndicators publishes institutions and regions.
func (p *Publisher) sendIndicators(ctx context.Context, now *atlas, q store.TouchQuery) error {
	if err := p.renewIndicators(ctx, now, q); err != nil {
		return err
	}
	return p.publishIndicators(ctx, now, q, nil)
}

// backfill publishes one month of the oldest stretch that was asked for, and tells
// whether there is more to do.
func (p *Publisher) backfill(ctx context.Context) (more bool, err error) {
	list, err := p.config.Store.Backfills(ctx)
	if err != nil {
		return false, err
	}
	for _, b := range list {
		if b.Next >= b.To {
			continue
		}
		end := min((schema.MonthOf(b.Next) + 1).First(), b.To)
		days := schema.Validity{From: b.Next, To: end}
		q := store.TouchQuery{Upto: p.config.Store.Recorded(), Days: days}
		if p.latest, err = p.atlasAt(ctx, q.Upto, p.latest); err != nil {
			return false, err
		}
		if err := errors.Join(p.publishDays(ctx, p.latest, q, keepLossless), p.publishIndicators(ctx, p.latest, q, nil), p.publishDeclared(ctx, p.latest, days, nil)); err != nil {
			return false, fmt.Errorf("publish %s to %s again: %w", days.From, days.To, err)
		}
		return true, p.config.Store.SetBackfill(ctx, b.ID, end)
	}
	return false, nil
}

// keepLossless sends without deleting: a bucket that is filled anew has nothing to
// delete, and what a live pass must delete it deletes.
func keepLossless(t store.Touch) (store.Touch, bool) {
	t.Lossy = false
	return t, true
}

// tellLag tells how far the streams are behind.
func (p *Publisher) tellLag(ctx context.Context) {
	for _, s := range p.streams() {
		oldest, waits, err := p.config.Store.Waiting(ctx, s.name)
		switch {
		case err != nil:
			p.log(ctx, s.name, err)
		case waits:
			p.config.Watch.Lag(s.name, p.config.Clock.Now().Sub(oldest.Time()).Seconds())
		default:
			p.config.Watch.Lag(s.name, 0)
		}
	}
}
