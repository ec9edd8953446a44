package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"jouleline/api/admin"
	"jouleline/schema"
)

// fakePublication has points that were refused, and remembers what was asked of it.
type fakePublication struct {
	points []admin.RefusedPoint
	asked  []schema.Validity
}

func (f *fakePublication) Published(context.Context) (admin.Published, error) {
	return admin.Published{Streams: []admin.PublishedStream{{Stream: "consumption", LagSeconds: 2}}, Backfills: []admin.PublishedBackfill{}}, nil
}

func (f *fakePublication) RefusedPoints(_ context.Context, after int64, limit int) ([]admin.RefusedPoint, error) {
	rows := f.points[min(after, int64(len(f.points))):]
	return rows[:min(limit, len(rows))], nil
}

func (f *fakePublication) Backfill(_ context.Context, days schema.Validity) (int64, error) {
	f.asked = append(f.asked, days)
	return int64(len(f.asked)), nil
}

func TestInflux_WithoutOne(t *testing.T) {
	h := serve(t, newConfig(t))
	refused(t, get(t, h, "/api/v1/influx"), 503, "--influx-url")
	refused(t, get(t, h, "/api/v1/influx/rejected"), 503, "--influx-url")
	refused(t, call(t, h, http.MethodPost, "/api/v1/influx/backfill", strings.NewReader(`{"from":"2024-01-01","to":"2024-02-01"}`), "Content-Type", "application/json"), 503, "--influx-url")
}

func TestInflux_PagesAndBackfills(t *testing.T) {
	config := newConfig(t)
	publication := &fakePublication{}
	for i := range 5 {
		publication.points = append(publication.points, admin.RefusedPoint{Sequence: int64(i + 1), Status: 422, Reason: "why", Line: "m f=1 0"})
	}
	config.Publication = publication
	h := serve(t, config)
	if a := decode[admin.Published](t, get(t, h, "/api/v1/influx")); len(a.Streams) != 1 || a.Streams[0].LagSeconds != 2 {
		t.Errorf("got %+v, want the stream", a)
	}
	a := decode[admin.InfluxRejectedAnswer](t, get(t, h, "/api/v1/influx/rejected?limit=2&after=1"))
	if len(a.Rejected) != 2 || a.Rejected[0].Sequence != 2 || a.Next == nil || *a.Next != 3 {
		t.Errorf("got %+v, want 2 and 3, next 3", a)
	}
	if a = decode[admin.InfluxRejectedAnswer](t, get(t, h, "/api/v1/influx/rejected?after=3")); len(a.Rejected) != 2 || a.Next != nil {
		t.Errorf("got %+v, want the last two", a)
	}
	refused(t, get(t, h, "/api/v1/influx/rejected?limit=99999"), 422, "want at most 1000")
	post := func(body string) *responseRecorder {
		return call(t, h, http.MethodPost, "/api/v1/influx/backfill", strings.NewReader(body), "Content-Type", "application/json")
	}
	if a := decode[admin.InfluxBackfillAnswer](t, post(`{"from":"2024-01-01","to":"2024-02-01"}`)); a.ID != 1 || publication.asked[0] != (schema.Validity{From: schema.DayOf(2024, 1, 1), To: schema.DayOf(2024, 2, 1)}) {
		t.Errorf("got %+v for %v", a, publication.asked)
	}
	refused(t, post(`{"from":"2024-02-01","to":"2024-02-01"}`), 422, "want from before to")
	refused(t, post(`{"from":"0024-02-01","to":"2024-02-01"}`), 422, "between 1900 and 2200")
	refused(t, post(`{"from":"soon","to":"2024-02-01"}`), 422)
	if len(publication.asked) != 1 {
		t.Errorf("got %d backfills, want 1", len(publication.asked))
	}
}
