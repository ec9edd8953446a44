package codec

import (
	"strings"
	"testing"
	"time"

	"jouleline/schema"
)

// The tests write a reading's fields behind this, and cut this off the result.
const (
	head = `{"meter":"E1","time":"2024-05-01T00:00:00Z","value":`
	good = head + `1}`
)

func TestJSON_Shapes(t *testing.T) {
	f := func(body string, want ...string) {
		t.Helper()
		if got := show(asJSON, body); got != strings.Join(want, "\n") {
			t.Errorf("%s\ngot  %s\nwant %s", body, got, strings.Join(want, "\n"))
		}
	}
	two := head + `2}`
	f(``)
	f(" \n")
	f(good, good)
	f(bom+good, good)
	f(good+two, good, two)
	f(good+"\r\n"+two+"\n\n", good, two)
	f(`[`+good+` , `+two+`]`, good, two)
	f(`[]`)
	f(`[`+good+`][`+two+`]`+good, good, two, good)
	f(`{"readings":[`+good+`,`+two+`]}`, good, two)
	f(`{ "source" : {"a":[1,[]],"b":"x\"]"} , "readings" : [ `+good+` ] , "n" : 1 }`+"\n"+two, good, two)
	f(`{"readings":[`+good+`],"readings":[`+two+`]}`, good, two)
	f(`{"readings":[]}`)
	f("{\n  \"meter\": \"E1\",\n  \"time\": \"2024-05-01T00:00:00Z\",\n  \"value\": 1\n}\n"+two, good, two)

	// broken in the stream: only the line is lost
	f("rubbish\n"+good, "!malformed", good)
	f("<html>\n<body>\n</body>\n", "!malformed")
	f(head+"\n"+good, "!malformed", good)
	f(head+"1\n"+good+"\n"+two, "!malformed", good, two)
	f(head+"\"\n"+good, "!malformed", good)
	f(good+" rubbish\n"+two, good, "!malformed", two)
	f(`{"meter":"E1",`, "!malformed")
	f(good+",\n"+two, good, "!malformed", two)
	f(strings.Repeat("[", 5)+good, "!malformed")
	f("\xff\xfe{\x00", "!bad_encoding")
	f("5", "!malformed")

	// broken in an array: the rest is lost
	f(`[`+good+` `+two+`]`, good, "!malformed")
	f(`[`+good+`,`+head+`]`, good, "!malformed")
	f(`[`+good+`,]`, good, "!malformed")
	f(`[`+good, good, "!malformed")
	f(`{"readings":[`+good+`]`, good, "!malformed")
	f(`{"readings":[`+good+`] 5`, good, "!malformed")
	f(`{"readings":[`+good+`],5}`, good, "!malformed")

	// wrong types: only the element is lost
	f(`[1,"a",null,true,[`+good+`],{},`+good+`]`, "!malformed", "!malformed", "!malformed", "!malformed", "!malformed", "!missing_meter", good)
	f(`{"readings":"none"}`, "!missing_meter")
	f(`{"readings":[{"readings":[`+good+`]}]}`, "!missing_meter")
	f(`[`+head+`NaN},`+good+`,`+head+`01},`+good+`]`, "!bad_value", good, "!malformed", good)
}

