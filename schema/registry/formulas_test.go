package registry_test

import (
	"errors"
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
)

func TestFormulas(t *testing.T) {
	build := func(rows string) (*registry.Registry, error) {
		tables := world()
		delete(tables, "shares.csv")
		delete(tables, "meter_events.csv")
		tables["meters.csv"] = []byte("id,building,carrier,kind,parent,formula,reconciles,valid_from,valid_to\n" + rows)
		return registry.Build(tables, registry.Options{})
	}
	f := func(rows string, counts bool) {
		t.Helper()
		reg, err := build(rows)
		if err != nil {
			t.Errorf("%s: %v", rows, err)
			return
		}
		v := reg.MeterVersions("V")[0]
		if v.Counts() != counts || reg.Computes() != counts || (len(reg.Claims(&v)) > 0) != counts {
			t.Errorf("%s: got counts %v, computes %v, claims %v; want %v", rows, v.Counts(), reg.Computes(), reg.Claims(&v), counts)
		}
	}
	f("V,B1,electricity,delta,,E1 - E2,,,\nE1,B1,electricity,register,,,,,\nE2,B1,electricity,register,,,,,\n", false)
	f("V,B1,electricity,delta,,E1 - E2,,,\nE1,B1,electricity,register,V,,,,\nE2,B1,electricity,register,,,,,\n", true)
	f("V,B1,electricity,delta,,E1 + 0.5 * E2,,,\nE1,B1,electricity,register,V,,,,\nE2,B1,electricity,register,V,,,,\n", true)
	f("V,B1,electricity,delta,M,E1,,,\nE1,B1,electricity,register,V,,,,\nM,B1,electricity,register,,,,,\n", false)
	f("V,B1,electricity,delta,,E1,,2021-01-01,\nE1,B1,electricity,register,,,,,2021-01-01\nE1,B1,electricity,register,V,,,2021-01-01,\n", true)

	bad := func(rows, reason string, line int, field string) {
		t.Helper()
		_, err := build(rows)
		all, ok := errors.AsType[*registry.Errors](err)
		if !ok {
			t.Errorf("%s: got %v, want it refused", rows, err)
			return
		}
		if p := all.Problems[0]; p.File != "meters.csv" || p.Line != line || p.Column < 1 || p.Field != field || !strings.Contains(p.Reason, reason) {
			t.Errorf("%s: got %+v, want %q at line %d, %s", rows, p, reason, line, field)
		}
	}
	const e1 = "E1,B1,electricity,register,,,,,\n"
	bad("V,B1,electricity,delta,,E1 +,,,\n"+e1, "want a meter", 2, "formula")
	bad("V,B1,electricity,delta,,E9,,,\n"+e1, `got "E9", which is not in meters.csv`, 2, "formula")
	bad(e1+"V,B1,electricity,delta,,E1 + V,,,\n", "its own formula", 3, "formula")
	bad(e1+"V,B1,electricity,delta,,W,,,\nV,B1,electricity,delta,,W,,,\nW,B1,electricity,delta,,E1,,,\n", "", 4, "id")
	bad(e1+"V,B1,electricity,delta,,W,,,\nW,B1,electricity,delta,,E1,,,\n", "is a formula itself", 3, "formula")
	bad("V,B1,water,delta,,E1,,,\n"+e1, "meters electricity", 2, "formula")
	bad("V,B1,electricity,delta,,E1,E1,,\n"+e1, "has readings of its own", 2, "reconciles")
	// E1 would count in V and on its own.
	bad("V,B1,electricity,delta,,E1 + E2,,,\n"+e1+"E2,B1,electricity,register,V,,,,\n", `"E2" has "V" as its parent and "E1" on some days has not`, 2, "formula")
	// ... or on some days only.
	bad("V,B1,electricity,delta,,E1,,,\nE1,B1,electricity,register,,,,,2021-01-01\nE1,B1,electricity,register,V,,,2021-01-01,\n", "has not", 2, "formula")
	// loops through parents
	bad("V,B1,electricity,delta,E1,E1,,,\nE1,B1,electricity,register,V,,,,\n", "its own ancestor", 3, "parent")
}

// Two formulas cannot both count the same meter: it has one parent.
func TestFormulas_OneMeterCountsOnce(t *testing.T) {
	tables := world()
	delete(tables, "shares.csv")
	delete(tables, "meter_events.csv")
	tables["meters.csv"] = []byte("id,building,carrier,kind,parent,formula\nV,B1,electricity,delta,,E1\nW,B1,electricity,delta,,E1\nE1,B1,electricity,register,V,\n")
	reg, err := registry.Build(tables, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var counting []string
	for i := range reg.Meters {
		if reg.Meters[i].Counts() {
			counting = append(counting, reg.Meters[i].ID)
		}
	}
	if len(counting) != 1 || counting[0] != "V" || len(reg.Formulas()) != 1 || reg.Formulas()[0].Formula[0] != (schema.Term{Meter: "E1", Factor: schema.One}) {
		t.Errorf("got %v and %+v, want V to count alone", counting, reg.Formulas())
	}
}
