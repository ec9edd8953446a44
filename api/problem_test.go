package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"jouleline/api"
	"jouleline/api/ledger"
	"jouleline/api/problem"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

func TestBadQuestions(t *testing.T) {
	h := serve(t, countyConfig(t))
	f := func(target string, status int, texts ...string) {
		t.Helper()
		refused(t, get(t, h, target), status, texts...)
	}
	const stretch = "from=2023-05-01T00:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00"
	f("/api/v1/nothing", 404, "no such page", "/api/v1/nothing")
	f("/api/v1/progress?region=370000", 422, "query.year", "required")
	f("/api/v1/progress?year=2023", 422, "got 0 of region, department, class, institution, want exactly one")
	f("/api/v1/progress?year=2023&region=370000&class=health", 422, "got 2 of")
	f("/api/v1/progress?year=next&region=370000", 422, "query.year", `got \"next\"`)
	f("/api/v1/progress?year=2019&region=370000", 422, "before the base year")
	f("/api/v1/progress?year=2030&region=370000", 422, "no day of it has passed")
	f("/api/v1/progress?year=2023&region=371300", 404, "371300", "not in the registry")
	f("/api/v1/progress?year=2023&institution=nobody", 404, "nobody")
	f("/api/v1/progress?year=2023&region=370000&plan=15fyp", 422, "15fyp", "want 14fyp")
	f("/api/v1/progress?year=2023&region=370000&factor_set=own", 422, "own", "gbt2589-2020, db37-2019")
	f("/api/v1/progress?year=2023&region=370000&factor_mode=often", 422, "factor_mode")
	f("/api/v1/progress?year=2023&region=370000&panel=some", 422, "panel")
	f("/api/v1/progress?year=2023&region=370000&yaer=2024", 422, "yaer", "unknown query parameter")
	f("/api/v1/progress?year=2023&region=370000&known_at=2027-01-01T00:00:00Z", 422, "a moment that has passed")
	f("/api/v1/progress?year=2023&region=370000&known_at=yesterday", 422, "yesterday", "RFC 3339")
	f("/api/v1/progress?year=2023&region=370000&known_at=0001-01-01T00:00:00Z", 422, "1970")
	f("/api/v1/progress/breakdown?year=2023&region=370000", 422, "query.by")
	f("/api/v1/progress/breakdown?year=2023&region=370000&by=street", 422, "query.by")

	f("/api/v1/consumption?meter=a", 422, "query.from")
	f("/api/v1/consumption?"+stretch, 422, "got 0 of meter, building, region")
	f("/api/v1/consumption?meter=a&from=2023-05-03T00:00:00%2B08:00&to=2023-05-01T00:00:00%2B08:00", 422, "want from before to")
	f("/api/v1/consumption?meter=a&from=2023-05-01&to=2023-05-02", 422, "2023-05-01", "RFC 3339 with an offset")
	f("/api/v1/consumption?meter=nothing&"+stretch, 404, "nothing", "not known")
	f("/api/v1/consumption?building=nothing&carrier=heat&"+stretch, 404, "nothing")
	f("/api/v1/consumption?institution=nothing&carrier=heat&"+stretch, 404, "nothing")
	f("/api/v1/consumption?department=nothing&carrier=heat&"+stretch, 404, "nothing")
	f("/api/v1/consumption?meter=a&carrier=water&"+stretch, 422, "want electricity or none")
	f("/api/v1/consumption?building=A1&"+stretch, 422, "carrier: got none")
	f("/api/v1/consumption?region=370000&"+stretch, 422, "carrier")
	f("/api/v1/consumption?building=A1&carrier=steam&"+stretch, 422, "query.carrier")
	f("/api/v1/consumption?meter=a&step=PT5M&"+stretch, 422, "query.step")
	f("/api/v1/consumption?region=370000&carrier=electricity&step=PT1H&"+stretch, 422, "finer steps are for a meter")
	f("/api/v1/consumption?region=370000&carrier=electricity&from=2023-05-01T08:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00", 422, "beginning of a day in Asia/Shanghai", "2023-05-01T00:00:00+08:00")
	f("/api/v1/consumption?region=370000&carrier=electricity&step=P1D&from=2020-01-01T00:00:00%2B08:00&to=2023-01-01T00:00:00%2B08:00", 422, "more than 120 points")
	f("/api/v1/consumption?meter=a&step=PT15M&from=2000-01-01T00:00:00%2B08:00&to=2023-01-01T00:00:00%2B08:00", 422, "more than 40000 points")
	f("/api/v1/consumption?institution=B&carrier=electricity&step=P1D&from=2023-05-01T08:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00", 422, "different calendars")

	f("/api/v1/indicators?region=370000&"+stretch+"&indicator=joy", 422, "query.indicator")
	f("/api/v1/indicators?region=370000&"+stretch+"&step=P1D", 422, "query.step")
	f("/api/v1/indicators?region=370000&from=2023-05-01T08:00:00%2B08:00&to=2023-05-03T00:00:00%2B08:00", 422, "beginning of a day")
	f("/api/v1/indicators?region=370000&from=1990-01-01T00:00:00%2B08:00&to=2023-01-01T00:00:00%2B08:00", 422, "more than 120 points")
	f("/api/v1/indicators?region=nowhere&"+stretch, 404, "nowhere")

	f("/api/v1/readings?"+stretch, 422, "query.meter")
	f("/api/v1/readings?meter=a&limit=0&"+stretch, 422, "query.limit")
	f("/api/v1/readings?meter=a&limit=99999&"+stretch, 422, "want at most 10000")
	f("/api/v1/quality?region=370000&limit=99999&"+stretch, 422, "want at most 1000")
	f("/api/v1/registry/secrets", 404, "secrets", "meters.csv")
	f("/api/v1/registry/..%2Fmeters", 404)
	f("/api/v1/rejected?limit=99999", 422, "want at most 1000")
	f("/api/v1/rejected?after=-1", 422, "query.after")
	f("/api/v1/progress?region="+strings.Repeat("9", 5000), 414, "want at most 4096")
	f("/api/v1/progress?year=2023&region="+strings.Repeat("9", 100), 422, "query.region")
}

