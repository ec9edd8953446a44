package gateway

import (
	"encoding/json"
	"net/http"
	"testing"

	"jouleline/ingest"
	"jouleline/schema"
)

// checkAnswer asserts what holds of every answer: a status of the known ones,
// and every element in exactly one place.
func checkAnswer(t testing.TB, w *world, status int, answer []byte) {
	t.Helper()
	stored := len(w.meters(t))
	switch status {
	case http.StatusOK:
		var verdicts Verdicts
		if err := json.Unmarshal(answer, &verdicts); err != nil {
			t.Fatalf("got %s: %v", answer, err)
		}
		if verdicts.Accepted+len(verdicts.Parked) != stored || len(verdicts.Rejected) != len(w.rejected) {
			t.Fatalf("got %s, but %d readings on the topic and %d rejected", answer, stored, len(w.rejected))
		}
		seen := map[int]bool{}
		total := stored + len(verdicts.Rejected)
		for _, r := range verdicts.Rejected {
			if seen[r.Index] || r.Index < 0 || r.Index >= total || r.Code == schema.Accepted || r.Detail == "" {
				t.Fatalf("got %+v of %d", r, total)
			}
			seen[r.Index] = true
		}
		for _, p := range verdicts.Parked {
			if seen[p.Index] || p.Index < 0 || p.Index >= total || w.Known(p.Meter) {
				t.Fatalf("got %+v of %d", p, total)
			}
			seen[p.Index] = true
		}
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
		if stored > 0 {
			t.Fatalf("got status %d, but %d readings on the topic", status, stored)
		}
	default:
		t.Fatalf("got status %d %s", status, answer)
	}
}

// FuzzReadings sends any body of any type and coding.
func FuzzReadings(f *testing.F) {
	types := []string{"", "application/json", "application/x-ndjson", "text/csv", "text/csv; charset=gbk", ingest.ArrowStream}
	codings := []string{"", "gzip", "zstd"}
	body := []byte(reading("E1", "") + "\n[" + reading("X1", `,"unit":"m3"`) + "," + reading("E2", `,"unit":"m3"`) + ",5]")
	f.Add(body, uint8(0), uint8(0))
	f.Add([]byte("meter,time,value\nE1,2024-05-01T00:00:00Z,1\nX1,,\n"), uint8(3), uint8(0))
	f.Add(packGzip(f, body), uint8(1), uint8(1))
	f.Add(packZstd(f, body), uint8(2), uint8(2))
	f.Add(stream(f, "E1", "X1"), uint8(5), uint8(0))
	f.Add(packZstd(f, stream(f, "E2")), uint8(5), uint8(2))
	f.Add([]byte("\xff\xff\xff\xff\x08\x00\x00\x00\x04\x00\x00\x00\xfc\xff\xff\x7f\x00"), uint8(0), uint8(0))
	f.Fuzz(func(t *testing.T, body []byte, contentType, coding uint8) {
		w := new(world)
		config := w.config()
		config.MaxBody, config.MaxReadings = 1<<16, 100
		got := post(open(t, config).Readings(), "/", body,
			"Content-Type", types[int(contentType)%len(types)], "Content-Encoding", codings[int(coding)%len(codings)])
		checkAnswer(t, w, got.Code, got.Body.Bytes())
	})
}

// FuzzWrite sends any lines.
func FuzzWrite(f *testing.F) {
	f.Add([]byte("m,meter=E1 value=1 1714521600\nm,meter=X1,unit=m3 value=1,x=\"a\nb\"\n#\nrubbish"), "s")
	f.Add([]byte("m,meter=E1 value=1"), "h")
	f.Fuzz(func(t *testing.T, body []byte, precision string) {
		w := new(world)
		config := w.config()
		config.MaxBody, config.MaxReadings = 1<<16, 100
		request := "/?precision=" + map[string]string{"s": "s", "h": "h"}[precision]
		got := post(open(t, config).Write(), request, body)
		var answer InfluxError
		switch {
		case got.Code == http.StatusNoContent && len(w.rejected) == 0 && got.Body.Len() == 0:
		case got.Code == http.StatusBadRequest || got.Code == http.StatusRequestEntityTooLarge:
			if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil || answer.Message == "" {
				t.Fatalf("got %s", got.Body)
			}
			if got.Code != http.StatusBadRequest && len(w.records)+len(w.rejected) > 0 {
				t.Fatalf("got %d, but %d records and %d rejected are kept", got.Code, len(w.records), len(w.rejected))
			}
		default:
			t.Fatalf("got %d %s, %d rejected", got.Code, got.Body, len(w.rejected))
		}
		w.meters(t)
	})
}
