package codec

import (
	"strings"
	"testing"

	"jouleline/schema"
)

func TestLine_Lines(t *testing.T) {
	f := func(body string, want ...string) {
		t.Helper()
		if got := show(asLine, body); got != strings.Join(want, "\n") {
			t.Errorf("%s\ngot  %s\nwant %s", body, got, strings.Join(want, "\n"))
		}
	}
	const line = "m,meter=E1 value=1 1714521600"
	f("")
	f("\n \n# nothing\n")
	f(line, good)
	f(bom+line, good)
	f(line+"\n", good)
	f("  "+line+"  \r\n\r\n#x\n"+line, good, good)
	f("m,meter=E1   value=1   1714521600", good)
	f(line+"\nrubbish\n"+line, good, "!malformed", good)
	f("rubbish", "!malformed")
	f("m,meter=E1", "!malformed")
	f("m,meter=E1 ", "!malformed")
	f("m,meter=E1 1714521600", "!malformed")
	f("m,meter value=1", "!malformed")
	f("m,=E1 value=1", "!malformed")
	f(",meter=E1 value=1", "!malformed")
	f("m,meter=E1 =1", "!malformed")
	f("m,meter=E1 value=", "!malformed")
	f("m,meter=E1 value=1,", "!malformed")
	f("m,meter=E1 value=1, 1714521600", "!malformed")
	f("m,meter=E1 value=1 1714521600 5", "!malformed")
	f("m,meter=E1 value=1 yesterday", "!bad_time")
	f("m,meter=E1 value=1 1714521600.5", "!bad_time")
	f("m,meter=E1 value=1 -5", "!bad_time")
	f("m,meter=E1 value=1 7258118400", "!bad_time")
	f("m,meter=E1 value=1 99999999999999999999", "!bad_time")
	f("m,meter=E1 value=1 1714525801", "!future_time")
	f("m,meter=E1 value=1 1714525800", strings.Replace(good, "00:00:00", "01:10:00", 1))
	f("\xff,meter=E1 value=1 1714521600", "!bad_encoding")
	f("m,t=\xff,meter=E1 value=1 1714521600", "!bad_encoding")
	f("m,meter=E1 value=1,x=\"\xff\" 1714521600", "!bad_encoding")

	// a quoted text that goes wrong costs its own line only
	f("m,meter=E1 x=\"a\nb\",value=1 1714521600\n"+line, good, good)
	f("m,meter=E1 value=\"5 1714521600\n"+line, "!malformed", good)
	f("m,meter=E1 value=\"5 1714521600\nm,meter=E2 value=\"6\" 1714521600\n"+line, "!malformed", "!bad_value", good)
	f("m,meter=E1 x=\"\\\",value=1 1714521600\n"+line, "!malformed", good)
}

func TestLine_Fields(t *testing.T) {
	f := func(line, want string) {
		t.Helper()
		if !strings.HasPrefix(want, "!") {
			want = head + want + `}`
		}
		if got := show(asLine, line); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", line, got, want)
		}
		// The same must come out where the scanner gives up: at a backslash.
		plainly := strings.Replace(line, "m,", `\m,`, 1)
		if got := show(asLine, plainly); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", plainly, got, want)
		}
	}
	value := func(text, want string) {
		t.Helper()
		f("m,meter=E1 value="+text+" 1714521600", want)
	}
	value("12.5", "12.5")
	value("-12.5", "-12.5")
	value("12i", "12")
	value("-12i", "-12")
	value("12u", "12")
	value("1.5e3", "1500")
	value("+1", "1")
	value(".5", "0.5")
	value("5.", "5")
	value("007", "7")
	value("1.23456789", "1.23456789")
	value("+.000000123", "0.000000123")
	value("-001.0000001e0", "-1.0000001e0")
	value("1,value=2.12345678,value=3", "3")
	value("1e30", "!out_of_range")
	value("NaN", "!bad_value")
	value("+Inf", "!bad_value")
	value("t", "!bad_value")
	value("i", "!bad_value")
	value("-i", "!bad_value")
	value("1.5i", "!bad_value")
	value("1i5", "!bad_value")
	value("5x", "!bad_value")
	value(`"5"`, "!bad_value")
	value(`"5`, "!malformed")
	value(`"5"5`, "!malformed")
	f("m,meter=E1 x=5 1714521600", "!missing_value")
	f("m,meter=E1 value=1,x=5i,y=t,z=\"a b,c=\\\"d\\\\\" 1714521600", "1")
	f("m,meter=E1 value=1,x=5i5 1714521600", "1")
	f("m,meter=E1 deleted=t 1714521600", `0,"deleted":true`)

	f("m,meter=E1,unit=kWh,kind=bill value=1 1714521600", `1,"unit":"kWh","kind":"bill"`)
	f("m,unit=m³,meter=E1 value=1 1714521600", `1,"unit":"m3"`)
	f("m,unit=,meter=E1 value=1 1714521600", `1`)
	f("m,unit=parsec,meter=E1 value=1 1714521600", `!unknown_unit`)
	f("m,meter=E1,kind=x value=1 1714521600", `!unknown_kind`)
	f("m,meter= value=1 1714521600", `!missing_meter`)
	f("m,host=a value=1 1714521600", `!missing_meter`)
	f("m, value=1 1714521600", `!malformed`)
	f("m,meter="+strings.Repeat("x", 129)+" value=1 1714521600", `!bad_meter`)
	f("m,meter=a\tb value=1 1714521600", `!bad_meter`)
	f("m,meter=E1,meter=E1 value=1 1714521600", `1`)

	more := func(text, want string) {
		t.Helper()
		f("m,meter=E1 value=1,"+text+" 1714521600", want)
	}
	more("start=1714520700i", `1,"start":"2024-04-30T23:45:00Z"`)
	more("start=1714520700", `1,"start":"2024-04-30T23:45:00Z"`)
	more(`start="2024-05-01T07:45:00+08:00"`, `1,"start":"2024-04-30T23:45:00Z"`)
	more(`start="yesterday"`, `!bad_start`)
	more(`start=""`, `1`)
	more(`start=t`, `!bad_start`)
	more(`start=1714521600i`, `!bad_start`)
	more(`start=-1i`, `!bad_start`)
	more("revision=3i", `1,"revision":3`)
	more("revision=3", `1,"revision":3`)
	more("revision=3.5", `!bad_revision`)
	more("revision=-3i", `!bad_revision`)
	more("revision=1i5", `!bad_revision`)
	more(`revision="3"`, `!bad_revision`)
	more("register=2i", `1,"register":2`)
	more("register=300i", `!bad_register`)
	more("deleted=T,revision=1i", `1,"revision":1,"deleted":true`)
	more("deleted=FALSE", `1`)
	more("deleted=1", `!malformed`)
	more(`deleted="true"`, `!malformed`)
}

