package calendar_test

import (
	"testing"
	"time"

	"jouleline/metrics/calendar"
)

func TestZones_OneForEachName(t *testing.T) {
	var zones calendar.Zones
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	again, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	one := zones.Of(shanghai)
	if zones.Of(again) != one || zones.Of(time.UTC) == one || one.Location().String() != "Asia/Shanghai" {
		t.Errorf("got %p and %p for Shanghai, %p for UTC; want one of each name", one, zones.Of(again), zones.Of(time.UTC))
	}
}