func TestJSON_Fields(t *testing.T) {
	f := func(element, want string) {
		t.Helper()
		if got := show(asJSON, element); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", element, got, want)
		}
		// The same must come out where the scanner gives up: at an escape in a
		// name that means nothing.
		if element == "{}" || strings.HasPrefix(want, "!malformed") {
			return
		}
		if got := show(asJSON, `{"\u0078":"",`+element[1:]); got != want {
			t.Errorf("%s, plainly\ngot  %s\nwant %s", element, got, want)
		}
	}
	value := func(text, want string) {
		t.Helper()
		if !strings.HasPrefix(want, "!") {
			want = head + want + `}`
		}
		f(head+text+`}`, want)
	}
	value(`0`, `0`)
	value(`-0`, `0`)
	value(`-1.5`, `-1.5`)
	value(`123456.700000`, `123456.7`)
	value(`1.5e3`, `1500`)
	value(`1E-6`, `0.000001`)
	value(`0.0000005`, `0.0000005`) // rounded, and written as it came
	value(`1.00000000`, `1`)
	value(`4611686018427.3`, `4611686018427.3`)
	value(`4611686018428`, `!out_of_range`)
	value(`1e30`, `!out_of_range`)
	value(`-1e400`, `!out_of_range`)
	value(`"1"`, `!bad_value`)
	value(`true`, `!bad_value`)
	value(`[1]`, `!bad_value`)
	value(`{}`, `!bad_value`)
	value(`NaN`, `!bad_value`)
	value(`Infinity`, `!bad_value`)
	value(`-Infinity`, `!bad_value`)
	value(`-inf`, `!bad_value`)
	value(`null`, `!missing_value`)
	value(`+1`, `!malformed`)
	value(`.5`, `!malformed`)
	value(`1.`, `!malformed`)
	value(`01`, `!malformed`)
	value(`0x10`, `!malformed`)
	value(`1e`, `!malformed`)
	value(`rubbish`, `!malformed`)
	value(`1,"value":2`, `2`)
	value(`1,"note":"a","n":-1.5e3,"x":null,"y":{"value":[9]}`, `1`)
	value(`1,"Value":2,"METER":"E2"`, `1`)

	meter := func(text, want string) {
		t.Helper()
		f(`{"meter":`+text+`,"time":"2024-05-01T00:00:00Z","value":1}`, want)
	}
	long := strings.Repeat("x", 128)
	meter(`"`+long+`"`, strings.Replace(good, "E1", long, 1))
	meter(`"`+long+`x"`, `!bad_meter`)
	meter(`"一号楼 电"`, strings.Replace(good, "E1", "一号楼 电", 1))
	meter(`"\u4e00"`, strings.Replace(good, "E1", "一", 1))
	meter(`"a\"\\"`, strings.Replace(good, "E1", `a\"\\`, 1))
	meter(`""`, `!missing_meter`)
	meter(`null`, `!missing_meter`)
	meter(`7`, `!bad_meter`)
	meter(`"a\n"`, `!bad_meter`)
	meter("\"a\x7f\"", `!bad_meter`)
	meter("\"a\u0085\"", `!bad_meter`)
	meter("\"a\ufffd\"", `!bad_encoding`)
	meter(`"\ud800"`, `!bad_encoding`)
	meter("\"\xb5\xe7\"", `!bad_encoding`)
	meter("\"\xed\xa0\x80\"", `!bad_encoding`)
	f(`{"time":"2024-05-01T00:00:00Z","value":1}`, `!missing_meter`)
	f(`{"meter":"E1","time":"2024-05-01T00:00:00Z","value":1,"note":"`+"\xff"+`"}`, `!bad_encoding`)

	moment := func(text, want string) {
		t.Helper()
		if !strings.HasPrefix(want, "!") {
			want = `{"meter":"E1","time":"` + want + `","value":1}`
		}
		f(`{"meter":"E1","time":`+text+`,"value":1}`, want)
	}
	moment(`"2024-05-01T08:15:00+08:00"`, `2024-05-01T00:15:00Z`)
	moment(`"2024-04-30T20:15:00.1239-04:00"`, `2024-05-01T00:15:00.123Z`)
	moment(`"1971-01-01T00:00:00Z"`, `1971-01-01T00:00:00Z`)
	moment(`"1970-12-31T23:59:59Z"`, `!bad_time`) // a clock that was never set
	moment(`"1970-01-01T00:00:00+00:01"`, `!bad_time`)
	moment(`"1969-12-31T23:59:59Z"`, `!bad_time`)
	moment(`"2200-01-01T00:00:00Z"`, `!bad_time`)
	moment(`"2024-02-30T00:00:00Z"`, `!bad_time`)
	moment(`"2024-05-01T24:00:00Z"`, `!bad_time`)
	moment(`"2024-05-01T00:15:00"`, `!bad_time`)
	moment(`"2024-05-01 00:15:00Z"`, `!bad_time`)
	moment(`"2024-05-01"`, `!bad_time`)
	moment(`1714521600`, `!bad_time`)
	moment(`""`, `!missing_time`)
	moment(`null`, `!missing_time`)
	moment(`"2024-05-01T01:10:00Z"`, `2024-05-01T01:10:00Z`)
	moment(`"2024-05-01T01:10:00.001Z"`, `!future_time`)

	more := func(text, want string) {
		t.Helper()
		if !strings.HasPrefix(want, "!") {
			want = head + `1` + want + `}`
		}
		f(head+`1,`+text+`}`, want)
	}
	more(`"unit":"kWh"`, `,"unit":"kWh"`)
	more(`"unit":"m³"`, `,"unit":"m3"`)
	more(`"unit":""`, ``)
	more(`"unit":null`, ``)
	more(`"unit":"kwh"`, `!unknown_unit`)
	more(`"unit":1`, `!unknown_unit`)
	more(`"kind":"bill"`, `,"kind":"bill"`)
	more(`"kind":"Bill"`, `!unknown_kind`)
	more(`"kind":[]`, `!unknown_kind`)
	more(`"start":"2024-05-01T07:45:00+08:00"`, `,"start":"2024-04-30T23:45:00Z"`)
	more(`"start":"2024-04-30T23:45:00Z","kind":"delta"`, `,"start":"2024-04-30T23:45:00Z","kind":"delta"`)
	more(`"start":null`, ``)
	more(`"start":"2024-04-30T23:45:00Z","kind":"register"`, `!bad_start`)
	more(`"kind":"power","start":"2024-04-30T23:45:00Z"`, `!bad_start`)
	more(`"start":"2024-05-01T00:00:00Z"`, `!bad_start`)
	more(`"start":"1969-05-01T00:00:00Z"`, `!bad_start`)
	more(`"start":"yesterday"`, `!bad_start`)
	more(`"start":5`, `!bad_start`)
	more(`"revision":2147483647`, `,"revision":2147483647`)
	more(`"revision":0`, ``)
	more(`"revision":2147483648`, `!bad_revision`)
	more(`"revision":-1`, `!bad_revision`)
	more(`"revision":1.5`, `!bad_revision`)
	more(`"revision":"1"`, `!bad_revision`)
	more(`"register":255`, `,"register":255`)
	more(`"register":256`, `!bad_register`)
	more(`"register":true`, `!bad_register`)
	more(`"revision":1,"deleted":true`, `,"revision":1,"deleted":true`)
	more(`"deleted":false`, ``)
	more(`"deleted":null`, ``)
	more(`"deleted":1`, `!malformed`)
	more(`"deleted":"true"`, `!malformed`)
	f(`{"meter":"E1","time":"2024-05-01T00:00:00Z","deleted":true}`, head+`0,"deleted":true}`)
	f(`{"meter":"E1","time":"2024-05-01T00:00:00Z"}`, `!missing_value`)
	f(`{}`, `!missing_meter`)

	// of several faults the first in order is told
	f(`{"deleted":7,"register":-1,"value":"x","time":"x","meter":7}`, `!bad_meter`)
	f(`{"deleted":7,"register":-1,"value":"x","time":"x","meter":"E1"}`, `!bad_time`)
	f(`{"deleted":7,"register":-1,"value":"x","time":"2030-05-01T00:00:00Z","meter":"E1"}`, `!bad_value`)
}

