package promql

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	prom "github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// Handler answers the paths of Prometheus' HTTP API. Its methods are handlers of
// one path each and safe for concurrent use; GET and POST with a form mean the
// same.
type Handler struct {
	config   Config
	families []Family
	engine   *prom.Engine
	parse    parser.Parser
	turns    chan struct{} // holds a token for each query that is answered
}

// New makes a handler.
func New(config Config) (*Handler, error) {
	if config.Source == nil {
		return nil, errors.New("promql: no source")
	}
	config.Limits = config.Limits.Filled()
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Fault == nil {
		config.Fault = func(context.Context, error) (int, string) {
			return http.StatusInternalServerError, "the answer could not be made"
		}
	}
	parse := parser.NewParser(parser.Options{})
	return &Handler{
		config: config, families: config.Source.Families(), parse: parse,
		engine: newEngine(config.Limits, config.Logger, parse), turns: make(chan struct{}, config.Limits.AtOnce),
	}, nil
}

func (h *Handler) shelf(lookback time.Duration) shelf {
	return shelf{h.config.Source, h.families, lookback, h.config.Limits.Series, h.config.Limits.Samples}
}

// Query answers /api/v1/query: an expression at one moment.
func (h *Handler) Query(w http.ResponseWriter, r *http.Request) {
	h.answer(w, r, func(f *form) (*answer, error) {
		at := f.time("time", h.config.Now())
		o := f.options(h.config.Limits)
		if f.err != nil {
			return nil, f.err
		}
		return h.run(r.Context(), f, o, func(ctx context.Context) (prom.Query, error) {
			return h.engine.NewInstantQuery(ctx, h.shelf(o.lookback), o, f.text("query"), at)
		})
	})
}

// QueryRange answers /api/v1/query_range: an expression at every step.
func (h *Handler) QueryRange(w http.ResponseWriter, r *http.Request) {
	h.answer(w, r, func(f *form) (*answer, error) {
		start, end, step := f.wantTime("start"), f.wantTime("end"), f.step()
		o := f.options(h.config.Limits)
		switch {
		case f.err != nil:
			return nil, f.err
		case end.Before(start):
			return nil, badParam("end", errors.New("end timestamp must not be before start time"))
		case end.Sub(start)/step > time.Duration(h.config.Limits.Points):
			return nil, badData(fmt.Errorf("exceeded maximum resolution of %d points per timeseries. Try decreasing the query resolution (?step=XX)", h.config.Limits.Points))
		}
		return h.run(r.Context(), f, o, func(ctx context.Context) (prom.Query, error) {
			return h.engine.NewRangeQuery(ctx, h.shelf(o.lookback), o, f.text("query"), start, end, step)
		})
	})
}

// run makes a query and lets the engine answer it.
func (h *Handler) run(ctx context.Context, f *form, o options, make func(context.Context) (prom.Query, error)) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	q, err := make(ctx)
	if err != nil {
		return nil, badParam("query", err)
	}
	defer q.Close()
	if err := bounded(q, h.config.Limits.Steps); err != nil {
		return nil, err
	}
	if err := h.turn(ctx); err != nil {
		return nil, err
	}
	defer func() { <-h.turns }()
	result := q.Exec(ctx)
	if result.Err != nil {
		return nil, result.Err
	}
	a := &answer{data: appendResult(nil, result.Value, o.limit)}
	a.warnings, a.infos = result.Warnings.AsStrings(f.text("query"), 10, 10) // Prometheus shows as many
	if n := lengthOf(result.Value); o.limit > 0 && n > o.limit {
		a.warnings = append(a.warnings, "results truncated due to limit")
	}
	return a, nil
}

// turn waits until a query may be answered. Its error is what Prometheus' engine says
// of one that waited too long.
func (h *Handler) turn(ctx context.Context) error {
	select {
	case h.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return prom.ErrQueryTimeout("query queue")
		}
		return prom.ErrQueryCanceled("query queue")
	}
}

// Build answers /api/v1/status/buildinfo. Grafana reads the version to know what
// it may ask, so it is that of the Prometheus whose engine this is.
func (h *Handler) Build(w http.ResponseWriter, r *http.Request) {
	h.answer(w, r, func(*form) (*answer, error) {
		return jsonAnswer(map[string]string{
			"version": EngineVersion, "revision": "jouleline " + h.config.Version, "branch": "", "buildUser": "", "buildDate": "", "goVersion": runtime.Version(),
		})
	})
}

// EngineVersion is the release of Prometheus whose engine answers: module version
// v0.N of prometheus/prometheus is release 3.(N-300).
const EngineVersion = "3.16.0"
