package codec

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"jouleline/schema"
)

// received is when the readings of these tests were taken in.
var received = instant("2024-05-01T01:00:00Z")

var (
	asJSON = Format{Encoding: JSON}
	asCSV  = Format{Encoding: CSV}
	asLine = Format{Encoding: Line, Precision: Seconds}
)

func instant(text string) schema.Instant {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return schema.InstantOf(t)
}

// show writes the elements of a body, one a line: a good reading as its JSON, a
// rejection as "!code".
func show(format Format, body string) string {
	var d Decoder
	var out strings.Builder
	d.Reset(format, []byte(body), received)
	for d.Next() {
		if r := d.Rejection(); r != nil {
			fmt.Fprintf(&out, "!%s\n", r.Code)
			continue
		}
		r := d.Scanned().Owned()
		out.Write(AppendJSON(nil, &r))
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// checkElements asserts what holds of every body, and gives the good readings.
func checkElements(t testing.TB, format Format, body []byte) (good []schema.Reading, bad []Rejection) {
	t.Helper()
	var d Decoder
	d.Reset(format, body, received)
	for index := 0; d.Next(); index++ {
		if r := d.Rejection(); r != nil {
			if d.Scanned() != nil {
				t.Fatalf("element %d: is scanned and rejected", index)
			}
			if r.Index != index || r.Code == schema.Accepted || r.Detail == "" {
				t.Fatalf("element %d: got rejection %+v", index, r)
			}
			if len(r.Original) > MaxElement || !bytes.HasPrefix(body[r.Offset:], r.Original) {
				t.Fatalf("element %d: the original is not the body's at byte %d", index, r.Offset)
			}
			bad = append(bad, *r)
			continue
		}
		s := d.Scanned()
		if s.Index != index {
			t.Fatalf("element %d: got index %d", index, s.Index)
		}
		if code, detail := CheckMeter(s.Meter); code != schema.Accepted {
			t.Fatalf("element %d: meter: %s", index, detail)
		}
		if code, detail := Validate(&s.Reading, received); code != schema.Accepted {
			t.Fatalf("element %d: %s", index, detail)
		}
		if len(s.Original) == 0 || len(s.Original) > MaxElement || !bytes.HasPrefix(body[s.Offset:], s.Original) {
			t.Fatalf("element %d: the original is not the body's at byte %d", index, s.Offset)
		}
		if s.Reading.Meter != "" {
			t.Fatalf("element %d: the reading names its meter", index)
		}
		good = append(good, s.Owned())
	}
	return good, bad
}

func TestDecoder_RejectionSaysWhere(t *testing.T) {
	f := func(format Format, body string, offset int, original, detail string) {
		t.Helper()
		_, bad := checkElements(t, format, []byte(body))
		if len(bad) != 1 {
			t.Fatalf("%q: got %d rejections, want 1", body, len(bad))
		}
		if bad[0].Offset != offset || string(bad[0].Original) != original || !strings.Contains(bad[0].Detail, detail) {
			t.Errorf("%q: got byte %d, %q: %s; want byte %d, %q, a detail with %q",
				body, bad[0].Offset, bad[0].Original, bad[0].Detail, offset, original, detail)
		}
	}
	good := `{"meter":"E1","time":"2024-05-01T00:00:00Z","value":1}`
	f(asJSON, good+"\nrubbish\n"+good, 55, "rubbish\n", `byte 55: got "rubbish`)
	f(asJSON, "["+good+",", 56, "", "byte 56: got the end")
	f(asJSON, "["+good+",7]", 56, "7", `got "7]"`)
	f(asJSON, "["+good+`,{"meter" 7}]`, 56, `{"meter" 7}]`, `byte 65: got "7}]"`)
	f(asJSON, `{"meter":"E1","time":"2024-05-01T00:00:00Z","value":"1.5"}`, 0,
		`{"meter":"E1","time":"2024-05-01T00:00:00Z","value":"1.5"}`, `value: got the text "1.5", want a decimal number`)
	f(asJSON, "{\"meter\":\"\xb5\xe7\"}", 0, "{\"meter\":\"\xb5\xe7\"}", "byte 10: got 0xb5, want UTF-8")
	f(asCSV, "meter,time,value\nE1,2024-05-01T00:00:00Z,1\nE1,2024-05-01T00:00:00Z\n", 43, "E1,2024-05-01T00:00:00Z\n", "got a row of 2 cells, want 3")
	f(asCSV, "meter,value\nE1,1\n", 0, "meter,value\nE1,1\n", "time is missing")
	f(asLine, "m,meter=E1 value=1 1714521600\nm,meter=E2 1714521600\n", 30, "m,meter=E2 1714521600\n", `byte 51: got the end of the line, want a field`)
}

func TestDecoder_ScannedSaysWhere(t *testing.T) {
	f := func(format Format, body string, want ...string) {
		t.Helper()
		var d Decoder
		d.Reset(format, []byte(body), received)
		var got []string
		for d.Next() {
			got = append(got, string(d.Scanned().Original))
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
	}
	element := `{"meter":"E1","time":"2024-05-01T00:00:00Z","value":1,"unit":"m³"}` // by the plain parser
	f(asJSON, " "+good+"\n"+element, good, element)
	f(asJSON, "["+good+" , "+element+"]", good, element)
	f(asLine, "#\nm,meter=E1 value=1\nm,meter=E\\ 1 value=1", "m,meter=E1 value=1\n", "m,meter=E\\ 1 value=1")
	f(asCSV, "meter,time,value\n\nE1,2024-05-01T00:00:00Z,1\n", "E1,2024-05-01T00:00:00Z,1\n")
}

func TestDecoder_KeepsOfAHugeElementOnlySo(t *testing.T) {
	good := `{"meter":"E1","time":"2024-05-01T00:00:00Z","value":1,"note":"` + strings.Repeat("x", MaxElement) + `"}`
	for _, body := range []string{good, "[" + good + "]"} {
		_, bad := checkElements(t, asJSON, []byte(body))
		if len(bad) != 1 || bad[0].Code != schema.TooLarge || len(bad[0].Original) != MaxElement {
			t.Errorf("got %d rejections, want one too_large with %d bytes: %.200v", len(bad), MaxElement, bad)
		}
	}
	line := "m,meter=E1 note=\"" + strings.Repeat("x", MaxElement) + "\",value=1\n"
	if got := show(asLine, line+"m,meter=E1 value=1\n"); got != "!too_large\n"+`{"meter":"E1","time":"2024-05-01T01:00:00Z","value":1}` {
		t.Errorf("line: got %s", got)
	}
	row := "meter,time,value,note\nE1,2024-05-01T00:00:00Z,1," + strings.Repeat("x", MaxElement) + "\nE1,2024-05-01T00:00:00Z,1,\n"
	if got := show(asCSV, row); got != "!too_large\n"+`{"meter":"E1","time":"2024-05-01T00:00:00Z","value":1}` {
		t.Errorf("row: got %s", got)
	}
}

func TestDecoder_IsReusedWithoutMemory(t *testing.T) {
	var d Decoder
	d.Reset(asLine, []byte("m,meter=E1 value=1.12345678,revision=3i,x=1 1714521600"), received)
	for d.Next() {
	}
	d.Reset(asJSON, []byte(`[{"meter":"E2","time":"2024-05-01T00:00:00Z","value":1}`), received)
	d.Next()
	if got, want := d.Scanned().Owned(), (schema.Reading{Meter: "E2", Time: instant("2024-05-01T00:00:00Z"), Value: schema.Micro}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if d.Unmapped() != 0 {
		t.Errorf("got %d unmapped fields of the body before", d.Unmapped())
	}
	d.Reset(asJSON, nil, received)
	if d.Next() {
		t.Errorf("got an element of an empty body")
	}
}

func TestFormatOf(t *testing.T) {
	f := func(contentType, body, want string) {
		t.Helper()
		got := "refused"
		if format, err := FormatOf(contentType, []byte(body)); err == nil {
			got = fmt.Sprint(format.Encoding, " ", format.Precision)
		}
		if got != want {
			t.Errorf("%q %q: got %s, want %s", contentType, body, got, want)
		}
	}
	f("application/json", "", "json ns")
	f("application/json; charset=UTF-8", "", "json ns")
	f("application/x-ndjson", "", "json ns")
	f("Text/CSV; header=present", "", "csv ns")
	f("text/plain", "", "line ns")
	f("text/plain; precision=s", "", "line s")
	f("text/plain; precision=h", "", "refused")
	f("text/csv; charset=gbk", "", "refused")
	f("application/pdf", "", "refused")
	f(";", "", "refused")
	f("", " \n[", "json ns")
	f("", bom+"{", "json ns")
	f("", "reading,meter=E1 value=1", "line ns")
	f("", "", "line ns")
}
