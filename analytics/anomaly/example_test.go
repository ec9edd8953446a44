package anomaly_test

import (
	"fmt"
	"time"

	"jouleline/analytics/anomaly"
)

func ExampleDetect() {
	s := plain()
	for h := 30 * 24; h < len(s.Values); h++ {
		s.Values[h] += 6 // a server room nobody told of
	}
	r, err := anomaly.Detect(s, newYear.Location(), anomaly.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Actionable() {
		fmt.Printf("%v: %s since %s, %.0f kWh an hour, %.0f kWh so far\n",
			f.Severity, f.Cause, time.Unix(f.From, 0).In(newYear.Location()).Format(time.DateOnly), f.PerHour, f.Total)
	}
	// Output: warning: base_load_step since 2023-01-31, 6 kWh an hour, 4319 kWh so far
}
