package codec

import (
	"fmt"
	"strings"
	"testing"
)

// exampleRules speak of a device on Modbus, of devices that MQTT names in a tag,
// and of one measurement whose tags have to be escaped.
var exampleRules = []Rule{
	{Measurement: "modbus", Field: "energy", Meter: "{name}-E", Unit: "kWh"},
	{Measurement: "modbus", Field: "energy", Tags: map[string]string{"name": "special"}, Meter: "S1"},
	{Measurement: "modbus", Field: "power", Meter: "{name}-P", Unit: "kW", Kind: "power"},
	{Measurement: "mqtt_consumer", Field: "value", Tags: map[string]string{"site": "a", "what": "water"}, Meter: "W/{device}"},
	{Measurement: "my device", Field: "e, total", Tags: map[string]string{"room no": "1,2"}, Meter: "R1"},
}

func mustMap(t testing.TB, rules []Rule) *Mapping {
	t.Helper()
	m, err := NewMapping(rules)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// byRules writes the elements of lines as text, one a line.
func byRules(t testing.TB, m *Mapping, lines string) (text string, d *Decoder) {
	t.Helper()
	d = new(Decoder)
	d.Map(m)
	d.Reset(Format{Encoding: Line, Precision: Seconds}, []byte(lines), received)
	for index := 0; d.Next(); index++ {
		if r := d.Rejection(); r != nil {
			text += fmt.Sprintf("!%s %s\n", r.Code, r.Detail)
			continue
		}
		s := d.Scanned()
		if s.Index != index || !strings.HasPrefix(lines[s.Offset:], string(s.Original)) {
			t.Errorf("%q: got index %d, offset %d and original %q of element %d", lines, s.Index, s.Offset, s.Original, index)
		}
		r := s.Owned()
		text += fmt.Sprintf("%s %s %s%s %s\n", r.Meter, r.Time.Time().Format("15:04:05"), r.Value, r.Unit, r.Kind)
	}
	return text, d
}

func TestMapping_Lines(t *testing.T) {
	m := mustMap(t, exampleRules)
	f := func(lines, want string, unmapped int) {
		t.Helper()
		got, d := byRules(t, m, lines)
		if strings.TrimSpace(got) != strings.TrimSpace(want) || d.Unmapped() != unmapped {
			t.Errorf("%s\ngot  %q, %d unmapped %q\nwant %q, %d", lines, got, d.Unmapped(), d.UnmappedFields(), want, unmapped)
		}
	}
	f("modbus,name=m1,type=holding_register energy=12.5,frequency=50.01 1714521660", "m1-E 00:01:00 12.5kWh ", 1)
	f("modbus,name=m1 energy=12.5,power=3i 1714521660", "m1-E 00:01:00 12.5kWh \nm1-P 00:01:00 3kW power", 0)
	f("modbus,name=special energy=1 1714521660", "S1 00:01:00 1 ", 0)          // the rule with more tags counts
	f("modbus energy=1 1714521660", "", 1)                                     // the tag that names the meter is missing
	f("modbus,name=m1 energy=1,energy=2 1714521660", "m1-E 00:01:00 2kWh ", 0) // of a name that is given twice the last counts
	f("modbus,name=m1 energy=\"on\" 1714521660", "!bad_value field energy: value: got the text on, want a decimal number", 0)
	f("mqtt_consumer,site=a,what=water,device=7 value=1 1714521660\nmqtt_consumer,site=b,what=water,device=7 value=1 1714521660", "W/7 00:01:00 1 ", 1)
	f("my\\ device,room\\ no=1\\,2 e\\,\\ total=5 1714521660", "R1 00:01:00 5 ", 0)
	// Lines of other measurements: by the contract, where they name a meter.
	f("other,meter=E1,unit=kWh value=7,x=1 1714521660", "E1 00:01:00 7kWh ", 1)
	f("cpu,host=a usage=1,idle=2 1714521660\nother,meter=E1 value=7 1714521660", "E1 00:01:00 7 ", 2)
	f("other,meter=E1 energy=7 1714521660", "!missing_value value: not given", 0)
	// A measurement with rules is read by these only.
	f("modbus,name=m1,meter=E1 value=7 1714521660", "", 1)
	// What is wrong with a line is told, and spoils nothing beside it.
	f("modbus,name=m1 energy= 1714521660\nmodbus,name=m1 energy=1 1714521660", "!malformed byte 22: got \" 1714521660\", want a value\nm1-E 00:01:00 1kWh ", 0)
	f("# modbus\n\nmodbus,name=m1 energy=1 1714521660\n\n", "m1-E 00:01:00 1kWh ", 0)
	f("modbus,name="+strings.Repeat("x", 130)+" energy=1 1714521660", "!bad_meter field energy: meter: got 132 bytes, at most 128 are taken", 0)
}

// Without a time a line is of when it was received, and the next body knows
// nothing of the last.
func TestMapping_TimeAndReset(t *testing.T) {
	m := mustMap(t, exampleRules)
	got, d := byRules(t, m, "modbus,name=m1 energy=1,power=2,x=3")
	if want := "m1-E 01:00:00 1kWh \nm1-P 01:00:00 2kW power\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if fields := fmt.Sprint(d.UnmappedFields()); fields != "[modbus x]" {
		t.Errorf("got the unmapped fields %s", fields)
	}
	d.Reset(Format{Encoding: Line}, []byte("modbus,name=m1 energy=1,power=2"), received)
	d.Next()
	d.Reset(Format{Encoding: Line}, nil, received)
	if d.Next() || d.Unmapped() != 0 || len(d.UnmappedFields()) != 0 {
		t.Error("an empty body has elements of the last one")
	}
}

