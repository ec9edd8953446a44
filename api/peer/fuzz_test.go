package peer

import (
	"bytes"
	"reflect"
	"testing"

	"jouleline/metrics/frozen"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
)

func fullQuestion() *question {
	return &question{
		meters: []string{"E1", ""}, stretches: []posting.Stretch{{Meter: 1, From: -5, To: 1 << 50}}, days: schema.Validity{From: -1, To: 20000},
		from: 1, to: 2, moment: 3, registry: "ab", institutions: []int32{0, 7}, whole: true, after: -1, limit: 5, dryRun: true,
		tables: []file{{"meters.csv", []byte("id\n\x00")}}, sample: 4, seed: -9, report: frozen.Report{ID: 1, Name: "n", Figures: []byte("{}"), Question: []byte{}, Versions: []byte{}},
	}
}

func fullAnswer() *answer {
	a := &answer{
		head: head{"c", "t", 4, []int{0, 1}, "ab"}, names: []string{"M"}, codes: []posting.Code{{Meter: 1}}, entries: []posting.Entry{{Meter: 2, Account: posting.NoAccount}},
		usage: []indicator.Usage{{Institution: 1, Carrier: schema.Water, Use: schema.ForVehicle, Quantity: -4, Known: 1 << 40}}, booked: []frozen.Booked{{Meter: 1, First: 9}},
		received: []frozen.Received{{Meter: 1, Readings: 3}}, rejects: []Reject{{Sequence: 1, Rejected: posting.Rejected{Code: "x", Original: []byte("y")}}},
		counts: []counted{{"a", 1}}, reports: []frozen.Report{{ID: 2, Question: []byte{}, Versions: []byte{}, Figures: []byte("f")}}, moment: 7, number: 8,
		imported: Imported{Tables: []string{"t"}, Meters: 1}, verified: verify.Report{Meters: 3, Differences: []verify.Difference{{Kind: verify.Rollup, Carrier: schema.Heat}}},
	}
	r := posting.Reading{Meter: 1, Recorded: 5}
	r.Value, r.Unit, r.Kind, r.Original, r.Deleted = -3, schema.KilowattHour, schema.Bill, "1.50", true
	a.readings = []posting.Reading{r}
	return a
}

func written(v interface{ code(*coder) }) []byte {
	out := newWriter()
	v.code(out)
	return out.buf
}

// What is written is read, and every shorter message is refused.
func TestMessages_RoundTrip(t *testing.T) {
	q, a := fullQuestion(), fullAnswer()
	var q2 question
	in := newReader(written(q))
	q2.code(in)
	if err := in.finish(); err != nil || !reflect.DeepEqual(*q, q2) {
		t.Errorf("question: got %+v, %v, want %+v", q2, err, *q)
	}
	var a2 answer
	in = newReader(written(a))
	a2.code(in)
	if err := in.finish(); err != nil || !reflect.DeepEqual(*a, a2) {
		t.Errorf("answer: got %+v, %v, want %+v", a2, err, *a)
	}
	whole := written(a)
	for n := range whole {
		var cut answer
		in := newReader(whole[:n])
		cut.code(in)
		if in.finish() == nil {
			t.Fatalf("the first %d of %d bytes were taken for a whole message", n, len(whole))
		}
	}
}

// No message makes the decoder panic or ask for more memory than a multiple of
// itself, and what it takes is written as it was read.
func FuzzMessages(f *testing.F) {
	f.Add(written(fullQuestion()), true)
	f.Add(written(fullAnswer()), false)
	f.Add([]byte{2, 0xff, 0xff, 0xff, 0xff, 0x0f}, true)
	f.Fuzz(func(t *testing.T, message []byte, isQuestion bool) {
		read := func(message []byte) ([]byte, error) {
			in := newReader(message)
			if isQuestion {
				var q question
				q.code(in)
				return written(&q), in.finish()
			}
			var a answer
			a.code(in)
			return written(&a), in.finish()
		}
		first, err := read(message)
		if err != nil {
			return
		}
		if second, err := read(first); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("got %x, %v when read again, want %x", second, err, first)
		}
	})
}