func TestPlainInstant_IsLikeTimeParse(t *testing.T) {
	f := func(text string) (ok bool) {
		t.Helper()
		want, err := time.Parse(time.RFC3339, text)
		got, ok := plainInstant([]byte(text))
		if ok && (err != nil || got != schema.InstantOf(want)) {
			t.Errorf("%q: got %v, want %v %v", text, got, want, err)
		}
		return ok
	}
	// every day of the range, leap years and centuries among them
	for day := time.Date(1970, 1, 1, 23, 59, 58, 999_999_999, time.UTC); day.Year() < 2200; day = day.AddDate(0, 0, 1) {
		if text := day.Format(time.RFC3339Nano); !f(text) {
			t.Errorf("%q: given up", text)
		}
	}
	for _, date := range []string{"2023-02-29", "2100-02-29", "2000-02-29", "2024-04-31", "2024-13-01", "2024-00-01", "2024-01-00", "2024-01-32", "1969-12-31", "2200-01-01"} {
		f(date + "T00:00:00Z")
	}
	for _, clock := range []string{
		"00:00:60Z", "23:60:00Z", "24:00:00Z", "00:00:00z", "00:00:00", "00:00:00.Z", "00:00:00.1Z", "00:00:00.123456789Z", "00:00:00.1234567891Z", "00:00:00,5Z",
		"00:00:00.5", "00:00:00+08:00", "00:00:00-23:59", "00:00:00+24:00", "00:00:00+08:60", "00:00:00+0800", "00:00:00+08", "00:00:00Z+08:00", "00:00:00ZZ", "0a:00:00Z", "00:00:0/Z", "00:00:00.5+08:00",
	} {
		f("2024-05-01T" + clock)
	}
}
