package gateway

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/codec"
)

// Whatever the messages are, each good reading is on the topic once, in order, and
// each bad element is kept with its reason and its sender.
func TestMessages_EveryElementOnce(t *testing.T) {
	w := new(world)
	config := w.config()
	config.MaxBody, config.MaxReadings = 4096, 3
	g := open(t, config)
	rejected := func(code schema.Code, sender, original string) Rejected {
		return Rejected{Received: received, Code: code, Source: sender, Original: []byte(original)}
	}
	four := strings.Repeat(reading("E5", ""), 4)
	err := g.Messages(t.Context(), FromMQTT, []Message{
		{Sender: "G1", Body: []byte(reading("E1", ""))},
		{Sender: "G2", Body: []byte("m,meter=E2 value=1 1714521600000000000")},
		{Sender: "G1", Body: []byte("not a reading")},
		{Sender: "G1", ContentType: "text/csv", Body: []byte("meter,time,value\nE3,2024-05-01T08:00:00+08:00,1\nE4,never,1\n")},
		{Sender: "G1", ContentType: "image/png", Body: []byte("png")},
		{Sender: "G2", Body: []byte("[]")},
		{Sender: "G2", Body: bytes.Repeat([]byte(" "), 5000)},
		{Sender: "G2", Body: []byte(four)},
		{Sender: "G1", Body: []byte(reading("E1", ""))},
		{Sender: "G1", Body: []byte(reading("X1", ""))},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := w.meters(t)
	slices.Sort(got)
	if want := []string{"E1", "E1", "E2", "E3", "E5", "E5", "E5", "X1"}; !slices.Equal(got, want) {
		t.Errorf("got readings of %q, want %q", got, want)
	}
	want := []Rejected{
		rejected(schema.Malformed, "G1", "not a reading"), rejected(schema.BadTime, "G1", "E4,never,1\n"), rejected(schema.BadEncoding, "G1", "png"),
		rejected(schema.Malformed, "G2", "[]"), rejected(schema.TooLarge, "G2", strings.Repeat(" ", 5000)), rejected(schema.TooLarge, "G2", four),
	}
	if len(w.rejected) != len(want) {
		t.Fatalf("got %d rejected, want %d: %+v", len(w.rejected), len(want), w.rejected)
	}
	for i, r := range w.rejected {
		if r.Detail == "" {
			t.Errorf("rejected %d: got no reason", i)
		}
		r.Detail = ""
		if r.Code != want[i].Code || r.Source != want[i].Source || r.Received != received || !bytes.Equal(r.Original, want[i].Original) {
			t.Errorf("rejected %d: got %s of %s, %q; want %s of %s, %q", i, r.Code, r.Source, r.Original, want[i].Code, want[i].Source, want[i].Original)
		}
	}
	counts := w.counts[FromMQTT]
	if counts[schema.Accepted] != 7 || counts[schema.Parked] != 1 || counts[schema.TooLarge] != 2 {
		t.Errorf("got counts %v", counts)
	}
	if len(w.rejected[4].Original) > codec.MaxElement {
		t.Errorf("got an original of %d bytes", len(w.rejected[4].Original))
	}
}

// What is not stored is not acknowledged, wherever it failed.
func TestMessages_NotStored(t *testing.T) {
	message := []Message{{Sender: "G1", Body: []byte(reading("E1", "") + "{}")}}
	for _, w := range []*world{{produceErr: errors.New("away")}, {rejectErr: errors.New("away")}} {
		if err := open(t, w.config()).Messages(t.Context(), FromMQTT, message); !errors.Is(err, ErrNotStored) {
			t.Errorf("got %v, want %v", err, ErrNotStored)
		}
		if len(w.counts[FromMQTT]) > 0 {
			t.Errorf("got counts %v of what is not stored", w.counts)
		}
	}
}
