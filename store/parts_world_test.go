package store

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/books"
	"jouleline/metrics/exact"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// partWorld is a store whose registry divides meters and computes others, and is
// imported anew now and then.
type partWorld struct {
	*Store
	t        testing.TB
	random   *rand.Rand
	reg      *registry.Registry
	rows     []posting.Attribution
	meters   map[string]int32
	accounts map[posting.Account]int32
}

const (
	partMeters       = 10
	partInstitutions = 4
)

func newPartWorld(t testing.TB, monthBytes int64) *partWorld {
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "books"), MonthBytes: monthBytes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mustClose(t, s) })
	w := &partWorld{Store: s, t: t, random: chance.Random(t), meters: map[string]int32{}, accounts: map[posting.Account]int32{}}
	w.importAnew()
	return w
}

// someDay gives a day of the book's months.
func (w *partWorld) someDay() schema.Day {
	return bookFirst.First() + schema.Day(w.random.IntN(500))
}

// importAnew imports meters that stand in other buildings from some day, are
// divided from some days on, or are gathered by formulas: M8 and M9 by V0, M7 by V1
// while it holds.
func (w *partWorld) importAnew() {
	w.t.Helper()
	owner := func() int { return w.random.IntN(partInstitutions) }
	var institutions, buildings, meters, shares strings.Builder
	institutions.WriteString("id,name,class,region\n")
	buildings.WriteString("id,institution,name\n")
	meters.WriteString("id,building,carrier,kind,unit,interval,parent,formula,valid_from,valid_to\n")
	shares.WriteString("meter,target,share,valid_from\n")
	for i := range partInstitutions {
		fmt.Fprintf(&institutions, "I%d,a,education,370000\n", i)
		fmt.Fprintf(&buildings, "B%d,I%d,b\n", i, i)
	}
	for i := range partMeters {
		parent := map[int]string{7: "V1", 8: "V0", 9: "V0"}[i]
		moves := w.someDay()
		fmt.Fprintf(&meters, "M%d,B%d,electricity,register,kWh,PT1H,%s,,,%s\n", i, owner(), parent, moves)
		fmt.Fprintf(&meters, "M%d,B%d,electricity,register,kWh,PT1H,%s,,%s,\n", i, owner(), parent, moves)
		if i < 5 { // a target may be a building or an institution
			first := w.someDay()
			fmt.Fprintf(&shares, "M%d,B%d,0.333333,%s\nM%d,I%d,0.25,%s\n", i, owner(), first, i, owner(), first+schema.Day(w.random.IntN(90)))
			fmt.Fprintf(&shares, "M%d,B%d,0,%s\n", i, owner(), first+100)
		}
	}
	changes := w.someDay()
	fmt.Fprintf(&meters, "V0,B%d,electricity,delta,kWh,PT1H,,M8 + 0.7*M9 - 0.333333 * M0,,%s\n", owner(), changes)
	fmt.Fprintf(&meters, "V0,B%d,electricity,delta,kWh,PT1H,,M8 + 1.5*M9,%s,\n", owner(), changes)
	fmt.Fprintf(&meters, "V1,B%d,electricity,delta,kWh,PT1H,,M7 - M6,%s,\n", owner(), w.someDay())
	fmt.Fprintf(&shares, "V0,I%d,0.125,%s\n", owner(), w.someDay())
	reg, err := registry.Build(registry.Tables{
		registry.RegionsFile: []byte("code,name,parent\n370000,x,\n"), registry.InstitutionsFile: []byte(institutions.String()),
		registry.BuildingsFile: []byte(buildings.String()), registry.MetersFile: []byte(meters.String()), registry.SharesFile: []byte(shares.String()),
	}, registry.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.adopt(reg)
}

// adopt posts a registry as the pipeline does.
func (w *partWorld) adopt(reg *registry.Registry) {
	w.t.Helper()
	change := &posting.Registry{Moved: true}
	for i := range reg.Meters {
		if id := reg.Meters[i].ID; !w.has(id) {
			w.meters[id] = int32(len(w.meters))
			change.Meters = append(change.Meters, posting.Meter{ID: w.meters[id], Key: id})
		}
	}
	number := func(meter string) (int32, bool) { return w.meters[meter], true }
	account := func(institution string, carrier schema.Carrier, use schema.Use) int32 {
		a := posting.Account{Institution: institution, Carrier: carrier, Use: use}
		id, ok := w.accounts[a]
		if !ok {
			id = int32(len(w.accounts))
			w.accounts[a] = id
			a.ID = id
			change.Accounts = append(change.Accounts, a)
		}
		return id
	}
	change.Attribution = posting.Attribute(reg, number, account)
	posting.Divide(reg, number, account)
	posting.Formulas(reg, number, account)
	mustPost(w.t, w.Store, &posting.Batch{Registry: change})
	w.reg, w.rows = reg, change.Attribution
}

func (w *partWorld) has(meter string) bool {
	_, ok := w.meters[meter]
	return ok
}

// entries gives entries of random meters and days: whole days, corrections of some,
// and what is taken back.
func (w *partWorld) entries(random *rand.Rand, n int) (list []posting.Entry) {
	for range n {
		e := posting.Entry{Meter: w.meters[fmt.Sprintf("M%d", random.IntN(partMeters))], Account: posting.NoAccount, Entry: books.Entry{
			Day: bookFirst.First() + schema.Day(random.IntN(500)), Quantity: schema.Quantity(random.Int64N(1<<40) - 1<<38), Known: 24 * schema.Hour,
		}}
		switch random.IntN(6) {
		case 0:
			e.Known = 0
		case 1:
			e.Known, e.Estimated = 500, e.Quantity/3
		}
		for _, a := range w.rows {
			if a.Meter == e.Meter && a.Contains(e.Day) {
				e.Account = a.Account
			}
		}
		list = append(list, e)
		if random.IntN(7) == 0 {
			e.Quantity, e.Known, e.Estimated = -e.Quantity, -e.Known, -e.Estimated
			list = append(list, e)
		}
	}
	return list
}

// ledger is the oracle: what the ledger gives as known now, each day attributed,
// divided and computed for this question.
func (w *partWorld) ledger(from, to schema.Day) []indicator.Usage {
	w.t.Helper()
	usage, err := w.Usage(w.t.Context(), indicator.UsageQuery{Registry: w.reg, From: from, To: to, KnownAt: schema.MaxInstant})
	if err != nil {
		w.t.Fatal(err)
	}
	return usage
}

// agree compares what is kept in memory with the oracle, in months [from, to).
func (w *partWorld) agree(from, to schema.Month) {
	w.t.Helper()
	want, got := map[string]int{}, map[string]int{}
	slot := func(u *indicator.Usage) int { return int(u.Institution) - 1 } // I0 is added to nothing
	const slots = partInstitutions - 1
	wantSums, wantKnown := make([]exact.Sum, int(to-from)*slots), make([]bool, int(to-from)*slots)
	for m := from; m < to; m++ {
		plain := w.ledger(m.First(), (m + 1).First())
		w.same(m.First(), (m + 1).First(), plain)
		for i := range plain {
			u := &plain[i]
			if u.Known != 0 || u.Quantity != 0 {
				want[line(m, u)]++
			}
			if k := slot(u); k >= 0 && u.Known != 0 {
				wantSums[int(m-from)*slots+k].Add(int64(u.Quantity))
				wantKnown[int(m-from)*slots+k] = true
			}
		}
	}
	if err := w.UsageByMonth(w.t.Context(), w.reg, from, to, func(m schema.Month, u *indicator.Usage) { got[line(m, u)]++ }); err != nil {
		w.t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		w.t.Fatalf("got\n%v\nwant\n%v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	sums, known, err := w.SumByMonth(w.t.Context(), w.reg, from, to, slots, slot)
	if err != nil || !slices.Equal(known, wantKnown) || !slices.Equal(sums, wantSums) {
		w.t.Fatalf("sums by month: got %v, %v, %v, want %v, %v", sums, known, err, wantSums, wantKnown)
	}
}

// same compares the usage of some days.
func (w *partWorld) same(from, to schema.Day, want []indicator.Usage) {
	w.t.Helper()
	got, err := w.Usage(w.t.Context(), indicator.UsageQuery{Registry: w.reg, From: from, To: to})
	if err != nil || !slices.Equal(got, want) {
		w.t.Fatalf("%s to %s: got\n%+v, %v, want\n%+v", from, to, got, err, want)
	}
}