// A plus sign that nobody escaped is meant.
func TestTime_UnescapedPlus(t *testing.T) {
	h := serve(t, newConfig(t))
	a := decode[ledger.ConsumptionAnswer](t, get(t, h, "/api/v1/consumption?meter=E1&from=2023-05-01T22:00:00+08:00&to=2023-05-02T02:00:00+08:00&step=PT1H"))
	if len(a.Points) != 4 {
		t.Errorf("got %d points, want 4", len(a.Points))
	}
}

func TestMethods(t *testing.T) {
	h := serve(t, newConfig(t))
	w := call(t, h, http.MethodDelete, "/api/v1/readings", nil)
	refused(t, w, 405, "got DELETE, want GET, POST")
	if got := w.Header().Get("Allow"); got != "GET, POST" {
		t.Errorf("got Allow %q, want GET, POST", got)
	}
	if w := call(t, h, http.MethodHead, "/api/v1/nothing", nil); w.Code != 404 || w.Body.Len() != 0 {
		t.Errorf("HEAD: got status %d and %d bytes, want 404 and none", w.Code, w.Body.Len())
	}
}

// Faults that are not the caller's keep their inside to themselves.
func TestFaults(t *testing.T) {
	f := func(fault error, status int, texts ...string) {
		t.Helper()
		config := newConfig(t)
		config.Books = &fakeBooks{PointsFunc: func(context.Context, []posting.Stretch, schema.Instant) ([]posting.Reading, error) {
			return nil, fmt.Errorf("SELECT secret: %w", fault)
		}}
		w := get(t, serve(t, config), questions["readings"])
		p := refused(t, w, status, texts...)
		if strings.Contains(w.Body.String(), "secret") && !errors.Is(fault, problem.ErrUnavailable) {
			t.Errorf("got %s, want nothing of the inside", w.Body)
		}
		if p.Instance != "urn:jouleline:request:"+w.Header().Get("X-Request-Id") {
			t.Errorf("got instance %q, want the request's name %q", p.Instance, w.Header().Get("X-Request-Id"))
		}
		if status == 503 && w.Header().Get("Retry-After") == "" {
			t.Error("got no Retry-After")
		}
	}
	f(errors.New("disk on fire"), 500, "the log says why")
	f(context.DeadlineExceeded, 503, "took too long")
	f(context.Canceled, 503, "took too long")
	f(problem.ErrUnavailable, 503, "not available")
}

func TestPanic_IsAProblem(t *testing.T) {
	config := newConfig(t)
	config.World = &fakeWorld{RegistryFunc: func(context.Context) (*registry.Registry, error) { panic("boom") }}
	w := get(t, serve(t, config), questions["readings"])
	refused(t, w, 500)
	if strings.Contains(w.Body.String(), "boom") {
		t.Errorf("got %s, want nothing of the inside", w.Body)
	}
}

func TestQuestions_EndInTime(t *testing.T) {
	config := newConfig(t)
	config.Limits.Ask = time.Millisecond
	config.Books = &fakeBooks{PointsFunc: func(ctx context.Context, _ []posting.Stretch, _ schema.Instant) ([]posting.Reading, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	refused(t, get(t, serve(t, config), questions["readings"]), 503, "took too long")
}

func TestNew_Refuses(t *testing.T) {
	if _, err := api.New(api.Config{}); err == nil || !strings.Contains(err.Error(), "required") {
		t.Errorf("got %v, want an error that names what is required", err)
	}
}
