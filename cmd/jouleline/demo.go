package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"jouleline/bench/sim"
	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// DemoCmd runs a server with something to look at.
type DemoCmd struct {
	ServerFlags
	Once bool `help:"Load, print the table and stop."`
}

// Help tells what the demo loads.
func (c *DemoCmd) Help() string {
	return `Loads a registry, pushes a year of real hourly readings of 17 houses and six simulated
years of a few hundred institutions of Shandong (all named as simulated) through the HTTP
gateway and Kafka, prints the province's progress, and keeps serving. A second start finds
what the first one loaded.`
}

// pushAtOnce is how many readings a push of the demo holds.
const pushAtOnce = 5000

// Run serves and loads.
func (c *DemoCmd) Run(ctx context.Context, std streams) error {
	if err := c.keepIn("demo-data"); err != nil {
		return err
	}
	c.Demo = true
	s, err := openServer(ctx, c.ServerFlags, std)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	group, serving := errgroup.WithContext(ctx)
	group.Go(func() error { return s.Run(serving) })
	group.Go(func() error {
		err := c.load(serving, s, std)
		if err != nil || c.Once {
			stop()
		}
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return err
	})
	return group.Wait()
}

// demoLoaded is the file of the data folder that says that everything was
// loaded: what was interrupted is loaded anew, since repeats do no harm.
const demoLoaded = "demo-loaded"

// load fills the books where that was not done yet and prints the province's
// table.
func (c *DemoCmd) load(ctx context.Context, s *server, std streams) error {
	remote := &Remote{Server: s.URL(), Format: "table"}
	world, err := s.books.waitForWorld(ctx)
	if err != nil {
		return err
	}
	_, missing := os.Stat(filepath.Join(c.Data, demoLoaded))
	if len(world.Registry.Meters) == 0 || missing != nil {
		if err := fill(ctx, s, remote, std); err != nil {
			return fmt.Errorf("load the demo: %w", err)
		}
		if err := os.WriteFile(filepath.Join(c.Data, demoLoaded), nil, 0o640); err != nil {
			return fmt.Errorf("load the demo: %w", err)
		}
	}
	fmt.Fprintln(std.out, "\nThe simulated province against its plan (jouleline progress --region 370000 --year 2023):")
	progress := ProgressCmd{Remote: *remote, ScopeFlags: ScopeFlags{Region: "370000"}, Plan: "14fyp", Year: 2023, Panel: "all", Boundary: "as_is"}
	if err := progress.Run(ctx, std); err != nil {
		return err
	}
	fmt.Fprintf(std.out, `
Look around:
  %[1]s/                                   the page
  %[1]s/docs                               the API
  %[1]s/api/v1/progress?region=370000&year=2023
  %[1]s/api/v1/consumption?meter=house-01-E1&from=2023-07-01T00:00:00-08:00&to=2023-07-31T00:00:00-08:00&step=P1D
`, s.URL())
	if !c.Once {
		fmt.Fprintln(std.out, "Stop with Ctrl-C.")
	}
	return nil
}

// fill imports the registry and pushes all readings.
func fill(ctx context.Context, s *server, remote *Remote, std streams) error {
	province, err := sim.NewProvince(sim.DefaultSeed, sim.DefaultInstitutions)
	if err != nil {
		return err
	}
	houses, err := loadHouses()
	if err != nil {
		return err
	}
	tables, err := demoTables(province, houses)
	if err != nil {
		return err
	}
	packed, err := zipTables(tables)
	if err != nil {
		return err
	}
	if _, err := remote.send(ctx, http.MethodPut, "/api/v1/registry", "application/zip", bytes.NewReader(packed)); err != nil {
		return err
	}
	if err := pushAll(ctx, remote, std, "real readings of 17 houses", houses.count(), houses.readings()); err != nil {
		return err
	}
	if err := pushAll(ctx, remote, std, "simulated Shandong", province.Len(), province.Readings); err != nil {
		return err
	}
	return waitBooked(ctx, s, std)
}

// pushAll pushes readings through the gateway behind a progress bar.
func pushAll(ctx context.Context, remote *Remote, std streams, what string, count int, readings iter.Seq[schema.Reading]) error {
	bar := newBar(std.err, what, count)
	defer bar.end()
	var body []byte
	n := 0
	push := func() error {
		answer, err := remote.send(ctx, http.MethodPost, "/api/v1/readings", "application/x-ndjson", bytes.NewReader(body))
		if err != nil {
			return err
		}
		var v verdicts
		if err := json.Unmarshal(answer, &v); err != nil {
			return err
		}
		if len(v.Rejected) > 0 {
			return fmt.Errorf("%s: a reading was rejected: %s", what, v.Rejected[0].Detail)
		}
		bar.add(n)
		body, n = body[:0], 0
		return nil
	}
	for r := range readings {
		body = codec.AppendJSON(body, &r)
		if n++; n == pushAtOnce {
			if err := push(); err != nil {
				return err
			}
		}
	}
	if n == 0 {
		return nil
	}
	return push()
}

// waitBooked waits until everything that was pushed is in the books.
func waitBooked(ctx context.Context, s *server, std streams) error {
	partitions := len(s.books.config.Owned)
	want := make(map[int]int64, partitions)
	var total int64
	for _, p := range s.books.config.Owned {
		last, err := s.client.Latest(ctx, p)
		if err != nil {
			return err
		}
		want[p] = last
		total += last
	}
	bar := newBar(std.err, "booking (messages of "+ingest.TopicReadings+")", int(total))
	defer bar.end()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		var done int64
		for p, next := range s.store.Offsets() {
			done += min(next, want[p])
		}
		if bar.set(int(done)); done >= total {
			return nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
