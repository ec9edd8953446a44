package indicator_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// build makes a world of tables, each of them rows under a header.
func build(tables map[string]string) *indicator.World {
	raw := registry.Tables{}
	for file, text := range tables {
		raw[file] = []byte(strings.TrimLeft(text, "\n"))
	}
	reg, err := registry.Build(raw, registry.Options{})
	if err != nil {
		panic(err)
	}
	w, err := indicator.NewWorld(reg)
	if err != nil {
		panic(err)
	}
	return w
}

// memory is a source that has the usage of whole stretches ready, by institution
// id: a world may be rebuilt with other indices.
type memory map[schema.Day][]named

type named struct {
	id string
	indicator.Usage
}

func (m memory) Usage(_ context.Context, q indicator.UsageQuery) ([]indicator.Usage, error) {
	var list []indicator.Usage
	for _, n := range m[q.From] {
		i, ok := q.Registry.InstitutionIndex(n.id)
		if ok && (q.Institutions == nil || slices.Contains(q.Institutions, i)) {
			u := n.Usage
			u.Institution = i
			list = append(list, u)
		}
	}
	slices.SortStableFunc(list, func(a, b indicator.Usage) int { return cmp.Compare(a.Institution, b.Institution) })
	return list, nil
}

// randomWorld draws a small world in which everything happens: moves, gaps in
// existence, regions that change hands, sub-meters, two time zones, declared
// figures beside metered ones.
type randomWorld struct {
	r      *rand.Rand
	tables map[string]string
	ids    []string
	years  []int
	books  memory
}

func (w *randomWorld) row(file, format string, args ...any) {
	w.tables[file] += fmt.Sprintf(format, args...) + "\n"
}

func (w *randomWorld) day() string {
	return fmt.Sprintf("%d-%02d-%02d", 2020+w.r.IntN(4), 1+w.r.IntN(12), 1+w.r.IntN(28))
}

func (w *randomWorld) maybe(percent int) bool { return w.r.IntN(100) < percent }

var randomCarriers = []string{"electricity", "natural_gas", "water", "heat", "gasoline", "diesel", "coal", "other"}

func newRandomWorld(r *rand.Rand, institutions int, years ...int) *randomWorld {
	w := &randomWorld{r: r, years: years, books: memory{}, tables: map[string]string{
		"regions.csv":      "code,name,parent,valid_from,valid_to\n000000,n,,,\n370000,p,000000,,\n370100,a,370000,,\n370200,b,370000,,\n370101,aa,370100,,2022-07-01\n370101,aa,370200,2022-07-01,\n370201,bb,370200,,\n110000,q,000000,,\n",
		"departments.csv":  "id,name,parent\nX,x,\nX1,x1,X\nY,y,\n",
		"institutions.csv": "id,name,class,region,department,valid_from,valid_to\n",
		"buildings.csv":    "id,institution,time_zone\n",
		"floor_area.csv":   "building,valid_from,area_m2\n",
		"headcount.csv":    "institution,valid_from,people\n",
		"meters.csv":       "id,building,carrier,use,kind,parent,valid_from,valid_to\n",
		"declared.csv":     "scope,id,year,quantity,unit,value\n",
	}}
	for n := range institutions {
		w.institution(fmt.Sprintf("I%03d", n))
	}
	return w
}

func (w *randomWorld) institution(id string) {
	w.ids = append(w.ids, id)
	place := func() string {
		return fmt.Sprintf("%s,%s,%s", schema.Classes[w.r.IntN(3)],
			[]string{"370000", "370101", "370101", "370201", "370200", "110000"}[w.r.IntN(6)], []string{"", "X", "X1", "Y"}[w.r.IntN(4)])
	}
	from, to := "", ""
	if w.maybe(20) {
		from = "2020-0" + fmt.Sprint(1+w.r.IntN(9)) + "-15"
	}
	if w.maybe(20) {
		to = "2023-0" + fmt.Sprint(1+w.r.IntN(9)) + "-10"
	}
	if w.maybe(30) {
		move := fmt.Sprintf("202%d-0%d-01", 1+w.r.IntN(2), 1+w.r.IntN(9))
		w.row("institutions.csv", "%s,%s,%s,%s,%s", id, id, place(), from, move)
		from = move
	}
	w.row("institutions.csv", "%s,%s,%s,%s,%s", id, id, place(), from, to)
	for b := range w.r.IntN(3) {
		building := fmt.Sprintf("%s-B%d", id, b)
		w.row("buildings.csv", "%s,%s,%s", building, id, []string{"", "Europe/Berlin"}[w.r.IntN(2)])
		for k := range w.r.IntN(3) {
			w.row("floor_area.csv", "%s,%s,%d.%d", building, []string{"", "2021-03-01", "2023-05-05"}[k], 100+w.r.IntN(5000), w.r.IntN(100))
		}
		for m := range w.r.IntN(4) {
			w.meter(building, m)
		}
	}
	for k := range w.r.IntN(3) {
		w.row("headcount.csv", "%s,%s,%d", id, []string{"", "2022-02-01"}[k], 1+w.r.IntN(900))
	}
	for _, year := range w.years {
		w.declare(id, year)
		w.use(id, year)
	}
}

func (w *randomWorld) meter(building string, m int) {
	from, to := "", ""
	if w.maybe(20) {
		from = w.day()
	}
	if w.maybe(20) {
		to = "2024-06-01"
	}
	carrier := randomCarriers[w.r.IntN(len(randomCarriers))]
	use := "building"
	if w.maybe(20) {
		use = "vehicle"
	}
	id := fmt.Sprintf("%s-M%d", building, m)
	w.row("meters.csv", "%s,%s,%s,%s,bill,,%s,%s", id, building, carrier, use, from, to)
	if w.maybe(20) {
		w.row("meters.csv", "%s-S,%s,%s,%s,bill,%s,%s,%s", id, building, carrier, use, id, from, to)
	}
}

func (w *randomWorld) declare(id string, year int) {
	for _, carrier := range randomCarriers {
		if w.maybe(40) {
			w.row("declared.csv", "institution,%s,%d,%s,,%d.%06d", id, year, carrier, w.r.IntN(100000), w.r.IntN(1000000))
		}
	}
	for _, other := range []struct {
		name, unit string
		percent    int
	}{{"gasoline:vehicle", "L", 30}, {"energy", "tce", 15}, {"carbon", "tCO2", 15}, {"floor_area", "m2", 30}, {"headcount", "person", 30}} {
		if w.maybe(other.percent) {
			w.row("declared.csv", "institution,%s,%d,%s,%s,%d.%d", id, year, other.name, other.unit, 1+w.r.IntN(3000), w.r.IntN(1000))
		}
	}
}

// use books usage of a year: all of it, nearly all, or a part of it, whatever
// meters there are.
func (w *randomWorld) use(id string, year int) {
	for _, text := range randomCarriers {
		carrier, _ := schema.ParseCarrier(text)
		for _, use := range []schema.Use{schema.ForBuilding, schema.ForVehicle} {
			if !w.maybe(25) {
				continue
			}
			q := schema.Quantity(w.r.Int64N(1e12))
			u := indicator.Usage{Carrier: carrier, Use: use, Quantity: q}
			u.Known = []int64{0, 365, 360, 347, 346, 200, 800}[w.r.IntN(7)] * 24 * schema.Hour
			if w.maybe(30) {
				u.Estimated = schema.Quantity(w.r.Int64N(int64(q) + 1))
			}
			days := indicator.YearStretch(year).Days
			w.books[days.From] = append(w.books[days.From], named{id, u})
		}
	}
}
