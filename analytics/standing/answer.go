package standing

import (
	"jouleline/analytics"
	"jouleline/analytics/benchmark"
	"jouleline/analytics/progress"
)

// Answer is where an institution, or each of a class, stands.
type Answer struct {
	Class     string           `json:"class" example:"education"`
	Within    string           `json:"within" doc:"Region whose institutions are the peers; empty is everywhere" example:"370000"`
	Zone      string           `json:"zone" doc:"Climate zone that the peers were limited to; empty is none"`
	Year      int              `json:"year" example:"2023"`
	Indicator string           `json:"indicator" example:"energy_per_area"`
	Unit      string           `json:"unit" example:"kgce/m2"`
	Factors   progress.Factors `json:"factors"`
	State     State            `json:"state" doc:"ok or not_enough_data"`
	Reason    string           `json:"reason" doc:"The state in words"`
	Level     float64          `json:"level" doc:"Confidence of all intervals" example:"0.9"`

	Peers    *Peers              `json:"peers,omitempty" doc:"The group; left out where it has fewer than three members"`
	Place    *Place              `json:"place,omitempty" doc:"Where the institution that was asked for stands"`
	Ranking  []Row               `json:"ranking" doc:"The class in order, least use first; empty where an institution was asked for"`
	More     bool                `json:"more" doc:"The ranking is longer than was asked for"`
	LeftOut  []LeftOut           `json:"left_out" doc:"Institutions that are not known well enough to be peers"`
	Quotas   []Quota             `json:"quotas" doc:"Consumption standards: those that are meant for the class, and those asked for"`
	Warnings []analytics.Warning `json:"warnings"`
}

// State is what can be said.
type State string

// The states.
const (
	OK            State = "ok"
	NotEnoughData State = "not_enough_data"
)

// Peers describes the group.
type Peers struct {
	N           int        `json:"n" doc:"Members"`
	P25         float64    `json:"p25" doc:"A quarter uses less: good practice"`
	P50         float64    `json:"p50" doc:"Median"`
	P75         float64    `json:"p75" doc:"A quarter uses more"`
	P25Interval [2]float64 `json:"p25_interval"`
	P50Interval [2]float64 `json:"p50_interval"`
	P75Interval [2]float64 `json:"p75_interval"`
}

// Place is where one institution stands.
type Place struct {
	Institution string     `json:"institution"`
	Name        string     `json:"name"`
	Value       float64    `json:"value"`
	Percentile  float64    `json:"percentile" doc:"Share of the peers that use less, 0 to 100"`
	Interval    [2]float64 `json:"percentile_interval"`
	Band        string     `json:"band" doc:"good_practice, typical or poor"`
	Better      int        `json:"better" doc:"Peers that use less"`
	Worse       int        `json:"worse" doc:"Peers that use more"`
}

// Row is one institution of a ranking.
type Row struct {
	Institution string   `json:"institution"`
	Name        string   `json:"name"`
	Value       float64  `json:"value"`
	Rank        int      `json:"rank" doc:"1 uses least"`
	RankLow     *float64 `json:"rank_low" doc:"Best rank that the data allow; null where no year before is known"`
	RankHigh    *float64 `json:"rank_high" doc:"Worst rank that the data allow"`
	Percentile  float64  `json:"percentile"`
	Band        string   `json:"band"`
}

// LeftOut is an institution that is not known well enough.
type LeftOut struct {
	Institution string `json:"institution"`
	Name        string `json:"name"`
	Reason      string `json:"reason"`
}

// Quota is one metric of one standard.
type Quota struct {
	ID         string            `json:"id" doc:"Of the standard's class" example:"db37-2672-2019-a"`
	Standard   string            `json:"standard" example:"DB37/T 2672-2019"`
	Title      string            `json:"title" doc:"Chinese and English"`
	Source     string            `json:"source" doc:"How well the values are known"`
	Metric     benchmark.Metric  `json:"metric"`
	Unit       string            `json:"unit"`
	FactorSet  string            `json:"factor_set" doc:"The standard's own"`
	Constraint *float64          `json:"constraint" doc:"Above it: must be mended"`
	Base       *float64          `json:"base" doc:"Null where the standard gives none"`
	Guide      *float64          `json:"guide" doc:"At or below it: exemplary"`
	Value      *float64          `json:"value" doc:"Of the institution that was asked for; null where it is not known or a class was asked for"`
	Verdict    benchmark.Verdict `json:"verdict" doc:"guide, base, constraint or over; no_standard where there is no value"`
	// Counts are of all members that are known.
	Guided int `json:"guide_count"`
	Based  int `json:"base_count"`
	Within int `json:"constraint_count"`
	Over   int `json:"over_count"`
}

// Codes of warnings.
const (
	CodeNoRankInterval analytics.Code = "no_rank_interval"
	CodeHeating        analytics.Code = "own_heating_not_separated"
	CodeFromMemory     analytics.Code = "quota_from_memory"
	CodeManyLeftOut    analytics.Code = "many_left_out"
)
