package codec

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"testing"
	"time"
	"unicode/utf8"

	"jouleline/schema"
)

var elements = []string{
	good,
	`{"meter":"一号楼","time":"2024-05-01T08:15:00.125+08:00","value":-1.23456789e2,"start":"2024-05-01T08:00:00+08:00","unit":"kWh","kind":"delta","revision":3,"register":1,"deleted":false,"x":["y",{"z":null}]}`,
	`{"meter":"a\"\u00e9","time":"2024-05-01T00:00:00Z","value":0.0000005}`,
	`{ "meter" : "E1" , "value" : NaN , "value" : 1 }`,
	`{"meter":"` + "\xff" + `","time":1}`,
	`{"meter":"E1","time":"2024-05-01T00:00:00Z","value":12345678901234567890}`,
}

// FuzzJSONObject holds the scanner to the plain parser: what it takes, the
// other takes with the same result.
func FuzzJSONObject(f *testing.F) {
	for _, element := range elements {
		f.Add([]byte(element))
	}
	f.Fuzz(func(t *testing.T, element []byte) { checkObject(t, element) })
}

// checkObject tells whether the scanner takes the element.
func checkObject(t testing.TB, element []byte) (taken bool) {
	if len(element) == 0 || element[0] != '{' {
		return false
	}
	var d Decoder
	d.Reset(asJSON, element, received)
	end, ok := d.scanObject(0)
	if !ok {
		return false
	}
	scanned := d.scanned.Owned()
	if plain, ok := skipValue(element, 0, 0); !ok || plain != end {
		t.Fatalf("%s: the scanner ends at %d, the structure at %d, %v", element, end, plain, ok)
	}
	if !json.Valid(element[:end]) {
		t.Fatalf("%s: the scanner takes what is not JSON", element)
	}
	d.parseObject(0, end)
	if d.rejected {
		t.Fatalf("%s: the scanner takes what is %s: %s", element, d.rejection.Code, d.rejection.Detail)
	}
	if parsed := d.scanned.Owned(); parsed != scanned {
		t.Fatalf("%s: got %+v, want %+v", element, scanned, parsed)
	}
	return true
}

// FuzzJSON asserts that a valid array gives one element for each of its own,
// and what holds of every body.
func FuzzJSON(f *testing.F) {
	for _, element := range elements {
		f.Add([]byte(element + "\n" + good))
		f.Add([]byte("[" + element + ",1," + good + "]"))
		f.Add([]byte(`{"n":[1,{}],"readings":[` + good + "," + element + `],"m":""}`))
	}
	f.Add([]byte(`[[[[[[[[[[[[[[[[[[[[`))
	f.Add([]byte("{\"a\":\n{\"a\":\n{\"a\":\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		good, bad := checkElements(t, asJSON, body)
		var array []json.RawMessage
		if body := bytes.TrimLeft(body, " \t\r\n"); len(body) == 0 || body[0] != '[' || json.Unmarshal(body, &array) != nil {
			return
		}
		for _, element := range array {
			if _, ok := skipValue(element, 0, 0); !ok {
				return // nested too deeply
			}
		}
		if len(good)+len(bad) != len(array) {
			t.Fatalf("got %d readings and %d rejections of an array of %d", len(good), len(bad), len(array))
		}
	})
}

// FuzzNDJSON asserts that a body of good readings with a foreign line between
// keeps the good ones, whatever the line holds.
func FuzzNDJSON(f *testing.F) {
	for _, element := range elements {
		f.Add([]byte(element))
	}
	f.Add([]byte(`{"a":`))
	f.Add([]byte(`{"a":"`))
	f.Add([]byte(`"`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.ContainsAny(line, "\n") || bytes.ContainsAny(line, "[") || bytes.Contains(line, []byte(`"readings"`)) {
			return
		}
		const first, last = `{"meter":"first","time":"2024-05-01T00:00:00Z","value":1}`, `{"meter":"last","time":"2024-05-01T00:00:00Z","value":1}`
		readings, _ := checkElements(t, asJSON, []byte(first+"\n"+string(line)+"\n"+last+"\n"))
		if n := len(readings); n < 2 || readings[0].Meter != "first" || readings[n-1].Meter != "last" {
			t.Fatalf("got %+v", readings)
		}
	})
}

