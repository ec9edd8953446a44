package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/metrics/calendar"
	"jouleline/schema/factor"
	"jouleline/schema/plan"
	"jouleline/schema/registry"
	"jouleline/store/influx"
	"jouleline/store/influx/influxtest"
)

// jumpClock is a clock that does not wait: it jumps.
type jumpClock struct{ now time.Time }

func (c *jumpClock) Now() time.Time { return c.now }

func (c *jumpClock) Wait(ctx context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return ctx.Err()
}

// influxConfig is that of a publisher of a server's books.
func influxConfig(t testing.TB, s *testServer, url string) influx.Config {
	t.Helper()
	factors, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	official, err := plan.Load(plan.Default)
	if err != nil {
		t.Fatal(err)
	}
	return influx.Config{
		URL: url, Org: influxtest.Org, Bucket: influxtest.Bucket, Token: influxtest.Token, Step: calendar.HourStep,
		Store: s.store, Registry: registry.Options{TimeZone: s.flags.TimeZone}, Factors: factors, MinCoverage: official.MinCoverage,
		Clock: &jumpClock{now: time.Now()},
	}
}

// influxWorld is the registry of the test: the place of a building, the area of a
// school and the existence of a meter are what a change changes.
func influxWorld(owner, area, more string) registry.Tables {
	return registry.Tables{
		registry.RegionsFile:      []byte("code,name,parent\n370000,山东省,\n370100,济南市,370000\n370200,青岛市,370000\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nS1,第一中学,education,370100\nS 2,第二,education,370200\n"),
		registry.BuildingsFile:    []byte("id,institution,name,time_zone\nB1,S1,教学楼,\nB2," + owner + ",楼,\nB3,S1,UTC,Europe/Berlin\n"),
		registry.FloorAreaFile:    []byte("building,valid_from,area_m2\nB1,2020-01-01," + area + "\nB2,2020-01-01,500\n"),
		registry.HeadcountFile:    []byte("institution,valid_from,people\nS1,2020-01-01,600\nS 2,2020-01-01,50\n"),
		registry.MetersFile: []byte("id,building,carrier,use,kind,unit,register_max,max_rate,interval,gap_limit,parent\n" +
			"E1,B1,electricity,building,register,kWh,99999999.99,1000,PT1H,PT3H,\n" +
			"E1/sub,B1,electricity,building,register,kWh,99999999.99,1000,PT1H,PT3H,E1\n" +
			"W1,B1,water,building,delta,m3,,,PT1H,,\n" +
			"E2,B2,electricity,building,register,kWh,99999999.99,1000,PT1H,PT3H,\n" +
			"E3,B3,electricity,building,register,kWh,99999999.99,1000,PT1H,PT3H,\n" + more),
	}
}

// Whatever fails on the way, in the end InfluxDB holds what the API answers, of
// every meter, building, institution and region, and nothing else: through late and
// corrected readings, tombstones, changes of the registry, failures of all kinds
// before and after a request was taken, and stops in the middle.
func TestInflux_HoldsWhatTheBooksSay(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	s := mustServe(t, t.TempDir())
	fake := influxtest.New(t)
	config := influxConfig(t, s, fake.URL)
	config.BatchPoints = 100
	publish := func(ctx context.Context) error {
		p, err := influx.New(config) // nothing lives on but what is stored
		if err != nil {
			t.Fatal(err)
		}
		return p.Publish(ctx)
	}
	if err := publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.importTables(influxWorld("S1", "1000", ""))
	gateway := newForgetful(random)
	for round := range 9 {
		if round == 5 {
			s.importTables(influxWorld("S 2", "1200", "E9,B2,electricity,building,register,kWh,,,PT1H,PT3H,\n"))
		}
		if round == 7 {
			s.importTables(influxWorld("S 2", "1200", ""))
		}
		for range 1 + random.IntN(3) {
			s.push("application/json", []byte(`{"readings":[`+strings.Join(gateway.readings(), ",")+`]}`))
		}
		s.settle()
		ctx, stop := context.WithCancel(t.Context())
		requests, last := 0, random.IntN(60)
		fake.Fail(func() *influxtest.Failure {
			if requests++; requests == last && random.IntN(2) == 0 {
				stop()
			}
			if random.IntN(3) > 0 {
				return nil
			}
			kinds := []influxtest.Failure{{}, {Taken: true}, {Status: 500}, {Status: 503, RetryAfter: 3}, {Status: 429, RetryAfter: 70}, {Status: 500, Taken: true}, {Status: 401}, {Status: 404}}
			return &kinds[random.IntN(len(kinds))]
		})
		if err := publish(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("round %d: %v", round, err)
		}
		stop()
	}
	fake.Fail(nil)
	if err := publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	comparePoints(t, fake.Points(), booksAsPoints(t, s, "2023-01-01", "2024-01-01", []string{"2023-04-01", "2023-05-01", "2023-06-01", "2023-07-01"}))
	if refused, err := s.store.RefusedPoints(t.Context(), 0, 10); err != nil || len(refused) > 0 {
		t.Fatalf("refused: got %+v and %v, want none", refused, err)
	}

	// A backfill sends all of it once more, and to an empty bucket.
	empty := influxtest.New(t)
	config.URL = empty.URL
	if _, err := s.store.AddBackfill(t.Context(), mustDays(t, "2023-01-01", "2024-01-01")); err != nil {
		t.Fatal(err)
	}
	if err := publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	comparePoints(t, empty.Points(), fake.Points())
}

