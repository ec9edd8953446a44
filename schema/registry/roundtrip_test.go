package registry_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"jouleline/bench/chance"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// randomTables makes a registry whose rows are good, in any order.
func randomTables(rng *rand.Rand) registry.Tables {
	table := map[string]*strings.Builder{}
	row := func(file string, fields ...any) {
		if table[file] == nil {
			table[file] = &strings.Builder{}
		}
		for i, field := range fields {
			if i > 0 {
				table[file].WriteByte(',')
			}
			fmt.Fprintf(table[file], "%v", field)
		}
		table[file].WriteByte('\n')
	}
	pick := func(words ...string) string { return words[rng.IntN(len(words))] }
	row("departments.csv", "id", "name", "parent")
	for i := range 10 {
		parent := ""
		if i > 0 {
			parent = fmt.Sprint("d", rng.IntN(i))
		}
		row("departments.csv", fmt.Sprint("d", i), `"a ""b"", c"`, parent)
	}
	row("stations.csv", "id", "latitude", "longitude")
	row("stations.csv", "s1", 36.651234, 117.12)
	row("institutions.csv", "id", "class", "region", "department", "valid_from", "valid_to")
	row("buildings.csv", "id", "institution", "time_zone", "station")
	row("floor_area.csv", "building", "valid_from", "area_m2")
	row("headcount.csv", "institution", "valid_from", "people")
	row("meters.csv", "id", "building", "carrier", "kind", "unit", "multiplier", "register_max", "max_rate", "interval", "gap_limit", "hold", "parent", "valid_to")
	row("shares.csv", "meter", "target", "share", "valid_from")
	row("learned.csv", "meter", "valid_from", "max_rate", "learned_from", "learned_to", "version", "author", "reason")
	row("profiles.csv", "meter", "valid_from", "day_type", "hour", "weight", "version", "author", "reason")
	row("meter_events.csv", "meter", "time", "event", "final", "initial", "multiplier", "note")
	row("declared.csv", "scope", "id", "year", "quantity", "unit", "value", "source")
	for i := range 20 {
		id := fmt.Sprint("I", i)
		move := schema.DayOf(2021, 1, 1+rng.IntN(700))
		row("institutions.csv", id, pick("education", "health", "other"), "370102", fmt.Sprint("d", rng.IntN(10)), "", move)
		row("institutions.csv", id, "sport", pick("370102", "370202"), "", move, "")
		row("buildings.csv", id+"-B", id, pick("", "Asia/Urumqi", "Europe/Berlin"), pick("", "s1"))
		row("floor_area.csv", id+"-B", "", fmt.Sprint(rng.IntN(90000), ".", rng.IntN(99)))
		row("floor_area.csv", id+"-B", move, rng.IntN(90000))
		row("headcount.csv", id, move, rng.IntN(3000))
		parent := ""
		for j := range 3 {
			meter := fmt.Sprint(id, "-", j)
			row("meters.csv", meter, id+"-B", "electricity", "register", pick("kWh", "MWh", "GJ"), pick("", "1", "0.5", "40", "1e3"),
				pick("", "99999", "999.90", "655.35"), pick("", "12.5"), pick("", "PT15M", "P1D"), pick("", "P3D"), pick("", "previous"), parent, pick("", "2025-01-01"))
			parent = meter
			row("learned.csv", meter, "2022-01-01", "40.5", "2021-01-01", pick("", "2022-01-01"), "1", "wang", `"a year, by hand"`)
			row("learned.csv", meter, "2023-01-01", pick("50", "61.25"), "", "", "2", "wang", "again")
			for hour := range 48 {
				row("profiles.csv", meter, "2022-01-01", []string{"workday", "weekend"}[hour/24], hour%24, pick("0", "2", "0.125", "1000"), "1", "wang", "by hand")
			}
			row("meter_events.csv", meter, fmt.Sprint("2023-05-0", 1+j, "T08:00:00+08:00"), pick("swap", "reset"), pick("", "12.25"), pick("", "0"), pick("", "30"), `"x
y"`)
		}
		row("shares.csv", id+"-0", id+"-B", pick("0", "0.25", "0.333333"), "")
		row("declared.csv", "institution", id, 2020+rng.IntN(5), pick("electricity", "gasoline:vehicle", "headcount", "energy_per_area"), "", pick("0.0000001", "1e9", "12.50"), "NY301")
	}
	tables := registry.Tables{"regions.csv": registry.ShandongRegions()}
	for file, text := range table {
		tables[file] = []byte(text.String())
	}
	return tables
}