// FuzzLine holds the scanner to the plain parser, and asserts that a line never
// spoils its neighbours.
func FuzzLine(f *testing.F) {
	for _, line := range []string{
		"m,meter=E1 value=1 1714521600",
		"my\\ m,host=a\\,b,meter=一\\ 号,unit=kWh,kind=delta value=1.23456789,start=1714521500i,revision=1i,register=2i,deleted=t 1714521600",
		"m,meter=E1 value=5i,x=\"a\nb\\\"\",start=\"2024-05-01T00:00:00Z\"",
		"m,meter=E1 value=-5u,x=1e5i 9999999999999999999\r",
		"#\n m,meter=E1  value=1,value=2  5 ",
		"m,meter=E1 value=\"5",
	} {
		f.Add([]byte(line), uint8(Seconds))
	}
	f.Fuzz(func(t *testing.T, line []byte, precision uint8) {
		format := Format{Line, Precision(precision % 4)}
		checkElements(t, format, line)
		checkLine(t, format, line)
		if bytes.ContainsAny(line, "\"") {
			return // a quoted text may well go on in the next line
		}
		const first, last = "m,meter=first value=1\n", "\nm,meter=last value=1\n"
		readings, _ := checkElements(t, format, []byte(first+string(line)+last))
		if n := len(readings); n < 2 || readings[0].Meter != "first" || readings[n-1].Meter != "last" {
			t.Fatalf("got %+v", readings)
		}
	})
}

// checkLine tells whether the scanner takes the line.
func checkLine(t testing.TB, format Format, line []byte) (taken bool) {
	var d Decoder
	d.Reset(format, line, received)
	end, foreign, ok := d.scanLine(0)
	if !ok {
		return false
	}
	scanned := d.scanned.Owned()
	d.parseLine(0, false)
	if d.rejected {
		t.Fatalf("%q: the scanner takes what is %s: %s", line, d.rejection.Code, d.rejection.Detail)
	}
	if parsed := d.scanned.Owned(); parsed != scanned || d.pos != end || d.unmapped != foreign {
		t.Fatalf("%q: got %+v to %d with %d foreign, want %+v to %d with %d", line, scanned, end, foreign, parsed, d.pos, d.unmapped)
	}
	return true
}

// FuzzCSV holds the rows to those of encoding/csv, where that takes the body.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("meter,time,value\nE1,2024-05-01T00:00:00Z,1\n"))
	f.Add([]byte("\"a\",b \"\r\n\"x\"\"y\",\"1\n2\"\n\n,\n"))
	f.Add([]byte("meter,time,value\n\"E1,2024-05-01T00:00:00Z,1\nE1,2024-05-01T00:00:00Z,1"))
	f.Fuzz(func(t *testing.T, body []byte) {
		checkElements(t, asCSV, body)
		// encoding/csv drops carriage returns inside of quotes, we keep them
		if bytes.Contains(body, []byte("\r")) || !utf8.Valid(body) {
			return
		}
		var d Decoder
		d.Reset(asCSV, body, received)
		d.pos = 0
		reader := csv.NewReader(bytes.NewReader(body))
		reader.FieldsPerRecord = -1
		for row := 0; ; row++ {
			want, err := reader.Read()
			if err != nil {
				if err != io.EOF && row == 0 {
					if _, fault := d.row(0); fault == "" && len(bytes.TrimLeft(body, "\n")) == len(body) {
						t.Fatalf("row %d: got %q, want %v", row, d.cells, err)
					}
				}
				return
			}
			for d.pos < len(body) && body[d.pos] == '\n' {
				d.pos++
			}
			end, fault := d.row(d.pos)
			if fault != "" || len(d.cells) != len(want) {
				t.Fatalf("row %d: got %q %s, want %q", row, d.cells, fault, want)
			}
			for i := range want {
				if string(d.cells[i]) != want[i] {
					t.Fatalf("row %d: got %q, want %q", row, d.cells, want)
				}
			}
			d.pos = end
		}
	})
}

// FuzzInstant holds the plain instants to time.Parse.
func FuzzInstant(f *testing.F) {
	f.Add([]byte("2024-05-01T08:15:00+08:00"))
	f.Add([]byte("2000-02-29T23:59:59.123456789Z"))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, ok := plainInstant(text)
		if !ok {
			return
		}
		want, err := time.Parse(time.RFC3339, string(text))
		if err != nil || got != schema.InstantOf(want) {
			t.Fatalf("%q: got %v, want %v %v", text, got, want, err)
		}
	})
}
