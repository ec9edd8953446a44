package codec

import (
	"strings"
	"testing"
)

func TestCSV_Rows(t *testing.T) {
	f := func(body string, want ...string) {
		t.Helper()
		if got := show(asCSV, body); got != strings.Join(want, "\n") {
			t.Errorf("%s\ngot  %s\nwant %s", body, got, strings.Join(want, "\n"))
		}
	}
	const (
		header = "meter,time,value\n"
		row    = "E1,2024-05-01T00:00:00Z,1\n"
	)
	f("")
	f("\n\n")
	f(header)
	f(header+row, good)
	f(bom+header+row, good)
	f("\n"+header+"\n"+row+"\r\n,,\n"+row[:len(row)-1], good, good)
	f("meter,time,value\r\nE1,2024-05-01T00:00:00Z,1\r\n", good)
	f("\"meter\",\"time\",\"value\"\r\n\"E1\",\"2024-05-01T00:00:00Z\",\"1\"\r\n", good)
	f(" Value , TIME,\tmeter,note\n 1 , 2024-05-01T00:00:00Z ,E1,\"a \"\"b\"\",\nc\"\n", good)
	f("meter,time,value,start,unit,kind,revision,register,deleted\nE1,2024-05-01T00:00:00Z,1,2024-04-30T23:00:00Z,kWh,delta,1,2,true\nE1,2024-05-01T00:00:00Z,1,,,,,,\n",
		head+`1,"start":"2024-04-30T23:00:00Z","unit":"kWh","kind":"delta","revision":1,"register":2,"deleted":true}`, good)

	// without a header that serves, nothing can be read
	f("meter,value\n"+row, "!malformed")
	f("E1,2024-05-01T00:00:00Z,1\n"+row, "!malformed")
	f("meter;time;value\n"+row, "!malformed")
	f("meter,time,value,meter\n"+row, "!malformed")
	f("meter,\"time,value\n"+row, "!malformed")
	f("\xff\xfem\x00e\x00", "!bad_encoding")

	// a bad row costs itself only
	f(header+"E1,2024-05-01T00:00:00Z\n"+row, "!malformed", good)
	f(header+"E1,2024-05-01T00:00:00Z,1,234\n"+row, "!malformed", good)
	f(header+"\"E1,2024-05-01T00:00:00Z,1\n"+row, "!malformed", good)
	f(header+"\"E1\"x,2024-05-01T00:00:00Z,1\n"+row, "!malformed", good)
	f(header+"E\"1,2024-05-01T00:00:00Z,1\n"+row, "!malformed", good)
	f(header+"\"E1,2024-05-01T00:00:00Z,1\n\"E1\",2024-05-01T00:00:00Z,1\n", "!malformed", good)
	f(header+"\xb5\xe7,2024-05-01T00:00:00Z,1\n"+row, "!bad_encoding", good)
}

func TestCSV_Fields(t *testing.T) {
	f := func(cells, want string) {
		t.Helper()
		if !strings.HasPrefix(want, "!") {
			want = head + want + `}`
		}
		if got := show(asCSV, "meter,time,value,revision,deleted,unit\n"+cells); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", cells, got, want)
		}
	}
	f("E1,2024-05-01T00:00:00Z,12.5,,,", "12.5")
	f("E1,2024-05-01T00:00:00Z,+012.5000001,,,", "12.5000001")
	f("E1,2024-05-01T00:00:00Z,1e3,,,", "1000")
	f("E1,2024-05-01T00:00:00Z,NaN,,,", "!bad_value")
	f("E1,2024-05-01T00:00:00Z,NA,,,", "!bad_value")
	f("E1,2024-05-01T00:00:00Z,\"1,5\",,,", "!bad_value")
	f("E1,2024-05-01T00:00:00Z,9e18,,,", "!out_of_range")
	f("E1,2024-05-01T00:00:00Z,,,,", "!missing_value")
	f("E1,2024-05-01T00:00:00Z,,1,true,", `0,"revision":1,"deleted":true`)
	f("E1,2024-05-01T00:00:00Z,1,,1,", `1,"deleted":true`)
	f("E1,2024-05-01T00:00:00Z,1,,0,", `1`)
	f("E1,2024-05-01T00:00:00Z,1,,no,", `!malformed`)
	f("E1,2024-05-01T00:00:00Z,1,1.5,,", `!bad_revision`)
	f("E1,2024-05-01T00:00:00Z,1,,,m³", `1,"unit":"m3"`)
	f("E1,2024-05-01T00:00:00Z,1,,,parsec", `!unknown_unit`)
	f("E1,,1,,,", "!missing_time")
	f("E1,2024-05-01 00:00:00,1,,,", "!bad_time")
	f("E1,2025-05-01T00:00:00Z,1,,,", "!future_time")
	f(",2024-05-01T00:00:00Z,1,,,", "!missing_meter")
	f("a\tb,2024-05-01T00:00:00Z,1,,,", "!bad_meter")
}