// knownShare is the coverage that the API tells where InfluxDB has seconds.
type knownShare float64

// comparePoints fails where two sets of points differ, and tells of the first few.
func comparePoints(t *testing.T, got, want map[string]map[string]any) {
	t.Helper()
	told := 0
	tell := func(format string, args ...any) {
		if told++; told <= 10 {
			t.Errorf(format, args...)
		}
	}
	for key, fields := range want {
		if got[key] == nil {
			tell("lacks %s %v", key, fields)
			continue
		}
		for name, value := range fields {
			if share, ok := value.(knownShare); ok {
				known, _ := got[key]["known_seconds"].(float64)
				expected, _ := got[key]["expected_seconds"].(float64)
				if math.Abs(known/expected-float64(share)) > 1e-12 {
					tell("%s: got %v of %v s known, want the share %v", key, known, expected, share)
				}
				continue
			}
			if got[key][name] != value {
				tell("%s: %s: got %v, want %v", key, name, got[key][name], value)
			}
		}
	}
	for key, fields := range got {
		if want[key] == nil {
			tell("has %s %v too many", key, fields)
		}
	}
	if len(want) < 100 {
		t.Errorf("only %d points were compared", len(want))
	}
	t.Logf("%d points, %d differences", len(want), told)
}

// forgetful is a gateway that loses, repeats, corrects and takes back readings.
type forgetful struct {
	random *rand.Rand
	at     time.Time
	total  map[string]int64 // register, in hundredths
	sent   []string         // as "meter","time","start"... of what was pushed, to be corrected
	again  int
}

func newForgetful(random *rand.Rand) *forgetful {
	return &forgetful{random: random, at: time.Date(2023, 4, 29, 16, 0, 0, 0, time.UTC), total: map[string]int64{}}
}

// readings gives a few hours of all meters, in any order, with something of the past.
func (g *forgetful) readings() (list []string) {
	for range 1 + g.random.IntN(20) {
		g.at = g.at.Add(time.Duration(1+g.random.IntN(2)) * 30 * time.Minute)
		for _, meter := range []string{"E1", "E1/sub", "E2", "E3", "E9"} {
			g.total[meter] += g.random.Int64N(4000)
			if g.random.IntN(5) > 0 {
				list = append(list, g.register(meter, g.at, g.total[meter], 0))
			}
		}
		if g.random.IntN(4) > 0 {
			start := g.at.Add(-time.Duration(1+g.random.IntN(2)) * 15 * time.Minute)
			list = append(list, fmt.Sprintf(`{"meter":"W1","time":%q,"start":%q,"value":%d.25}`, g.at.Format(time.RFC3339), start.Format(time.RFC3339), g.random.IntN(9)))
		}
	}
	g.sent = append(g.sent, list...)
	for range g.random.IntN(8) {
		g.again++
		old := strings.TrimSuffix(g.sent[g.random.IntN(len(g.sent))], "}")
		switch g.random.IntN(3) {
		case 0:
			old += fmt.Sprintf(`,"revision":%d,"deleted":true}`, g.again)
		case 1: // a value that may or may not be plausible
			head, _, _ := strings.Cut(old, `"value"`)
			old = head + fmt.Sprintf(`"value":%d.5,"revision":%d}`, g.random.IntN(500), g.again)
		default: // half an hour beside: late, and new
			meter := []string{"E1", "E2"}[g.random.IntN(2)]
			old = g.register(meter, g.at.Add(-time.Duration(g.random.IntN(200))*20*time.Minute), g.total[meter]/2, g.again)
		}
		list = append(list, old)
	}
	g.random.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
	return list
}

