// Package trend answers where a series goes, how sure that is, and how likely it
// meets a target.
//
// Five models, from the plainest: [FitDrift] (the benchmark that the others must
// beat), [FitLine] (least squares with prediction intervals), [FitTheilSen] (the
// median slope, deaf to outliers), [FitHolt] (damped trend) and [FitETS] (damped
// trend with additive season). [MannKendall] tests for a trend without assuming
// its shape. [Select] compares the models by what they would have forecast, at
// rolling origins. [SimulateTotals] adds up months of simulated paths, since the
// bounds of months must never be added; [ChanceBelow] and [Totals.ChanceBelow] say
// how likely a target is met, never surer than 99 %; [Brier] judges such chances
// afterwards.
//
// It refuses to smooth four annual values (only drift and line are offered), to
// call a slope of three points certain (the degrees of freedom stand beside each
// chance), and gaps, except in the tests that skip them.
package trend