// shuffled brings rows and columns of each table into another order.
func shuffled(t *testing.T, rng *rand.Rand, tables registry.Tables) registry.Tables {
	t.Helper()
	mixed := registry.Tables{}
	for file, text := range tables {
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		columns := rng.Perm(len(rows[0]))
		rng.Shuffle(len(rows)-1, func(i, j int) { rows[i+1], rows[j+1] = rows[j+1], rows[i+1] })
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		for _, row := range rows {
			fields := make([]string, len(row))
			for i, c := range columns {
				fields[i] = row[c]
			}
			if err := w.Write(fields); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		mixed[file] = b.Bytes()
	}
	return mixed
}

func mustBuild(t *testing.T, tables registry.Tables) *registry.Registry {
	t.Helper()
	reg, err := registry.Build(tables, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

func equalTables(t *testing.T, got, want registry.Tables) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("got %d tables, want %d", len(got), len(want))
	}
	for file := range want {
		if !bytes.Equal(got[file], want[file]) {
			t.Errorf("%s: got\n%s\nwant\n%s", file, got[file], want[file])
		}
	}
}

func TestTables_WrittenIsRead(t *testing.T) {
	seed := chance.Seed(t)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 20 {
		tables := randomTables(rng)
		reg := mustBuild(t, tables)
		written := reg.Tables()
		again := mustBuild(t, written)
		equalTables(t, again.Tables(), written)
		equalTables(t, mustBuild(t, shuffled(t, rng, tables)).Tables(), written)
		if changes := registry.Diff(reg, again); !changes.None() {
			t.Errorf("written and read again it is another registry: %+v", changes)
		}
		if t.Failed() {
			return
		}
	}
}

func TestTable_Unknown(t *testing.T) {
	if _, err := mustBuild(t, world()).Table("meters"); err == nil || !strings.Contains(err.Error(), "want regions.csv") {
		t.Errorf("got %v, want the names of the tables", err)
	}
}

func TestTable_Canonical(t *testing.T) {
	tables := world()
	tables["meters.csv"] = []byte("kind,carrier,building,id,register_max\nregister,electricity,B1,E1,999.90\nregister,electricity,B1,E2,\nregister,water,B1,W1,\n")
	got, err := mustBuild(t, tables).Table("meters.csv")
	want := `id,building,carrier,use,kind,unit,multiplier,register_max,max_rate,interval,gap_limit,gateway,hold,parent,formula,reconciles,valid_from,valid_to
E1,B1,electricity,building,register,kWh,1,999.90,,PT1H,PT3H,,mean,,,,,
E2,B1,electricity,building,register,kWh,1,,,PT1H,PT3H,,mean,,,,,
W1,B1,water,building,register,m3,1,,,PT1H,PT3H,,mean,,,,,
`
	if err != nil || string(got) != want {
		t.Errorf("got\n%s%v\nwant\n%s", got, err, want)
	}
}

func FuzzBuild(f *testing.F) {
	names := registry.Files()
	good := world()
	for i, name := range names {
		f.Add(uint8(i), good[name])
	}
	f.Add(uint8(0), []byte("\ufeffcode,parent\n1,2\n2,1\n"))
	f.Add(uint8(7), []byte("id,building,carrier,kind,register_max,multiplier,interval\nE,B1,heat,power,1e9,1e9,P1Y\n"))
	f.Add(uint8(11), []byte("scope,id,year,quantity,value\nregion,370000,2020,water,1e-60\n"))
	f.Add(uint8(1), []byte("id\n\"a\nb\"\nc\"\n"))
	f.Fuzz(func(t *testing.T, table uint8, text []byte) {
		tables := world()
		tables[names[int(table)%len(names)]] = text
		reg, err := registry.Build(tables, registry.Options{})
		if err != nil {
			if reg != nil || err.Error() == "" {
				t.Fatalf("refused with %q and a registry", err)
			}
			return
		}
		written := reg.Tables()
		again, err := registry.Build(written, registry.Options{})
		if err != nil {
			t.Fatalf("what was written is refused: %v\n%s", err, written)
		}
		equalTables(t, again.Tables(), written)
	})
}
