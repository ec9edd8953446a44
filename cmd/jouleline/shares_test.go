package main

import (
	"fmt"
	"testing"
	"time"

	"jouleline/schema"
	"jouleline/schema/codec"
)

// A meter divided among three institutions: the parts of each day sum to the
// meter's day exactly, and what shares.csv changes later leaves the past alone.
func TestShares_PartsSumToTheMeter(t *testing.T) {
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	writeFile(t, folder+"/regions.csv", "code,name,parent\n370000,x,\n")
	writeFile(t, folder+"/institutions.csv", "id,name,class,region\nI1,a,education,370000\nI2,b,health,370000\nI3,c,culture,370000\n")
	writeFile(t, folder+"/buildings.csv", "id,institution,name\nB1,I1,b\nB2,I2,b\n")
	writeFile(t, folder+"/meters.csv", "id,building,carrier,kind,unit,interval\nM1,B1,electricity,register,kWh,PT1H\n")
	writeFile(t, folder+"/shares.csv", "meter,target,share,valid_from\nM1,B2,0.333333,2023-05-02\nM1,I3,0.333333,2023-05-02\n")
	s.importFolder(folder)
	begin := schema.InstantOf(time.Date(2023, 4, 30, 16, 0, 0, 0, time.UTC)) // 05-01 in Shanghai
	var body []byte
	for hour := range 24*4 + 1 {
		body = codec.AppendJSON(body, &schema.Reading{Meter: "M1", Time: begin + schema.Instant(int64(hour)*schema.Hour), Value: schema.Quantity(hour*hour) * 1000001})
	}
	s.push("application/x-ndjson", body)
	s.settle()
	const period = "from=2023-05-01T00:00:00%2B08:00&to=2023-05-05T00:00:00%2B08:00&step=P1D"
	var whole consumption
	s.ask("/api/v1/consumption", "meter=M1&"+period, &whole)
	parts := make([]consumption, 3)
	for i := range parts {
		s.ask("/api/v1/consumption", fmt.Sprintf("institution=I%d&carrier=electricity&%s", i+1, period), &parts[i])
	}
	for day := range whole.Points {
		var sum schema.Quantity
		for _, p := range parts {
			if q := parseQuantity(t, p.Points[day].Quantity); q != nil {
				sum += *q
			}
		}
		if want := *parseQuantity(t, whole.Points[day].Quantity); sum != want {
			t.Errorf("day %d: the parts sum to %s, the meter shows %s", day, sum, want)
		}
	}
	if q := parts[1].Points[0].Quantity; q != nil {
		t.Errorf("before the division I2 has %s, want nothing", *q)
	}
	first := *parseQuantity(t, parts[0].Points[0].Quantity)
	if want := *parseQuantity(t, whole.Points[0].Quantity); first != want {
		t.Errorf("before the division I1 has %s, want the whole %s", first, want)
	}
	var region consumption
	s.ask("/api/v1/consumption", "region=370000&carrier=electricity&"+period, &region)
	for day := range whole.Points {
		if got, want := *region.Points[day].Quantity, *whole.Points[day].Quantity; got != want {
			t.Errorf("day %d: the region has %s, want %s", day, got, want)
		}
	}
}
