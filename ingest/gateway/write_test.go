package gateway

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jouleline/schema"
)

func TestWrite_NamesBadLinesWhenTheGoodOnesAreStored(t *testing.T) {
	f := func(body string, status int, message string, meters ...string) {
		t.Helper()
		w := new(world)
		got := post(open(t, w.config()).Write(), "/api/v2/write?org=o&bucket=b&precision=s", []byte(body), HeaderGateway, "GW7")
		if got.Code != status {
			t.Errorf("%q: got %d %s, want %d", body, got.Code, got.Body, status)
		}
		if status == http.StatusNoContent {
			if got.Body.Len() > 0 {
				t.Errorf("%q: got the body %s", body, got.Body)
			}
		} else {
			var answer InfluxError
			if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil || answer.Code != "invalid" || !strings.HasPrefix(answer.Message, message) {
				t.Errorf("%q: got %s, want %s", body, got.Body, message)
			}
		}
		stored := w.meters(t)
		if slices.Sort(stored); !slices.Equal(stored, meters) {
			t.Errorf("%q: got the meters %v on the topic, want %v", body, stored, meters)
		}
	}
	f("m,meter=E1 value=1 1714521600\nm,meter=X2 value=1\n", 204, "", "E1", "X2")
	f("#\n\nm,meter=E1 value=1\nm,meter=E2 value=x\n\nm,meter=E3 value=1 1714521600\nrubbish\n", 400,
		`partial write: 2 of 4 lines rejected, the others are stored; line 4: bad_value: value: got "x", want a decimal number; line 7: malformed: byte `, "E1", "E3")
	f("m,meter=E1 text=\"a\nb\",value=1\nm,meter=E1,unit=m3 value=1", 400,
		`partial write: 1 of 2 lines rejected, the others are stored; line 3: incompatible_unit: `, "E1")
	f("m,meter=E1 value=1 1714521600\nm,meter=E2 value=1 1714521", 400,
		`partial write: 1 of 2 lines rejected, the others are stored; line 2: bad_time: time: got 1970-01-20T20:15:21Z, want 1971 or later: the clock was never set, or the timestamp has another precision`, "E1")
	f("rubbish", 400, "partial write: 1 of 1 lines rejected")
	f("", 400, "the body is empty")
	f("m,meter=E1 value=1 1714521600\n"+strings.Repeat("x\n", 50), 400, "partial write: 50 of 51 lines", "E1")
}

func TestWrite_MessageIsBounded(t *testing.T) {
	w := new(world)
	got := post(open(t, w.config()).Write(), "/", bytes.Repeat([]byte("m,meter=E1 value=\""+strings.Repeat("x", 300)+"\"\n"), 1000))
	if got.Body.Len() > 5000 || !strings.Contains(got.Body.String(), "and 980 more") || len(w.rejected) != 1000 {
		t.Errorf("got %d bytes, %d rejected: %s", got.Body.Len(), len(w.rejected), got.Body)
	}
}

func TestWrite_PrecisionAndCounts(t *testing.T) {
	f := func(query, stamp string, status int) {
		t.Helper()
		w := new(world)
		got := post(open(t, w.config()).Write(), "/api/v2/write"+query, []byte("m,meter=E1 value=1,x=1,y=2 "+stamp))
		if got.Code != status {
			t.Fatalf("%s: got %d %s, want %d", query, got.Code, got.Body, status)
		}
		if status != http.StatusNoContent {
			return
		}
		if w.counts[FromWrite][schema.Accepted] != 1 || w.unmapped != 2 {
			t.Errorf("counted %v, %d unmapped", w.counts, w.unmapped)
		}
		if want := `{"meter":"E1","time":"2024-05-01T00:00:00Z","value":1}` + "\n"; string(w.records[0].Value) != want {
			t.Errorf("%s: got %s, want %s", query, w.records[0].Value, want)
		}
	}
	f("", "1714521600000000000", 204)
	f("?precision=ns", "1714521600000000000", 204)
	f("?precision=us", "1714521600000000", 204)
	f("?precision=ms", "1714521600000", 204)
	f("?precision=s", "1714521600", 204)
	f("?precision=h", "1714521600", 400)
	f("?precision=s", "1714521600000", 400)
}

func TestWrite_RefusesAsInfluxDoes(t *testing.T) {
	f := func(body, code string, status int, headers ...string) {
		t.Helper()
		w := new(world)
		config := w.config()
		config.MaxBody, config.MaxReadings = 1000, 10
		got := post(open(t, config).Write(), "/", []byte(body), headers...)
		var answer InfluxError
		if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil || answer.Code != code || answer.Message == "" || got.Code != status {
			t.Errorf("got %d %s, want %d %s", got.Code, got.Body, status, code)
		}
		if len(w.records)+len(w.rejected) > 0 || w.refused[status] != 1 {
			t.Errorf("got %d records, %d rejected, refused %v", len(w.records), len(w.rejected), w.refused)
		}
	}
	f(strings.Repeat("#", 1001), "request too large", 413)
	f(strings.Repeat("m,meter=E1 value=1\n", 11), "request too large", 413)
	f("x", "unsupported media type", 415, "Content-Encoding", "br")
	f("x", "invalid", 400, "Content-Encoding", "gzip")
}
