package world_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// one is a source of one version, in which a meter's number is its place.
type one struct {
	registry *registry.Registry
	meters   []string
}

func (o one) Registry(context.Context) (*registry.Registry, error) { return o.registry, nil }
func (o one) RegistryAt(context.Context, schema.Instant) (*registry.Registry, error) {
	return o.registry, nil
}
func (o one) Number(meter string) (int32, bool) {
	n := slices.Index(o.meters, meter)
	return int32(n), n >= 0
}

// A meter that was moved from one building of an institution to another is one member
// that counts before and after: two of one number would be asked for the same readings.
func TestCircle_AMeterThatMovedIsOneMember(t *testing.T) {
	r, err := registry.Build(registry.Tables{
		"regions.csv":      []byte("code,name,parent\n370000,山东省,\n"),
		"institutions.csv": []byte("id,name,class,region\nS1,第一中学,education,370000\n"),
		"buildings.csv":    []byte("id,institution,name\nB1,S1,a\nB2,S1,b\n"),
		"meters.csv": []byte("id,building,carrier,kind,unit,interval,valid_from,valid_to\n" +
			"E1,B1,electricity,register,kWh,PT1H,,2023-05-02\nE1,B2,electricity,register,kWh,PT1H,2023-05-02,\nE2,B1,electricity,register,kWh,PT1H,,\n"),
	}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	library := world.Library{Source: one{r, []string{"E1", "E2"}}, Clock: time.Now}
	w, err := library.World(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.Circle(query.Of("institution", "S1"), "electricity")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"E1", "E2"}; !slices.Equal(c.IDs, want) || len(c.Members) != len(want) {
		t.Fatalf("got %d members %v, want %v", len(c.Members), c.IDs, want)
	}
	moved := schema.DayOf(2023, time.May, 2)
	if want := []schema.Validity{{From: schema.Always, To: moved}, {From: moved, To: schema.Never}}; !slices.Equal(c.Members[0].Counts, want) {
		t.Errorf("the meter that moved counts on %v, want %v", c.Members[0].Counts, want)
	}
}
