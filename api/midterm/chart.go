package midterm

import (
	"math"
	"strconv"
)

// The page's drawings in units of their own: a column of names, the plot, and
// room for the figures behind the bars.
const (
	chartNames  = 170.0
	chartPlot   = 420.0
	chartWidth  = chartNames + chartPlot + 90
	chartRow    = 22.0
	chartBar    = 14.0
	chartTop    = 6.0
	chartBottom = 8.0
	mostBars    = 40
)

// chart is bars of reductions beside path and target, drawn by rule. It adds no
// number that the tables lack.
type chart struct {
	Title, More   string
	Width, Height string
	Zero          string // x of 0
	Bars          []chartBars
}

// chartBars is one bar with its marks. Unknown values have no bar: Text is why.
type chartBars struct {
	Name, Text, Kind          string
	NameX, TextX, TextY       string
	X, Y, Width, Height       string
	Path, Target, Top, Bottom string // x of the marks, "" where there are none
}

// charts draws the indicators of the whole, and each of them by part.
func (d *Document) charts(w words) []chart {
	bars := make([]*Line, len(d.Indicators))
	names := make([]string, len(d.Indicators))
	for i := range d.Indicators {
		bars[i], names[i] = &d.Indicators[i], d.Indicators[i].Name
	}
	list := []chart{draw(w.T("chart.indicators", d.BaseYear), names, bars)}
	if len(d.Tables) == 0 || len(d.Tables[0].Rows) < 2 {
		return list
	}
	rows := d.Tables[0].Rows
	drawn := rows[:min(len(rows), mostBars)]
	for i := range d.Indicators {
		bars, names = nil, nil
		for r := range drawn {
			bars, names = append(bars, &drawn[r].Lines[i]), append(names, drawn[r].Name)
		}
		c := draw(w.T("chart.parts", d.Indicators[i].Name), names, bars)
		if len(drawn) < len(rows) {
			c.More = w.T("chart.more", len(drawn), len(rows))
		}
		list = append(list, c)
	}
	return list
}

// draw places bars on one scale, which holds 0, all values and all marks.
func draw(title string, names []string, lines []*Line) chart {
	low, high := 0.0, 0.0
	for _, l := range lines {
		for _, v := range []*float64{l.ReductionPct, l.PacePct, l.TargetPct} {
			if v != nil {
				low, high = math.Min(low, *v), math.Max(high, *v)
			}
		}
	}
	if high == low {
		high = low + 1
	}
	at := func(v float64) float64 { return chartNames + (v-low)/(high-low)*chartPlot }
	c := chart{Title: title, Width: place(chartWidth), Height: place(chartTop + chartRow*float64(len(lines)) + chartBottom), Zero: place(at(0))}
	for i, l := range lines {
		y := chartTop + chartRow*float64(i)
		b := chartBars{
			Name: names[i], NameX: place(chartNames - 8), TextY: place(y + chartBar - 2), Y: place(y), Height: place(chartBar),
			Top: place(y - 3), Bottom: place(y + chartBar + 3), Kind: "open", Text: official(l.Reduction), TextX: place(chartNames + chartPlot + 8),
		}
		if l.Reduction == nil {
			b.Text = none + " " + l.Words
			b.TextX = place(at(0) + 6)
		}
		if l.OnPace != nil {
			b.Kind = map[bool]string{true: "good", false: "behind"}[*l.OnPace]
		}
		if v := l.ReductionPct; v != nil {
			b.X, b.Width = place(math.Min(at(0), at(*v))), place(math.Abs(at(*v)-at(0)))
		}
		if l.PacePct != nil {
			b.Path = place(at(*l.PacePct))
		}
		if l.TargetPct != nil {
			b.Target = place(at(*l.TargetPct))
		}
		c.Bars = append(c.Bars, b)
	}
	return c
}

// place writes a coordinate.
func place(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