func (g *forgetful) register(meter string, at time.Time, hundredths int64, revision int) string {
	return fmt.Sprintf(`{"meter":%q,"time":%q,"value":%d.%02d,"revision":%d}`, meter, at.Format(time.RFC3339), hundredths/100, hundredths%100, revision)
}

// influxFlags tell a server of a fake, and to publish at once.
func influxFlags(t *testing.T, fake *influxtest.Server) InfluxFlags {
	t.Helper()
	token := filepath.Join(t.TempDir(), "token")
	writeFile(t, token, influxtest.Token+"\n")
	return InfluxFlags{
		InfluxURL: fake.URL, InfluxOrg: influxtest.Org, InfluxBucket: influxtest.Bucket, InfluxTokenFile: token,
		InfluxStep: "PT1H", InfluxEvery: 10 * time.Millisecond, InfluxIndicatorsEvery: 10 * time.Millisecond,
	}
}

// A server that is told of an InfluxDB publishes by itself, tells how far it is, and
// takes a backfill from the command line.
func TestInflux_Server(t *testing.T) {
	fake := influxtest.New(t)
	folder := t.TempDir()
	flags := embedded(folder)
	flags.InfluxFlags = influxFlags(t, fake)
	var log strings.Builder
	s := mustServeWith(t, flags, &log)
	s.importFolder(exampleRegistry)
	for _, r := range exampleReadings {
		s.push("application/json", []byte(r))
	}
	s.settle()
	const hour = "jouleline_meter,building=S1-B1,carrier=electricity,counts=yes,institution=S1,meter=E1,step=PT1H,unit=kWh,use=building 1682956800"
	const year = `jouleline_institution,class=education,indicator=energy,institution=S1,region=370102,step=P1Y,unit=kgce 1672502400`
	until(t, "the last hour and the year are published", func() bool {
		points := fake.Points()
		return points[hour] != nil && points[hour]["quantity"] == 3.5 && points[year] != nil
	})
	published := len(fake.Points())
	cli := func(args ...string) string {
		t.Helper()
		var out, bad strings.Builder
		if code := run(t.Context(), append(args, "--server", s.Server), streams{&out, &bad}); code != exitOK {
			t.Fatalf("%v: exit code %d: %s", args, code, &bad)
		}
		return out.String()
	}
	until(t, "both streams are at the end", func() bool {
		return strings.Count(cli("influx", "status"), " 0s\n") == 2
	})
	if got := cli("influx", "backfill", "--from", "2023-01-01", "--to", "2024-01-01"); !strings.HasPrefix(got, "backfill 1: 2023-01-01 to 2024-01-01") {
		t.Errorf("backfill: got %s", got)
	}
	until(t, "the backfill is done", func() bool { return strings.Contains(cli("influx", "status"), "done") })
	if got := len(fake.Points()); got < published {
		t.Errorf("got %d points after the backfill, %d before", got, published)
	}
	if got := cli("influx", "rejected", "--format", "csv"); got != "sequence,recorded,status,reason,line\n" {
		t.Errorf("rejected: got %s, want none", got)
	}
	if code := run(t.Context(), []string{"influx", "backfill", "--from", "2023-02-01", "--to", "2023-01-01", "--server", s.Server}, streams{io.Discard, io.Discard}); code != exitUsage {
		t.Errorf("a backfill that ends before it begins: got exit code %d, want %d", code, exitUsage)
	}
	body, err := s.get(t.Context(), "/metrics", nil, "text/plain")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), `jouleline_influx_lag_seconds{stream="indicators"} 0`) || strings.Contains(string(body), "jouleline_influx_points_total 0\n") {
		t.Error("metrics lack what was published")
	}
	s.stop()
	if strings.Contains(log.String(), influxtest.Token) {
		t.Error("the token is in the log")
	}
}
