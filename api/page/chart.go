package page

import "strconv"

// Chart is a drawing of numbers that the page also has as text.
type Chart struct {
	Kind, ID, Label string
	Data            any // becomes JSON
}

// Table is the numbers behind a chart.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]Value
}

// pathData is a course of years against a path.
type pathData struct {
	Years   []string   `json:"years"`
	Path    string     `json:"path"`
	Planned []*float64 `json:"planned"`
	Actual  string     `json:"actual"`
	Values  []*float64 `json:"values"`
	Unit    string     `json:"unit"`
	// Forecast names what was to be expected, with its bounds; all empty where
	// there is none.
	Forecast string     `json:"forecast,omitempty"`
	Expected []*float64 `json:"expected,omitempty"`
	Low      []*float64 `json:"low,omitempty"`
	High     []*float64 `json:"high,omitempty"`
}

// citiesData is the courses of many parts against one path.
type citiesData struct {
	Years   []string   `json:"years"`
	Path    string     `json:"path"`
	Planned []*float64 `json:"planned"`
	Lines   []line     `json:"lines"`
	Unit    string     `json:"unit"`
}

type line struct {
	Name   string     `json:"name"`
	Values []*float64 `json:"values"`
	Mark   string     `json:"mark,omitempty"`
}

// courseData is lines or bars over labels in local time.
type courseData struct {
	Labels []string `json:"labels"`
	Lines  []line   `json:"lines"`
	Unit   string   `json:"unit"`
	// Base is a level that is marked, such as the night base load.
	Base     *float64 `json:"base,omitempty"`
	BaseName string   `json:"baseName,omitempty"`
}

// heatData is a value for each hour of each day.
type heatData struct {
	Days  []string `json:"days"`
	Hours []string `json:"hours"`
	Cells [][3]any `json:"cells"` // day, hour, value or nil
	Unit  string   `json:"unit"`
}

// calendarData is a value for each day of a year.
type calendarData struct {
	From  string   `json:"from"`
	To    string   `json:"to"`
	Cells [][2]any `json:"cells"` // date, value
	Unit  string   `json:"unit"`
	Lang  string   `json:"lang"`
}

// mixData is parts of a whole.
type mixData struct {
	Parts []mixPart `json:"parts"`
	Unit  string    `json:"unit"`
}

type mixPart struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Bar is a reduction beside the pace and the target, drawn without a script:
// positions in a box 100 wide.
type Bar struct {
	X, Width     string
	Zero         string
	Pace, Target string // empty where there is none
}

// newBar scales a bar so that all reductions from least to most, pace and target
// fit in.
func newBar(reduction float64, pace, target *float64, least, most float64) *Bar {
	for _, v := range []*float64{pace, target} {
		if v != nil {
			most = max(most, *v)
		}
	}
	if most <= least {
		most = least + 1
	}
	scale := func(v float64) float64 { return 1 + 98*(v-least)/(most-least) }
	text := func(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
	from, to := scale(min(0, reduction)), scale(max(0, reduction))
	b := &Bar{X: text(from), Width: text(max(to-from, .5)), Zero: text(scale(0))}
	if pace != nil {
		b.Pace = text(scale(*pace))
	}
	if target != nil {
		b.Target = text(scale(*target))
	}
	return b
}