func TestLine_MeterEscapes(t *testing.T) {
	f := func(tag, want string) {
		t.Helper()
		good, bad := checkElements(t, asLine, []byte(`my\ m\,x,a\=b=c\ d,meter=`+tag+` value=1 1714521600`))
		if len(bad) > 0 || len(good) != 1 || good[0].Meter != want {
			t.Errorf("%s: got %+v %+v, want the meter %s", tag, good, bad, want)
		}
	}
	f(`E1`, `E1`)
	f(`E\ 1`, `E 1`)
	f(`E\,1`, `E,1`)
	f(`E\=1`, `E=1`)
	f(`E=1`, `E=1`)
	f(`E\\1`, `E\\1`)
	f(`E\\,1`, `E\,1`)
	f(`E"1`, `E"1`)
	f(`一号楼`, `一号楼`)
}

func TestLine_PrecisionAndReception(t *testing.T) {
	f := func(precision Precision, stamp, want string) {
		t.Helper()
		for _, m := range []string{"m", `\m`} {
			good, bad := checkElements(t, Format{Line, precision}, []byte(m+`,meter=E1 value=1 `+stamp))
			if len(bad) > 0 || len(good) != 1 || good[0].Time != instant(want) {
				t.Errorf("%v %s: got %v %v, want %s", precision, stamp, good, bad, want)
			}
		}
	}
	f(Nanoseconds, "1714521600123999999", "2024-05-01T00:00:00.123Z")
	f(Microseconds, "1714521600123999", "2024-05-01T00:00:00.123Z")
	f(Milliseconds, "1714521600123", "2024-05-01T00:00:00.123Z")
	f(Seconds, "1714521600", "2024-05-01T00:00:00Z")
	f(Nanoseconds, "31536000000000000", "1971-01-01T00:00:00Z")
	f(Seconds, "", "2024-05-01T01:00:00Z")
	f(Nanoseconds, "\r\n", "2024-05-01T01:00:00Z")
}

func TestLine_CountsUnmappedFieldsOfGoodLines(t *testing.T) {
	var d Decoder
	d.Reset(asLine, []byte("m,meter=E1,host=a value=1,x=1\nm,meter=E1 value=1,y=\"a\",z=2\nm,meter=E1 x=1\n"), received)
	bad := 0
	for d.Next() {
		if d.Rejection() != nil {
			bad++
		}
	}
	if d.Unmapped() != 3 || bad != 1 {
		t.Errorf("got %d unmapped fields and %d rejections, want 3 and 1", d.Unmapped(), bad)
	}
}

func TestParsePrecision(t *testing.T) {
	for text, want := range map[string]Precision{"": Nanoseconds, "ns": Nanoseconds, "us": Microseconds, "ms": Milliseconds, "s": Seconds} {
		if got, err := ParsePrecision(text); got != want || err != nil {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	if _, err := ParsePrecision("h"); err == nil {
		t.Errorf("h: got no error")
	}
	// a count and its instant belong together at both ends of the range
	for p := Nanoseconds; p <= Seconds; p++ {
		for _, want := range []schema.Instant{schema.MinInstant, schema.MaxInstant} {
			if got, ok := p.ticks(p.count(want)); got != want || !ok {
				t.Errorf("%v: got %v, want %v", p, got, want)
			}
		}
	}
}
