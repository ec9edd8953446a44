package ingest_test

import (
	"bytes"
	"testing"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/arrow"
	"jouleline/schema/codec"
)

// The same reading in every encoding of the contract is the same reading, and
// what is kept of it can be read once more without its content type.
func TestDecoder_EveryEncoding(t *testing.T) {
	const received = schema.Instant(1714525200000)
	want := schema.Reading{Meter: "E1", Time: 1714521600000, Value: 12_500_000, Unit: schema.KilowattHour}
	var columns bytes.Buffer
	out := arrow.NewEncoder(&columns)
	if err := out.Encode(&want); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	var d ingest.Decoder
	read := func(contentType string, body []byte) ([]byte, bool) {
		t.Helper()
		format, err := ingest.FormatOf(contentType, body)
		if err != nil {
			t.Fatal(err)
		}
		d.Reset(format, body, received)
		if !d.Next() || d.Rejection() != nil {
			t.Fatalf("%s: got no reading of %q", contentType, body)
		}
		got, original := d.Scanned().Owned(), d.Original()
		if d.Next() {
			t.Fatalf("%s: got a second reading of %q", contentType, body)
		}
		return original, got == want
	}
	f := func(contentType, body string, again bool) {
		t.Helper()
		original, same := read(contentType, []byte(body))
		if !same {
			t.Errorf("%s: got another reading of %q, want %+v", contentType, body, want)
		}
		if !again {
			return
		}
		if _, same = read("", original); !same {
			t.Errorf("%s: the original %q is another reading", contentType, original)
		}
	}
	f(ingest.ArrowStream, columns.String(), true)
	f(ingest.ArrowStream+"; x=y", columns.String(), true)
	f("", columns.String(), true)
	f(ingest.JSON, `{"meter":"E1","time":"2024-05-01T08:00:00+08:00","value":12.5,"unit":"kWh"}`, true)
	f(ingest.LineProtocol, "m,meter=E1,unit=kWh value=12.5 1714521600000000000", true)
	f("text/plain; precision=s", "m,meter=E1,unit=kWh value=12.5 1714521600", false)
	f("text/csv", "meter,time,value,unit\nE1,2024-05-01T08:00:00+08:00,12.5,kWh\n", false)
	if _, err := ingest.FormatOf("image/png", nil); err == nil {
		t.Error("image/png is taken")
	}
	if got := ingest.Sniff([]byte("meter,time\n"), codec.CSV); got.Arrow || got.Encoding != codec.CSV {
		t.Errorf("got %+v, want CSV", got)
	}
}
