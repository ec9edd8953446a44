package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/codec"
)

func TestReadings_VerdictForEach(t *testing.T) {
	w := new(world)
	body := `{"readings":[` + strings.Join([]string{
		reading("E1", ""),
		reading("W1", ""),
		`{"meter":"E1","time":"2024-05-01T00:00:00Z","value":"1"}`,
		reading("E2", `,"unit":"m3"`),
		reading("E2", `,"unit":"MWh"`),
		reading("E2", `,"unit":"parsec"`),
		reading("W2", `,"unit":"m3"`),
		`7`,
	}, ",") + `]}`
	got := post(open(t, w.config()).Readings(), "/api/v1/readings", []byte(body), "Content-Type", "application/json", HeaderGateway, "GW7")
	want := `{"accepted":2,"parked":[{"index":1,"meter":"W1"},{"index":6,"meter":"W2"}],"rejected":[` +
		`{"index":2,"code":"bad_value","detail":"value: got the text \"1\", want a decimal number"},` +
		`{"index":3,"code":"incompatible_unit","detail":"unit: got m3 of E2, want a unit of energy"},` +
		`{"index":5,"code":"unknown_unit","detail":"unknown unit: got \"parsec\", want`
	if got.Code != http.StatusOK || got.Header().Get("Content-Type") != "application/json" || !strings.HasPrefix(got.Body.String(), want) {
		t.Errorf("got %d %v\n%s\nwant\n%s", got.Code, got.Header(), got.Body, want)
	}
	meters := w.meters(t)
	if slices.Sort(meters); !slices.Equal(meters, []string{"E1", "E2", "W1", "W2"}) {
		t.Errorf("got the meters %v on the topic", meters)
	}
	if len(w.rejected) != 4 {
		t.Fatalf("got %d rejected, want 4", len(w.rejected))
	}
	for i, want := range []struct {
		code     schema.Code
		original string
	}{
		{schema.BadValue, `{"meter":"E1","time":"2024-05-01T00:00:00Z","value":"1"}`},
		{schema.IncompatibleUnit, reading("E2", `,"unit":"m3"`)},
		{schema.UnknownUnit, reading("E2", `,"unit":"parsec"`)},
		{schema.Malformed, "7"},
	} {
		r := w.rejected[i]
		if r.Code != want.code || string(r.Original) != want.original || r.Source != "GW7" || r.Received != received || r.Detail == "" {
			t.Errorf("rejected %d: got %+v, want %v", i, r, want)
		}
	}
	if counts := w.counts[FromReadings]; counts[schema.Accepted] != 2 || counts[schema.Parked] != 2 || counts[schema.BadValue] != 1 || len(counts) != 6 || len(w.refused) != 0 {
		t.Errorf("counted %v, refused %v", counts, w.refused)
	}
}

// TestReadings_EveryCode sends one reading for each code that the gateway gives.
func TestReadings_EveryCode(t *testing.T) {
	f := func(element string, want schema.Code) {
		t.Helper()
		w := new(world)
		config := w.config()
		config.Allow = func(_ context.Context, meter string) (bool, error) { return meter != "E9", nil }
		got := post(open(t, config).Readings(), "/", []byte("["+reading("E1", "")+","+element+"]"))
		var verdicts Verdicts
		if err := json.Unmarshal(got.Body.Bytes(), &verdicts); err != nil || got.Code != http.StatusOK {
			t.Fatalf("%s: got %d %s", element, got.Code, got.Body)
		}
		switch {
		case want == schema.Accepted && verdicts.Accepted == 2:
		case want == schema.Parked && len(verdicts.Parked) == 1 && verdicts.Parked[0].Index == 1 && verdicts.Accepted == 1:
		case len(verdicts.Rejected) == 1 && verdicts.Rejected[0].Index == 1 && verdicts.Rejected[0].Code == want && verdicts.Rejected[0].Detail != "":
			if len(w.rejected) != 1 || w.rejected[0].Source != "http" {
				t.Errorf("%s: got rejected %+v", element, w.rejected)
			}
		default:
			t.Errorf("%.200s: got %s, want %q", element, got.Body, want)
		}
	}
	f(reading("E2", ""), schema.Accepted)
	f(reading("X2", ""), schema.Parked)
	f(reading("E9", ""), schema.Forbidden)
	f(reading("", ""), schema.MissingMeter)
	f(reading(strings.Repeat("E", 129), ""), schema.BadMeter)
	f(reading("\xff", ""), schema.BadEncoding)
	f(reading("E1", `,"unit":"parsec"`), schema.UnknownUnit)
	f(reading("E1", `,"unit":"kg"`), schema.IncompatibleUnit)
	f(reading("E1", `,"kind":"guess"`), schema.UnknownKind)
	f(reading("E1", `,"start":"2024-05-01T00:00:00Z"`), schema.BadStart)
	f(reading("E1", `,"revision":-1`), schema.BadRevision)
	f(reading("E1", `,"register":-1`), schema.BadRegister)
	f(reading("E1", `,"value":1e30`), schema.OutOfRange)
	f(reading("E1", `,"value":NaN`), schema.BadValue)
	f(reading("E1", `,"value":null`), schema.MissingValue)
	f(reading("E1", `,"time":null`), schema.MissingTime)
	f(reading("E1", `,"time":"1969-12-31T00:00:00Z"`), schema.BadTime)
	f(reading("E1", `,"time":"2024-05-01T01:10:01Z"`), schema.FutureTime)
	f(reading("E1", `,"time":"2024-05-01T01:10:00Z"`), schema.Accepted)
	f(reading("E1", `,"note":"`+strings.Repeat("x", codec.MaxElement)+`"`), schema.TooLarge)
	f(`7`, schema.Malformed)
}

