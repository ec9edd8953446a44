package panel

import (
	"context"
	"testing"
	"time"

	"jouleline/api/world"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// versions is a source of whatever version holds now.
type versions struct {
	world.Source
	now *registry.Registry
}

func (v *versions) Registry(context.Context) (*registry.Registry, error) { return v.now, nil }

// Labels that were prepared are those that questions find, until the registry or the
// day asks for others.
func TestPanels_Prepare(t *testing.T) {
	build := func(institutions string) *registry.Registry {
		t.Helper()
		reg, err := registry.Build(registry.Tables{
			registry.RegionsFile:      []byte("code,name,parent\n370000,x,\n370100,y,370000\n"),
			registry.InstitutionsFile: []byte("id,name,class,region,valid_from,valid_to\n" + institutions),
			registry.BuildingsFile:    []byte("id,institution\nA1,A\n"),
			registry.MetersFile:       []byte("id,building,carrier,use,kind,unit\na,A1,electricity,building,register,kWh\n"),
		}, registry.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return reg
	}
	source := &versions{now: build("A,a,education,370000,,2024-06-01\nA,a,education,370100,2024-06-01,\n")}
	clock := time.Date(2024, 5, 31, 0, 0, 0, 0, time.UTC)
	p := New(&world.Library{Source: source, Clock: func() time.Time { return clock }}, nil, nil)
	places := func() (regions []string) {
		t.Helper()
		if err := p.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		prepared := p.catalogs.last
		w, err := p.World(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		asked := p.catalog(w, w.Calendar().DayOf(schema.InstantOf(clock)))
		if asked != prepared {
			t.Error("a question makes labels anew that were prepared")
		}
		for _, row := range asked.accounts() {
			regions = append(regions, row.labels.Get("region"))
		}
		return regions
	}
	if got := places(); len(got) != 1 || got[0] != "370000" {
		t.Errorf("got %v, want the region of today", got)
	}
	clock = clock.AddDate(0, 0, 1)
	if got := places(); len(got) != 1 || got[0] != "370100" {
		t.Errorf("got %v, want the region that it moved to", got)
	}
	source.now = build("A,a,education,370000,,\n")
	if got := places(); len(got) != 1 || got[0] != "370000" {
		t.Errorf("got %v, want the region of the new registry", got)
	}
}
