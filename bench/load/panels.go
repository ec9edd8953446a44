package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"jouleline/api"
	"jouleline/api/admin"
	"jouleline/api/monitor"
	"jouleline/ingest/pipeline"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// panels is the API of a stand on the loopback, asked as Grafana's Prometheus
// data source asks it. It has what questions about series need, and no more.
type panels struct {
	api    *api.Server
	server *http.Server
	base   string
}

// settled is the world of a stand whose registry does not change any more.
type settled struct{ *pipeline.World }

func (w settled) Registry(context.Context) (*registry.Registry, error) { return w.World.Registry, nil }

func (w settled) RegistryAt(context.Context, schema.Instant) (*registry.Registry, error) {
	return nil, errNotAsked
}

// errNotAsked tells that a row asked for what no panel shows.
var errNotAsked = errors.New("not asked for")

// unasked is what the API needs and panels do not ask: its methods are those of
// nil interfaces.
type unasked struct {
	monitor.Rejects
	admin.Desk
}

// NotReady gives no reasons.
func (unasked) NotReady(context.Context) []string { return nil }

// openPanels serves the panels of a stand; now is what the clock shows.
func openPanels(s *stand, world *pipeline.World, now schema.Instant) (*panels, error) {
	config := api.Config{
		World: settled{world}, Books: s.store, Panels: s.store, Rejects: unasked{}, Desk: unasked{}, Health: unasked{},
		Now: now.Time,
	}
	made, err := api.New(config)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &panels{made, &http.Server{Handler: made.Handler(), ReadHeaderTimeout: time.Minute}, "http://" + l.Addr().String() + "/prometheus/api/v1/"}
	go func() { _ = p.server.Serve(l) }() // it ends with close, and says so
	return p, nil
}

func (p *panels) close() error { return p.server.Close() }

// point is a moment in Unix seconds and a value.
type point struct {
	at    float64
	value float64
}

// over asks for an expression at every step of a stretch: the points of each
// series.
func (p *panels) over(ctx context.Context, expression string, from, to schema.Instant, step time.Duration) ([][]point, error) {
	values := url.Values{
		"query": {expression}, "start": {from.String()}, "end": {to.String()}, "step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+"query_range?"+values.Encode(), nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Error string
		Data  struct {
			Result []struct{ Values [][2]any }
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil || response.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("%w: %s: got status %d, %s", errWrong, expression, response.StatusCode, answer.Error), err)
	}
	series := make([][]point, len(answer.Data.Result))
	for i := range series {
		for _, v := range answer.Data.Result[i].Values {
			at, _ := v[0].(float64)
			text, _ := v[1].(string)
			value, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return nil, fmt.Errorf("%w: %s: got %v, want a moment and a value", errWrong, expression, v)
			}
			series[i] = append(series[i], point{at, value})
		}
	}
	return series, nil
}
