package benchmark

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"jouleline/analytics"
)

// Group is the estimate of one group of buildings after shrinkage.
type Group struct {
	N        int
	Mean     float64    // its own mean
	Estimate float64    // w Mean + (1-w) Parent
	Weight   float64    // w: how far the group is trusted on its own, 0 to 1
	Error    float64    // standard error of Estimate
	Interval [2]float64 // at the level asked for
	Warnings analytics.Warnings
}

// Shrunk holds all groups of a parent class.
type Shrunk struct {
	Parent  float64 // mean of the groups, weighted by what is known of each
	Between float64 // standard deviation tau of the true group means
	Within  float64 // pooled standard deviation s of buildings within a group
	Groups  []Group // in the order given
}

// Shrink draws the mean of each group towards that of all of them, the more the
// smaller it is:
//
//	theta_i = w_i ybar_i + (1-w_i) ybar,  w_i = tau^2/(tau^2 + s^2/n_i)
//
// with tau^2 by moments (DerSimonian and Laird 1986) and s pooled over the groups.
// It needs three groups with one member at least, and two more members than groups.
func Shrink(groups [][]float64, level float64) (*Shrunk, error) {
	if err := analytics.CheckLevel(op, level); err != nil {
		return nil, err
	}
	if len(groups) < 3 {
		return nil, &analytics.NotEnoughError{Op: op + " shrink", What: "groups", Got: len(groups), Want: 3}
	}
	out := &Shrunk{Groups: make([]Group, len(groups))}
	total := 0
	var ss float64
	for i, g := range groups {
		if err := analytics.CheckFinite(op, fmt.Sprintf("group %d", i), g); err != nil {
			return nil, err
		}
		if len(g) == 0 {
			return nil, &analytics.NotEnoughError{Op: op + " shrink", What: fmt.Sprintf("members of group %d", i), Got: 0, Want: 1}
		}
		var mean float64
		for _, v := range g {
			mean += v / float64(len(g))
		}
		for _, v := range g {
			ss += (v - mean) * (v - mean)
		}
		out.Groups[i] = Group{N: len(g), Mean: mean}
		total += len(g)
	}
	if want := len(groups) + 2; total < want {
		return nil, &analytics.NotEnoughError{Op: op + " shrink", What: "members in all groups", Got: total, Want: want}
	}
	s2 := ss / float64(total-len(groups))
	out.Within = math.Sqrt(s2)
	tau2 := between(out.Groups, s2)
	out.Between = math.Sqrt(tau2)
	out.estimate(s2, tau2, level)
	return out, nil
}

// between estimates tau^2 = (Q - (k-1)) / (W - sum w^2/W), at least 0, where
// w = n/s^2 and Q is the weighted sum of squares of the means.
func between(groups []Group, s2 float64) float64 {
	if s2 == 0 { // buildings within a group are equal: the means are known exactly
		var mean, ss float64
		for _, g := range groups {
			mean += g.Mean / float64(len(groups))
		}
		for _, g := range groups {
			ss += (g.Mean - mean) * (g.Mean - mean)
		}
		return ss / float64(len(groups)-1)
	}
	var w, w2, mean, q float64
	for _, g := range groups {
		v := float64(g.N) / s2
		w += v
		w2 += v * v
		mean += v * g.Mean
	}
	mean /= w
	for _, g := range groups {
		q += float64(g.N) / s2 * (g.Mean - mean) * (g.Mean - mean)
	}
	return max((q-float64(len(groups)-1))/(w-w2/w), 0)
}

func (s *Shrunk) estimate(s2, tau2, level float64) {
	var total float64
	precision := func(g Group) float64 {
		v := tau2 + s2/float64(g.N)
		if v == 0 {
			return 1 // all groups equal in every member
		}
		return 1 / v
	}
	for _, g := range s.Groups {
		total += precision(g)
		s.Parent += precision(g) * g.Mean
	}
	s.Parent /= total
	z := distuv.UnitNormal.Quantile(.5 + level/2)
	for i := range s.Groups {
		g := &s.Groups[i]
		own := s2 / float64(g.N)
		if tau2+own > 0 {
			g.Weight = tau2 / (tau2 + own)
		}
		g.Estimate = g.Weight*g.Mean + (1-g.Weight)*s.Parent
		// Posterior variance, and that of the parent's own mean.
		g.Error = math.Sqrt(g.Weight*own + (1-g.Weight)*(1-g.Weight)/total)
		if tau2+own == 0 {
			g.Error = 0
		}
		g.Interval = [2]float64{g.Estimate - z*g.Error, g.Estimate + z*g.Error}
		if g.N < MinPeers {
			g.Warnings = append(g.Warnings, analytics.Warning{
				Code: CodeFewPeers, Got: float64(g.N), Want: MinPeers,
				Detail: fmt.Sprintf("%d members; the estimate rests to %.0f %% on the parent class", g.N, 100*(1-g.Weight)),
			})
		}
	}
}
