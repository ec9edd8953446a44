package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"jouleline/api"
	"jouleline/api/admin"
	"jouleline/api/monitor"
	"jouleline/api/problem"
	"jouleline/api/world"
	"jouleline/ingest/pipeline"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store"
)

// apiWorld gives the API the registry that holds now, or held then.
type apiWorld struct {
	books   *supervisor
	history *world.History
}

func (w apiWorld) Registry(ctx context.Context) (*registry.Registry, error) {
	world, err := w.books.world(ctx)
	if err != nil {
		return nil, err
	}
	return world.Registry, nil
}

func (w apiWorld) RegistryAt(ctx context.Context, knownAt schema.Instant) (*registry.Registry, error) {
	return w.history.RegistryAt(ctx, knownAt)
}

func (w apiWorld) Number(meter string) (int32, bool) {
	world := w.books.known()
	if world == nil {
		return 0, false
	}
	return world.EverNumber(meter)
}

// apiRejects gives the API what was rejected or waits.
type apiRejects struct{ *store.Store }

func (r apiRejects) Rejected(ctx context.Context, after int64, limit int) ([]monitor.Reject, error) {
	rows, err := ownRejects(r.Store)(ctx, after, limit)
	return apiRejectsOf(rows), err
}

// apiDesk lets the API change what the books rest on.
type apiDesk struct {
	books    *supervisor
	replayer replayer
	// audit keeps what was done, and by whom.
	audit func(ctx context.Context, action, detail string)
}

func (d apiDesk) Import(ctx context.Context, tables registry.Tables, dryRun bool) (admin.Imported, error) {
	done, err := onBooks(d.books, func(p *pipeline.Pipeline) (pipeline.Imported, error) { return p.Import(ctx, tables, dryRun) })
	if err == nil && !dryRun {
		d.audit(ctx, "import registry", strings.Join(done.Tables, ", "))
	}
	return admin.Imported(done), err
}

func (d apiDesk) Recompute(ctx context.Context, meters []string, days schema.Validity, dryRun bool) (int, error) {
	changed, err := onBooks(d.books, func(p *pipeline.Pipeline) (int, error) { return p.Recompute(ctx, meters, days, dryRun) })
	if err == nil && !dryRun {
		detail := fmt.Sprintf("%d meters named, %d changed", len(meters), changed)
		if days != schema.Open {
			detail += fmt.Sprintf(", days from %q to %q", days.From, days.To)
		}
		d.audit(ctx, "recompute", detail)
	}
	return changed, err
}

func (d apiDesk) Replay(ctx context.Context, q admin.Replay) (admin.Replayed, error) {
	done, err := d.replayer.replay(ctx, q)
	if err == nil {
		d.audit(ctx, "replay", fmt.Sprintf("%d rejects after %d", done.Offered, q.After))
	}
	return done, err
}

// apiMutes keeps mutes, and in the audit log who changed them.
type apiMutes struct {
	*store.Store
	audit func(ctx context.Context, action, detail string)
}

func (m apiMutes) AddMute(ctx context.Context, mute schema.Mute) (int64, error) {
	id, err := m.Store.AddMute(ctx, mute)
	if err == nil {
		m.audit(ctx, "mute findings", fmt.Sprintf("%d: %s at meter %s until %s: %s", id, mute.Cause, mute.Meter, mute.Until, mute.Reason))
	}
	return id, err
}

func (m apiMutes) LiftMute(ctx context.Context, id int64, by string, at schema.Instant) (bool, error) {
	found, err := m.Store.LiftMute(ctx, id, by, at)
	if err == nil && found {
		m.audit(ctx, "lift mute", fmt.Sprint(id))
	}
	return found, err
}

// onBooks runs work on the pipeline that runs now.
func onBooks[T any](books *supervisor, work func(*pipeline.Pipeline) (T, error)) (T, error) {
	p, err := books.pipeline()
	if err != nil {
		var none T
		return none, err
	}
	done, err := work(p)
	if errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrInvalid) || errors.Is(err, pipeline.ErrStopped) {
		err = fmt.Errorf("%w: %w", problem.ErrUnavailable, err)
	}
	return done, err
}

// health tells the API whether the program can do its work.
type health struct {
	folder string
	books  *supervisor
	taking *taking
}

func (h health) NotReady(context.Context) (reasons []string) {
	for _, err := range []error{checkDisk(h.folder), h.books.Ready(), h.taking.Ready()} {
		if err != nil {
			reasons = append(reasons, err.Error())
		}
	}
	return reasons
}

// apiConfig puts together what the API needs.
func (s *server) apiConfig(push, write, metrics http.Handler, watch api.Watch, partitions int) api.Config {
	config := api.Config{
		World:     apiWorld{s.books, world.NewHistory(s.store, registry.Options{TimeZone: s.flags.TimeZone}, nil)},
		Books:     s.store,
		Rejects:   apiRejects{s.store},
		Archive:   apiArchive{s.store},
		Tokens:    apiTokens{tokenKeeper{s.store}, s.audit},
		Stream:    s.store,
		Verifier:  storeVerifier{s.store, registry.Options{TimeZone: s.flags.TimeZone}},
		Desk:      apiDesk{s.books, replayer{ownRejects(s.store), s.producer, partitions}, s.audit},
		KeptSince: s.store.KeptSince,
		Vault:     vault{s.store, s.books, s.flags.Data, s.audit, &s.copying},
		Health:    health{s.flags.Data, s.books, s.taking},
		Push:      push, Write: write, Metrics: metrics, Watch: watch,
		Panels:  s.store,
		Mutes:   apiMutes{s.store, s.audit},
		Logger:  s.log,
		Version: version(),
		Demo:    s.flags.Demo,
	}
	if s.publisher != nil {
		config.Publication = publication{s.store, s.audit}
	}
	return config
}
