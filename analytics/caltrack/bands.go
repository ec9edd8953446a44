package caltrack

import (
	"math"

	"jouleline/analytics/regress"
)

// Bands are the half-widths of the two-sided interval of savings at Level, in
// the unit of use.
type Bands struct {
	Level float64

	// OLS is the exact band of least squares,
	//
	//	t(P-c-1) S sqrt( 1'X (X'WX)^-1 X'1 + Q P/P' ),
	//
	// with the model's error for this very period and the noise of its Q days,
	// widened where baseline residuals follow one another. The default.
	OLS float64

	// FSU is CalTRACK's band: fractional savings uncertainty times savings,
	//
	//	t(P-c) (aM^2+bM+d) CV(RMSE) sqrt((P/P')(1+2/P')/Q) x Counterfactual,
	//
	// M months of reporting, Q reporting periods (4.3.2.1; ASHRAE Guideline 14
	// with the coefficients of Sun and Baltazar 2013). For compliance.
	FSU float64

	// Fraction is FSU over |savings|: the fractional savings uncertainty. 0, with
	// the warning CodeNoSavings, where savings are zero.
	Fraction float64

	// EEMeter holds what eemeter 3.2.0 prints, for comparison with its reports.
	EEMeter EEMeterBands
}

// EEMeterBands are the bands of eemeter 3.2.0 in its own form: P' is not capped
// at P, FSU multiplies by the baseline's total, and OLS is an approximation from
// mean use (model and noise in quadrature). Zero where rho is 1 or -1 or baseline
// use does not vary, for which it has none, and for bills, where it mixes totals
// of periods of different lengths.
type EEMeterBands struct{ FSU, OLS, OLSModel, OLSNoise float64 }

func (m *Model) bands(s *Savings, a regress.Aggregate) Bands {
	base := m.Metrics
	n := float64(base.N)
	a.Noise *= n / base.EffectiveN
	b := Bands{Level: m.level, OLS: m.fit.SumBand(a, m.level)}
	t := regress.StudentQuantile(m.level, base.N-base.Terms)
	months, q := float64(s.Days)/30, float64(s.N)
	b.FSU = math.Abs(t * m.monthFactor(months) * base.CVRMSE * math.Sqrt(n/base.EffectiveN*(1+2/base.EffectiveN)/q) * s.Counterfactual)
	if s.Savings != 0 {
		b.Fraction = b.FSU / math.Abs(s.Savings)
	}
	b.EEMeter = m.eemeterBands(s, t)
	return b
}

// monthFactor is aM^2 + bM + d: fitted by Sun and Baltazar, Analysis and
// improvement on the estimation of building energy savings uncertainty (2013).
func (m *Model) monthFactor(months float64) float64 {
	if m.Billing {
		return -.00022*months*months + .03306*months + .94054
	}
	return -.00024*months*months + .03535*months + 1.00286
}

func (m *Model) eemeterBands(s *Savings, t float64) EEMeterBands {
	base := m.Metrics
	rho := base.Autocorrelation
	if m.Billing || math.Abs(rho) >= 1 || base.Variance == 0 || base.Mean == 0 {
		return EEMeterBands{}
	}
	n, q := float64(base.N), float64(s.N)
	effective := n * (1 - rho) / (1 + rho)
	reporting := s.Observed / q
	model := t * base.RMSE * q / math.Sqrt(n) * math.Sqrt(1+(base.Mean-reporting)*(base.Mean-reporting)/base.Variance)
	noise := t * base.RMSE * math.Sqrt(q*n/effective)
	return EEMeterBands{
		FSU:      base.Mean * n * t * m.monthFactor(q/30) * base.CVRMSE * math.Sqrt(n/effective*(1+2/effective)/q),
		OLS:      math.Hypot(model, noise),
		OLSModel: model,
		OLSNoise: noise,
	}
}
