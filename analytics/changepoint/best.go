package changepoint

import (
	"errors"
	"fmt"

	"jouleline/analytics"
)

// closeBIC is the difference of BIC below which two forms are about as likely:
// 2 is "not worth more than a bare mention" (Kass and Raftery, Bayes factors,
// JASA 90 (1995), 773-795).
const closeBIC = 2

// Best fits every form and returns the one of least BIC, and all that could be
// fitted, from the simplest. Forms that the data cannot hold are left out; it
// needs 4 observations to compare anything at all.
func Best(temps, use []float64, s Settings) (best *Model, all []*Model, err error) {
	s, err = s.withDefaults()
	if err != nil {
		return nil, nil, err
	}
	data, err := load(temps, use)
	if err != nil {
		return nil, nil, err
	}
	if len(use) < TwoP.minRows() {
		return nil, nil, &analytics.NotEnoughError{Op: op, What: "observations", Got: len(use), Want: TwoP.minRows()}
	}
	for _, form := range forms {
		m, err := fit(data, form, temps, use, s)
		var few *analytics.NotEnoughError
		var none *NoFitError
		if errors.As(err, &few) || errors.As(err, &none) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		all = append(all, m)
		if best == nil || m.BIC < best.BIC {
			best = m
		}
	}
	for _, m := range all {
		if m != best && m.BIC-best.BIC < closeBIC {
			best.Warnings = append(best.Warnings, analytics.Warning{
				Code: CodeCloseAlternative, Got: m.BIC - best.BIC, Want: closeBIC,
				Detail: fmt.Sprintf("the form %v is about as likely", m.Form),
			})
		}
	}
	best.doubt(temps, use, s)
	return best, all, nil
}
