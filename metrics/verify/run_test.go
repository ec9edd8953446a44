package verify_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// stored is a store in memory: two meters of one institution, a register of three
// readings each.
type stored struct {
	tables   map[string][]byte
	recorded schema.Instant
	waiting  []int32
	// imports is how often the registry changes right before a snapshot.
	imports int
	asked   [][]int32
	whole   bool
	owners  []posting.Attribution
	sums    []verify.Sum
}

const hour = schema.Instant(schema.Hour)

var begin = schema.DayOf(2024, 1, 1)

func newStored() *stored {
	return &stored{recorded: 1, tables: map[string][]byte{
		registry.RegionsFile:      []byte("code,name\n370000,x\n"),
		registry.InstitutionsFile: []byte("id,name,class,region\nA,a,education,370000\n"),
		registry.BuildingsFile:    []byte("id,institution,name\nA1,A,a\n"),
		registry.MetersFile:       []byte("id,building,carrier,kind,unit,interval\nM0,A1,water,register,m3,PT1H\nM1,A1,water,register,m3,PT1H\n"),
	}}
}

func (s *stored) RegistryTables(context.Context, schema.Instant) (map[string][]byte, schema.Instant, error) {
	return s.tables, s.recorded, nil
}

func (s *stored) Numbers(context.Context) ([]posting.Meter, []posting.Account, int64, error) {
	return []posting.Meter{{ID: 0, Key: "M0"}, {ID: 1, Key: "M1"}, {ID: 2, Key: "gone"}},
		[]posting.Account{{ID: 0, Institution: "A", Carrier: schema.Water, Use: schema.ForBuilding}}, 6, nil
}

func (s *stored) Evidence(_ context.Context, meters []int32) (e verify.Evidence, err error) {
	if s.imports > 0 {
		s.imports--
		s.recorded++
	}
	s.asked = append(s.asked, meters)
	e.World, e.Waiting = s.recorded, s.waiting
	reg, err := registry.Build(s.tables, registry.Options{})
	if err != nil {
		return e, err
	}
	from := begin.Start(reg.TimeZone)
	for _, id := range meters {
		for k := range schema.Instant(3) {
			e.Readings = append(e.Readings, posting.Reading{Meter: id, Point: books.Point{
				Time: from + k*hour, Value: schema.Quantity(k) * schema.Micro, Unit: schema.CubicMetre, Kind: schema.Register,
			}})
		}
		e.Booked = append(e.Booked, posting.Entry{Meter: id, Entry: books.Entry{Day: begin, Quantity: 2 * schema.Micro, Known: int64(2 * hour)}})
	}
	return e, nil
}

func (s *stored) Sums(_ context.Context, attribution []posting.Attribution, whole bool) (verify.Sums, error) {
	s.owners, s.whole = attribution, whole
	return verify.Sums{Compared: 1, Differ: s.sums, World: s.recorded}, nil
}

func run(t *testing.T, s *stored, o verify.Options) *verify.Report {
	t.Helper()
	o.List = 1
	report, err := verify.Run(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestRun_SoundBooks(t *testing.T) {
	s := newStored()
	r := run(t, s, verify.Options{})
	if r.Meters != 2 || r.Registered != 2 || r.Readings != 6 || r.Checked != 2+6 || r.Months != 1 || len(r.Differences)+r.More != 0 {
		t.Errorf("got %+v, want two sound meters", r)
	}
	if !s.whole || len(s.owners) != 2 || s.owners[0].Account != 0 {
		t.Errorf("got attribution %+v, whole %v, want both meters to A", s.owners, s.whole)
	}
}

// A sampled meter's sums are those of every meter that shares its account.
func TestRun_Sample(t *testing.T) {
	s := newStored()
	r := run(t, s, verify.Options{Sample: 1, Seed: 3})
	if r.Meters != 1 || s.whole || len(s.owners) != 2 || len(s.asked) != 1 || len(s.asked[0]) != 1 {
		t.Errorf("got %+v, asked %v, attribution %v, want one meter and the sums of both", r, s.asked, s.owners)
	}
}

// A registry that changes under a comparison makes it begin anew; one that never
// rests is an error, not a difference.
func TestRun_RegistryChanges(t *testing.T) {
	s := newStored()
	s.imports = 2
	if r := run(t, s, verify.Options{}); r.Meters != 2 || len(s.asked) != 3 || len(r.Differences) != 0 {
		t.Errorf("got %+v after %d snapshots, want sound meters after three", r, len(s.asked))
	}
	s.imports = 1000
	if _, err := verify.Run(t.Context(), s, verify.Options{}); err == nil || !strings.Contains(err.Error(), "registry changed") {
		t.Errorf("got %v, want the registry named", err)
	}
}

// Meters whose books wait are passed over, and what differs beyond the list is
// counted.
func TestRun_WaitingAndDifferences(t *testing.T) {
	s := newStored()
	s.waiting = []int32{1}
	s.sums = []verify.Sum{
		{Account: 0, Month: schema.MonthOf(begin), Quantity: 4, HasQuantity: 7},
		{Account: 0, Month: schema.MonthOf(begin) + 11, Quantity: 4},
	}
	r := run(t, s, verify.Options{})
	if r.Meters != 1 || r.Waiting != 1 || len(r.Differences) != 1 || r.More != 1 {
		t.Fatalf("got %+v, want one meter waiting, one difference listed and one more", r)
	}
	d := r.Differences[0]
	if got := fmt.Sprint(d.Kind, " ", d.Institution, " ", d.Carrier, " ", d.Where, " ", int64(d.Excess)); got != "rollup A water 2024-01 3" {
		t.Errorf("got %s", got)
	}
}