func TestReadings_FormatByContentType(t *testing.T) {
	f := func(contentType, body string, status, accepted int) {
		t.Helper()
		w := new(world)
		got := post(open(t, w.config()).Readings(), "/", []byte(body), "Content-Type", contentType)
		if got.Code != status || len(w.meters(t)) != accepted {
			t.Errorf("%s: got %d %s, %d readings on the topic; want %d and %d", contentType, got.Code, got.Body, len(w.meters(t)), status, accepted)
		}
	}
	one := reading("E1", "")
	table := "meter,time,value\nE1,2024-05-01T00:00:00Z,1\nE2,2024-05-01T00:00:00Z,1\n"
	f("application/json", one, 200, 1)
	f("application/json; charset=utf-8", "["+one+"]", 200, 1)
	f("application/x-ndjson", one+"\n"+one, 200, 2)
	f("text/csv", table, 200, 2)
	f("", one, 200, 1)
	f("", " ["+one+"]", 200, 1)
	f("", table, 200, 2)
	f("application/x-www-form-urlencoded", one, 200, 1)
	f("application/x-www-form-urlencoded", table, 200, 2)
	f("application/json", "[]", 200, 0)
	f("text/csv", "meter,time,value\n", 200, 0)
	f("text/csv", one, 400, 0)
	f("application/json", table, 400, 0)
	f("application/json", one+table, 200, 1) // what was decoded before is kept
	f("text/plain", "m,meter=E1 value=1", 415, 0)
	f("text/csv; charset=gbk", table, 415, 0)
	f("image/png", one, 415, 0)
	f("/", one, 415, 0)
}

func TestReadings_Problems(t *testing.T) {
	f := func(status int, code schema.Code, body []byte, headers ...string) {
		t.Helper()
		w := new(world)
		config := w.config()
		config.MaxBody, config.MaxReadings = 1000, 10
		got := post(open(t, config).Readings(), "/", body, headers...)
		var problem Problem
		if err := json.Unmarshal(got.Body.Bytes(), &problem); err != nil || got.Header().Get("Content-Type") != "application/problem+json" {
			t.Fatalf("got %v %s: %v", got.Header(), got.Body, err)
		}
		if got.Code != status || problem.Status != status || problem.Code != code || problem.Title != http.StatusText(status) || problem.Detail == "" || problem.Type != "about:blank" {
			t.Errorf("got %d %+v, want %d %s", got.Code, problem, status, code)
		}
		if len(w.records) != 0 || w.refused[status] != 1 {
			t.Errorf("%d: got %d records, refused %v", status, len(w.records), w.refused)
		}
		if (len(problem.Rejected) > 0) != (len(w.rejected) > 0) {
			t.Errorf("%d: told %d rejected, kept %d", status, len(problem.Rejected), len(w.rejected))
		}
	}
	f(400, schema.Malformed, nil)
	f(400, schema.Malformed, []byte(" \n"))
	f(400, schema.Malformed, []byte("rubbish"))
	f(400, schema.Malformed, []byte("[1,2]"))
	f(400, schema.BadEncoding, []byte("\xff\xfe[\x00"), "Content-Type", "application/json")
	f(400, schema.Malformed, []byte("not gzip"), "Content-Encoding", "gzip")
	f(400, schema.Malformed, []byte("not zstd"), "Content-Encoding", "zstd")
	f(415, codeUnsupported, []byte("x"), "Content-Encoding", "br")
	f(415, codeUnsupported, []byte("x"), "Content-Type", "image/png")
	f(413, schema.TooLarge, bytes.Repeat([]byte(" "), 1001))
	f(413, schema.TooLarge, bytes.Repeat([]byte("{}"), 11))
	f(413, schema.TooLarge, []byte(strings.Repeat(reading("E1", ""), 11)))
}

