package api_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"jouleline/analytics/outlook"
	"jouleline/analytics/progress"
	"jouleline/api/planner"
)

// The running year is held against the path's seasonal share where that is asked
// for, as JSON and as a table; a year that is over has none.
func TestProgress_YearToDate(t *testing.T) {
	config := meteredConfig(t, metered(t))
	config.Now = func() time.Time { return time.Date(2023, 9, 15, 12, 0, 0, 0, mustZone(t)) }
	h := serve(t, config)
	const question = "/api/v1/progress?institution=S01&year=2023&baseline=2022"
	plain := get(t, h, question).Body.String()
	if strings.Contains(plain, "year_to_date") || strings.Contains(get(t, h, question, "Accept", "text/csv").Body.String(), "to_date") {
		t.Errorf("got %s, want nothing that was not asked for", plain)
	}
	a := decode[planner.ProgressReply](t, get(t, h, question+"&year_to_date=true"))
	if len(a.YearToDate) != 4 || len(a.Indicators) != 4 || a.Indicators[0].State != progress.PartialYear {
		t.Fatalf("got %+v, want the running year of four indicators", a)
	}
	x := a.YearToDate[0]
	if x.Indicator != "energy_per_area" || x.State != outlook.OK || x.YearToDate == nil {
		t.Fatalf("got %+v, want the energy to date", x)
	}
	// A tenth less than in 2022, where the path of five percent in three years asks
	// for a sixtieth.
	y := x.YearToDate
	if y.Months != 8 || y.SeasonYears != 1 || math.Abs(y.Value/y.OnPath-.9/(1-.05/3)) > .02 || math.Abs(y.Projected*y.Share-y.Value) > 1e-9*y.Value {
		t.Errorf("got %+v, want eight months of a tenth less", y)
	}
	if x := a.YearToDate[2]; x.Indicator != "water_per_capita" || x.State != outlook.NotEnoughData || x.YearToDate != nil || x.Reason == "" {
		t.Errorf("water that nobody meters: got %+v, want not_enough_data", x)
	}
	table := strings.Split(strings.TrimSpace(get(t, h, question+"&year_to_date=true", "Accept", "text/csv").Body.String()), "\n")
	if len(table) != 5 || !strings.Contains(table[0], ",to_date_state,") || !strings.Contains(table[1], ",ok,8 months") || strings.Count(table[1], ",") != strings.Count(table[0], ",") {
		t.Errorf("got\n%s", strings.Join(table, "\n"))
	}
	refused(t, get(t, h, "/api/v1/progress?institution=S01&year=2022&year_to_date=true"), 422, "running year 2023")
}