func TestMapping_Refuses(t *testing.T) {
	good := Rule{Measurement: "m", Field: "f", Meter: "E1"}
	f := func(change func(*Rule), want string) {
		t.Helper()
		bad := good
		change(&bad)
		if _, err := NewMapping([]Rule{{Measurement: "m", Field: "f", Meter: "E1"}, bad}); err == nil || !strings.Contains(err.Error(), "rule 2") || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %s", bad, err, want)
		}
	}
	f(func(*Rule) {}, "a rule before it has the same tags")
	f(func(r *Rule) { r.Measurement = "" }, "want all three")
	f(func(r *Rule) { r.Field = "" }, "want all three")
	f(func(r *Rule) { r.Meter = "" }, "want all three")
	f(func(r *Rule) { r.Meter = "{name" }, "stands for a tag")
	f(func(r *Rule) { r.Meter = "x{}" }, "stands for a tag")
	f(func(r *Rule) { r.Meter = "a\x00" }, "control character")
	f(func(r *Rule) { r.Unit = "parsec" }, "unknown unit")
	f(func(r *Rule) { r.Kind = "guess" }, "unknown kind")
}

// FuzzMapping asserts that rules make of any lines elements in order, and that
// lines of the contract are read as without rules.
func FuzzMapping(f *testing.F) {
	f.Add([]byte("modbus,name=m1 energy=12.5,power=3i,x=\"a\nb\" 1714521660\nother,meter=E1 value=1 1714521660\nrubbish"))
	f.Add([]byte("my\\ device,room\\ no=1\\,2 e\\,\\ total=5 1714521660"))
	f.Add([]byte("modbus,name=m1,name=m2 energy=,energy=1"))
	m := mustMap(f, exampleRules)
	f.Fuzz(func(t *testing.T, lines []byte) {
		byRules(t, m, string(lines))
		const first, last = "m,meter=first value=1\n", "\nm,meter=last value=1\n"
		if strings.ContainsAny(string(lines), "\"") {
			return // a quoted text may well go on in the next line
		}
		got, _ := byRules(t, m, first+string(lines)+last)
		if !strings.HasPrefix(got, "first ") || !strings.HasSuffix(got, "last 01:00:00 1 \n") {
			t.Fatalf("%q: got %s", lines, got)
		}
	})
}