func TestReadings_OnlyPost(t *testing.T) {
	w := new(world)
	g := open(t, w.config())
	for _, handler := range []http.Handler{g.Readings(), g.Write()} {
		got := httptest.NewRecorder()
		handler.ServeHTTP(got, httptest.NewRequest(http.MethodPut, "/", strings.NewReader("{}")))
		if got.Code != http.StatusMethodNotAllowed || got.Header().Get("Allow") != "POST" {
			t.Errorf("got %d %v", got.Code, got.Header())
		}
	}
}

func TestReadings_RecordsAreFewAndBounded(t *testing.T) {
	f := func(readings, meters, wantRecords int, more string) {
		t.Helper()
		w := new(world)
		var body bytes.Buffer
		for i := range readings {
			fmt.Fprintf(&body, `{"meter":"E%d","time":"2024-05-01T00:00:00Z","value":%d%s}`+"\n", i%meters, i, more)
		}
		config := w.config()
		config.MaxReadings = readings
		if got := post(open(t, config).Readings(), "/", body.Bytes(), HeaderGateway, "GW7"); got.Code != http.StatusOK {
			t.Fatalf("got %d %s", got.Code, got.Body)
		}
		if got := len(w.meters(t)); got != readings {
			t.Errorf("got %d readings on the topic, want %d", got, readings)
		}
		if len(w.records) != wantRecords {
			t.Errorf("%d readings of %d meters: got %d records, want %d", readings, meters, len(w.records), wantRecords)
		}
		last := map[string]schema.Quantity{} // readings of a meter keep their order
		for _, record := range w.records {
			var d codec.Decoder
			d.Reset(codec.Format{Encoding: codec.JSON}, record.Value, received)
			for d.Next() {
				s := d.Scanned()
				if before, ok := last[string(s.Meter)]; ok && s.Reading.Value <= before {
					t.Fatalf("meter %s: %v comes after %v", s.Meter, s.Reading.Value, before)
				}
				last[string(s.Meter)] = s.Reading.Value
			}
			if meters > 100 && string(record.Key) != "GW7" {
				t.Errorf("got key %s, want the gateway's id", record.Key)
			}
		}
	}
	f(1, 1, 1, "")
	f(12_000, 1, 3, "")
	f(1000, 1000, partitions, "")
	f(2500, 1, 2, "."+strings.Repeat("1", 200)) // more than 512 KiB
}

func TestReadings_GatewayOfTheTokenCounts(t *testing.T) {
	f := func(token, header, want string) {
		t.Helper()
		w := new(world)
		config := w.config()
		config.Gateway = func(context.Context) string { return token }
		post(open(t, config).Readings(), "/", []byte("{}"), HeaderGateway, header)
		if len(w.rejected) != 1 || w.rejected[0].Source != want {
			t.Errorf("token of %q, header %q: got %+v, want %q", token, header, w.rejected, want)
		}
	}
	f("GW1", "GW2", "GW1")
	f("", "GW2", "GW2")
	f("", "", "http")
	f("", "a\tb", "http")
	f("", strings.Repeat("x", 129), "http")
}

// Who misspells the name of the list is told which name that was, and which there
// are.
func TestReadings_MisspeltList(t *testing.T) {
	w := new(world)
	body := []byte(`{"reading":[{"meter":"E1","time":"2024-05-01T00:00:00Z","value":1}]}`)
	got := post(open(t, w.config()).Readings(), "/", body, "Content-Type", "application/json")
	var v Verdicts
	if err := json.Unmarshal(got.Body.Bytes(), &v); err != nil || len(v.Rejected) != 1 || v.Rejected[0].Code != schema.MissingMeter ||
		!strings.Contains(v.Rejected[0].Detail, `unknown name "reading", known are meter, time, value`) || !strings.Contains(v.Rejected[0].Detail, "or readings with an array") {
		t.Errorf("got %d %s, %v", got.Code, got.Body, err)
	}
}
