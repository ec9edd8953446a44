package store

import (
	"fmt"
	"strings"
	"testing"

	"jouleline/metrics/books"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store/duck"
)

// What the benchmark holds: institutions with a meter each, and some houses whose
// meter three institutions share, or is computed of two others.
const (
	benchInstitutions = 45_000
	benchMonths       = 72
	benchDivided      = 400
	benchFormulas     = 100
)

// benchParts fills a store with six years: days of what is divided or computed,
// months of the rest.
func benchParts(b *testing.B) (*Store, *registry.Registry) {
	b.Helper()
	var institutions, buildings, meters, shares strings.Builder
	institutions.WriteString("id,name,class,region\n")
	buildings.WriteString("id,institution,name\n")
	meters.WriteString("id,building,carrier,kind,unit,interval,parent,formula\n")
	shares.WriteString("meter,target,share,valid_from\n")
	meter := func(name string, institution int, parent, formula string) {
		fmt.Fprintf(&meters, "%s,B%d,electricity,register,kWh,PT1H,%s,%s\n", name, institution%benchInstitutions, parent, formula)
	}
	for i := range benchInstitutions {
		fmt.Fprintf(&institutions, "I%d,a,education,370000\n", i)
		fmt.Fprintf(&buildings, "B%d,I%d,b\n", i, i)
		meter(fmt.Sprintf("M%05d", i), i, "", "")
	}
	for i := range benchDivided {
		meter(fmt.Sprintf("D%d", i), i*97, "", "")
		fmt.Fprintf(&shares, "D%d,I%d,0.333333,2020-01-01\nD%d,I%d,0.25,2020-01-01\n", i, i*97+1, i, i*97+2)
	}
	for i := range benchFormulas {
		meter(fmt.Sprintf("V%d", i), i*89, "", fmt.Sprintf("F%d - 0.5*T%d", i, i))
		meter(fmt.Sprintf("F%d", i), i*89, fmt.Sprintf("V%d", i), "")
		meter(fmt.Sprintf("T%d", i), i*89+1, "", "")
	}
	reg, err := registry.Build(registry.Tables{
		registry.RegionsFile: []byte("code,name,parent\n370000,x,\n"), registry.InstitutionsFile: []byte(institutions.String()),
		registry.BuildingsFile: []byte(buildings.String()), registry.MetersFile: []byte(meters.String()), registry.SharesFile: []byte(shares.String()),
	}, registry.Options{})
	if err != nil {
		b.Fatal(err)
	}
	w := &partWorld{Store: mustOpen(b, b.TempDir()+"/books"), t: b, meters: map[string]int32{}, accounts: map[posting.Account]int32{}}
	b.Cleanup(func() { mustClose(b, w.Store) })
	w.adopt(reg)
	for m := range schema.Month(benchMonths) {
		first, end := (bookFirst + m).First(), (bookFirst + m + 1).First()
		batch := &posting.Batch{}
		for _, a := range w.rows {
			batch.Entries = append(batch.Entries, posting.Entry{Meter: a.Meter, Account: a.Account, Entry: books.Entry{Day: first, Quantity: 1e9, Known: 24 * schema.Hour}})
		}
		for name, id := range w.meters {
			if strings.ContainsAny(name, "DF") {
				for day := first; day < end; day++ {
					batch.Entries = append(batch.Entries, posting.Entry{Meter: id, Account: posting.NoAccount, Entry: books.Entry{Day: day, Quantity: 1e9 + 7, Known: 24 * schema.Hour}})
				}
			}
		}
		mustPost(b, w.Store, batch)
	}
	return w.Store, reg
}

// BenchmarkSumByMonth_Parts asks for six years of all institutions where a few
// houses are divided or computed.
func BenchmarkSumByMonth_Parts(b *testing.B) {
	s, reg := benchParts(b)
	slot := func(u *indicator.Usage) int { return int(u.Institution) % 16 }
	ask := func(b *testing.B) {
		if _, _, err := s.SumByMonth(b.Context(), reg, bookFirst, bookFirst+benchMonths, 16, slot); err != nil {
			b.Fatal(err)
		}
	}
	v, err := s.view(b.Context(), reg, 0)
	if err != nil {
		b.Fatal(err)
	}
	shared := posting.Entry{Meter: v.sharing.meters[0], Account: posting.NoAccount, Entry: books.Entry{Day: (bookFirst + benchMonths - 1).First(), Quantity: 1}}
	ask(b)
	b.Run("kept", func(b *testing.B) {
		for b.Loop() {
			ask(b)
		}
	})
	b.Run("running", func(b *testing.B) { // the last month is stale each time
		for b.Loop() {
			s.partbook.post([]posting.Entry{shared})
			ask(b)
		}
	})
	b.Run("imported", func(b *testing.B) { // the first question by a registry that moved nothing
		for b.Loop() {
			s.usage.now = nil
			ask(b)
		}
	})
	year := func(b *testing.B) {
		if _, err := s.Usage(b.Context(), indicator.UsageQuery{Registry: reg, From: bookFirst.First(), To: (bookFirst + 12).First()}); err != nil {
			b.Fatal(err)
		}
	}
	year(b)
	b.Run("year", func(b *testing.B) { // of each institution, as progress asks
		for b.Loop() {
			year(b)
		}
	})
	b.Run("plain", func(b *testing.B) { // month by month, all names and the ledger for each
		for b.Loop() {
			for m := range schema.Month(benchMonths) {
				plainParts(b, s, v, bookFirst+m)
			}
		}
	})
}

// plainParts is the plain way: a month's roll-ups, and its parts by names and days
// that are read for this question.
func plainParts(b *testing.B, s *Store, v *view, month schema.Month) {
	b.Helper()
	sums := make([]usageSum, v.accounts)
	days := schema.Validity{From: month.First(), To: (month + 1).First()}
	err := s.read(b.Context(), func(c *duck.Conn) error {
		err := usageNow(b.Context(), c, days.From, days.To, func(b duck.Block) {
			quantity := duck.Column[int64](b, 1)
			for i, a := range duck.Column[int32](b, 0) {
				sums[a].quantity += quantity[i]
			}
		})
		if err != nil {
			return err
		}
		names, err := readNames(b.Context(), c, v.registry, v.order)
		if err != nil {
			return err
		}
		return newSharing(names).each(b.Context(), c, days, 0, func(_ schema.Day, account int32, s usageSum) { sums[account].add(s) })
	})
	if err != nil {
		b.Fatal(err)
	}
}
