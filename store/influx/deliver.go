package influx

import (
	"context"
	"errors"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	influxhttp "github.com/influxdata/influxdb-client-go/v2/api/http"

	"jouleline/store"
)

// delivery brings points to InfluxDB and does not give up.
type delivery struct {
	config *Config
	client *client
	// pause is how long the next failure waits; 0 after a success.
	pause time.Duration
	// waiting, where not nil, is called before each pause.
	waiting func(ctx context.Context)
}

// Pauses after failures: the first, and the longest, which is what a server that
// comes back is waited for at most.
const (
	firstPause = time.Second
	longPause  = time.Minute
)

// answer is what a failed request means.
type answer uint8

const (
	// again: the server cannot take anything now.
	again answer = iota
	// content: it takes others, but not these.
	content
)

// send writes lines until each of them is taken, or refused for itself and kept. It
// fails only where the context ends or the store does.
func (d *delivery) send(ctx context.Context, lines []string) error {
	for len(lines) > 0 {
		n := min(len(lines), d.config.BatchPoints)
		if err := d.batch(ctx, lines[:n]); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

// batch writes lines in one request, and in halves where it is refused, or takes too
// long: a server that is slow for 5,000 points would be for ever.
func (d *delivery) batch(ctx context.Context, lines []string) error {
	err := d.persist(ctx, len(lines) > 1, func() error { return d.client.put(ctx, lines) })
	var refused *influxhttp.Error
	switch {
	case err == nil:
		d.config.Watch.Sent(len(lines))
		return nil
	case !errors.As(err, &refused):
		return err
	case len(lines) == 1 || len(lines) >= manyLines && dropped(refused.Message) == len(lines):
		return d.keep(ctx, lines, refused)
	}
	half := len(lines) / 2
	if err := d.batch(ctx, lines[:half]); err != nil {
		return err
	}
	return d.batch(ctx, lines[half:])
}

// erase deletes points; a deletion that is refused is kept like a point.
func (d *delivery) erase(ctx context.Context, e erasure) error {
	err := d.persist(ctx, false, func() error { return d.client.erase(ctx, e) })
	var refused *influxhttp.Error
	switch {
	case err == nil:
		d.config.Watch.Erased(1)
		return nil
	case !errors.As(err, &refused):
		return err
	}
	return d.keep(ctx, []string{e.query()}, refused)
}

// persist repeats a request until it succeeds or is refused for its content, or, where
// it is divisible, takes too long; then the error is the *influxhttp.Error. Any other
// error is the context's.
func (d *delivery) persist(ctx context.Context, divisible bool, request func() error) error {
	for {
		err := request()
		if err == nil {
			if d.pause > 0 {
				d.config.Log.Info("InfluxDB takes points again")
			}
			d.pause = 0
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var failed *influxhttp.Error
		if !errors.As(err, &failed) {
			failed = influxhttp.NewError(err)
		}
		means, kind := read(failed)
		if means == content {
			return failed
		}
		first := d.pause == 0
		d.pause = min(max(2*d.pause, firstPause), longPause)
		wait := max(d.pause, time.Duration(failed.RetryAfter)*time.Second)
		d.config.Watch.Trouble(kind)
		if first {
			d.config.Log.Warn("InfluxDB cannot be written to; trying on", "kind", kind, "error", failed)
		}
		if d.waiting != nil {
			d.waiting(ctx)
		}
		if err := d.config.Clock.Wait(ctx, wait); err != nil {
			return err
		}
		var late net.Error
		if divisible && errors.As(err, &late) && late.Timeout() {
			return failed
		}
	}
}

// read tells what an answer means. 401, 403 and 404 are for the operator to mend,
// by a token or a bucket, and the points wait for it; so is whatever is not about
// the points.
func read(e *influxhttp.Error) (means answer, kind string) {
	switch e.StatusCode {
	case http.StatusRequestEntityTooLarge:
		return content, ""
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		switch {
		case strings.Contains(e.Message, noOrganization):
			return again, "not_found"
		case !fromInflux(e):
			return again, "failed"
		}
		return content, ""
	case http.StatusUnauthorized, http.StatusForbidden:
		return again, "denied"
	case http.StatusNotFound:
		return again, "not_found"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return again, "busy"
	case 0:
		return again, "unreachable"
	}
	return again, "failed"
}

// noOrganization is in the 400 of a 2.x that is not told an organization.
const noOrganization = "orgID or org"

// fromInflux tells whether InfluxDB itself answers: 1.8 and 2.x refuse points in
// JSON. A proxy, or the TLS port that is spoken to without, has a text of its own.
func fromInflux(e *influxhttp.Error) bool {
	return strings.Contains(e.Header.Get("Content-Type"), "json")
}

// manyLines is from how many lines on one reason for all of them is good enough: a
// batch that is dropped whole is beyond the retention. Fewer are halved, since the
// answer names one reason only, and each may have its own.
const manyLines = 16

var droppedCount = regexp.MustCompile(`dropped=(\d+)`)

// dropped gives how many points a partial write says that it dropped, so that a
// batch that is older than the bucket's retention is not halved for nothing.
func dropped(message string) int {
	found := droppedCount.FindStringSubmatch(message)
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		return 0
	}
	return n
}

// reasonLimit bounds the text that is kept of a refusal.
const reasonLimit = 1000

// keep stores points that are refused for themselves.
func (d *delivery) keep(ctx context.Context, lines []string, why *influxhttp.Error) error {
	reason := why.Message
	if reason == "" {
		reason = why.Error()
	}
	if len(reason) > reasonLimit {
		reason = reason[:reasonLimit]
	}
	rows := make([]store.Refused, len(lines))
	for i, line := range lines {
		rows[i] = store.Refused{Status: why.StatusCode, Reason: reason, Line: line}
	}
	if err := d.config.Store.AddRefused(ctx, rows); err != nil {
		return err
	}
	d.config.Watch.Refused(len(lines))
	d.config.Log.Warn("InfluxDB refuses points; they are kept with the reason", "points", len(lines), "status", why.StatusCode, "reason", reason)
	return nil
}
