package codec

import (
	"strings"
	"testing"
)

// Where a required name is missing, the detail names the unknown ones that were
// there, since one of them is likely the missing one, misspelt.
func TestJSON_MissingNameTellsUnknownOnes(t *testing.T) {
	const (
		known = ", known are meter, time, value, start, unit, kind, revision, register, deleted"
		whole = known + ", or readings with an array of such"
		rest  = `"time":"2024-05-01T00:00:00Z","value":1`
	)
	f := func(body, want string) {
		t.Helper()
		_, bad := checkElements(t, asJSON, []byte(body))
		if len(bad) == 0 {
			t.Fatalf("%.200s: got no rejection", body)
		}
		got, _, _ := strings.Cut(string(bad[0].Code)+" "+bad[0].Detail, " (the first 65536 of ")
		if got != want {
			t.Errorf("%.200s\ngot  %s\nwant %s", body, got, want)
		}
	}
	f(`{"reading":[`+good+`]}`, `missing_meter meter: not given; got the unknown name "reading"`+whole)
	f(`{"source":"a","reading":[`+good+`]}`, `missing_meter meter: not given; got the unknown names "source", "reading"`+whole)
	f(`[{"Meter":"E1",`+rest+`}]`, `missing_meter meter: not given; got the unknown name "Meter"`+known)
	f(`{"readings":[{"id":"E1",`+rest+`}]}`, `missing_meter meter: not given; got the unknown name "id"`+known)
	f(`[{"readings":[`+good+`]}]`, `missing_meter meter: not given; got the unknown name "readings"`+known)
	f(`{"meter":"E1","timestamp":"2024-05-01T00:00:00Z","value":1}`, `missing_time time: not given; got the unknown name "timestamp"`+whole)
	f(`{"meter":"E1","time":"2024-05-01T00:00:00Z","val":1,"\u4e00":NaN}`, `missing_value value: not given; got the unknown names "val", "一"`+whole)
	f(`{"meter":"E1","time":"2024-05-01T00:00:00Z","revision":2,"delete":true}`, `missing_value value: not given; got the unknown name "delete"`+whole)
	f(`{"a":1,"b":2,"c":3,"d":4,"e":5,"a":6,"f":7}`, `missing_meter meter: not given; got the unknown names "a", "b", "c", "d" and 2 more`+whole)
	f(`{"readings":{"meter":"E1",`+rest+`}}`, `missing_meter meter: not given; got readings, which is no array`)
	f(`{"readings":null}`, `missing_meter meter: not given; got readings, which is no array`)

	// nothing to tell: no unknown name, or the required name is there
	f(`{}`, `missing_meter meter: not given`)
	f(`{`+rest+`}`, `missing_meter meter: not given`)
	f(`{"meter":null,"note":1,`+rest+`}`, `missing_meter meter: not given`)
	f(`{"meter":"","note":1,`+rest+`}`, `missing_meter meter: not given`)
	f(`{"note":1,"meter":7,`+rest+`}`, `bad_meter meter: got 7, want text`)

	// of what is longer than a reading may be, as a whole body under a misspelt
	// name is, the beginning tells
	many := `{"reading":[` + strings.Repeat(good+",", MaxElement/len(good)) + good + `]}`
	f(many, `too_large byte 0: got an object of more than 65536 bytes; got the unknown name "reading"`+whole)
	long := `{"meter":"E1",` + rest + `,"note":[` + strings.Repeat(" ", MaxElement) + `]}`
	f(long, `too_large byte 0: got an object of more than 65536 bytes; got the unknown name "note"`+whole)
	f(`{"meter":"`+strings.Repeat("x", MaxElement)+`"}`, `too_large byte 0: got an object of more than 65536 bytes`)
}

// An unknown name beside a valid reading is no fault: who sends more than is
// asked for today loses nothing.
func TestJSON_UnknownNamesBesideAReadingAreTaken(t *testing.T) {
	body := `{"readings":[` + head + `1,"signal":-71,"note":{"by":["x"]}}],"source":"gw"}`
	if got := show(asJSON, body); got != good {
		t.Errorf("got %s, want %s", got, good)
	}
}
