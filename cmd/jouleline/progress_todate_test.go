package main

import (
	"bytes"
	"strings"
	"testing"
)

// The running year stands below the indicators, unknown figures as a dash with the
// reason; it is of one scope and not broken down.
func TestProgress_YearToDatePrinted(t *testing.T) {
	const body = `{"scope":{"name":"S"},"indicators":[{"indicator":"energy_per_area","unit":"kgce/m2","state":"partial_year"}],"year_to_date":[
		{"indicator":"energy_per_area","unit":"kgce/m2","state":"ok","reason":"8 months","to_date":{"year":2023,"months":8,"value":6.5,"on_path":7,"gap":-0.5,"seasonal_share":0.625,"projected":10.4,"season_years":3}},
		{"indicator":"water_per_capita","unit":"m3/person","state":"not_enough_data","reason":"no month of the year is over"}]}`
	var out bytes.Buffer
	if err := printProgress(&out, []byte(body)); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(out.String(), "\n")
	for i, want := range []string{"energy_per_area kgce/m2 8 6.500000 7.000000 -0.500000 62.50 10.400000 ok: 8 months", "water_per_capita m3/person - - - - - - not_enough_data: no month of the year is over"} {
		if got := strings.Join(strings.Fields(rows[len(rows)-3+i]), " "); got != want {
			t.Errorf("got %q, want %q in\n%s", got, want, &out)
		}
	}
	var complaints bytes.Buffer
	if code := run(t.Context(), strings.Fields("progress --region 370000 --year 2023 --by region --year-to-date"), streams{&out, &complaints}); code != exitUsage || !strings.Contains(complaints.String(), "--year-to-date") {
		t.Errorf("got exit code %d: %s, want wrong usage", code, &complaints)
	}
}
