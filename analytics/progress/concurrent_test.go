package progress_test

import (
	"reflect"
	"sync"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
)

// One world answers many at once, also while it remembers new stretches.
func TestProgress_ManyAtOnce(t *testing.T) {
	w, b := county.world(), countyBooks()
	q := query(indicator.ByRegion, "370000", 2023)
	var answers [16]progress.Answer
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() {
			other := q
			other.Baseline = 2021
			if i%2 == 1 {
				other.Boundary = indicator.AsWas
			}
			answers[i] = ask(t, w, b, other)
		})
	}
	group.Wait()
	for i := range answers {
		if !reflect.DeepEqual(answers[i], answers[i%2]) {
			t.Errorf("answer %d: got %+v, want %+v", i, answers[i], answers[i%2])
		}
	}
}
