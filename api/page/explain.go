package page

import (
	"net/url"
	"strconv"
	"time"

	"jouleline/analytics/progress"
	"jouleline/metrics/explain"
	"jouleline/schema"
)

// ExplainQuery asks how a figure came about: the reduction of an indicator in a
// year where Indicator is given, else the consumption of a carrier.
type ExplainQuery struct {
	Indicator string
	Year      int
	Carrier   schema.Carrier
	Stretch
}

// Explained is one figure and, below it, what it follows from.
type Explained struct {
	Label, How  string       // in English
	Kind        explain.Kind // with Word and Name, the label as codes
	Word, Name  string
	Value, Unit string
	Op          explain.Op
	// Quantity and Factor are those of a product, Factor the share of a division.
	Quantity, Factor *Term
	FactorSet        *FactorSet // nil where the factor stems from the registry
	Subtracted       bool
	Stretch          string
	Source           string // metered, declared or empty
	Rules            []explain.Rule
	Events           []ExplainedEvent
	Notes            []string            // in English
	Progress         *progress.Indicator // of a reduction; nil elsewhere
	Readings         []Reading
	Open             url.Values // question that opens it further
	Children         []Explained

	// The rest is the page's: URL is where it is opened, Shown tells whether it is
	// open; Title, Formula and Lines are what is said of it.
	URL            string
	Shown          bool
	Title, Formula said
	Lines          []said
}

// explainPage is a figure opened down to its readings.
type explainPage struct {
	*frame
	Zone  string
	Tree  *Explained
	Links []Link
}

// explains are the kinds that a figure can be asked of, in the order in which
// they are looked for.
var explains = []Kind{Region, Institution, Building, Meter}

func (v *visit) explain() (string, any, error) {
	q := v.req.URL.Query()
	var about Subject
	for _, kind := range explains {
		if id := q.Get(string(kind)); id != "" {
			about = Subject{kind, id}
		}
	}
	if err := v.ask.Permit(v.context(), about); err != nil {
		return "", nil, err
	}
	v.crumbs(about)
	ask := ExplainQuery{Indicator: q.Get("indicator")}
	zone := v.world.TimeZone
	if about.Kind != Region {
		zone = v.zoneOf(about)
	}
	if ask.Indicator != "" {
		_, ask.Year = v.years()
	} else {
		days := v.asked(schema.Validity{From: v.today - 7, To: v.today})
		ask.Stretch = Stretch{days.From.Start(zone), days.To.Start(zone)}
		if carrier, err := schema.ParseCarrier(q.Get("carrier")); err == nil {
			ask.Carrier = carrier
		}
	}
	tree, err := v.ask.Explain(v.context(), about, ask)
	if err != nil {
		return "", nil, err
	}
	v.link(tree, 0)
	if tree.Kind == explain.OfConsumption {
		tree.Name = v.word("kind", string(about.Kind)) + " " + about.ID
	}
	v.say(tree)
	p := &explainPage{frame: v.frame, Tree: tree, Zone: v.T("local_time", zoneText(zone, v.site.config.Now()))}
	p.Title = v.T("explain.title")
	asked := v.req.URL.Query()
	if asked.Get("from") != "" {
		asked.Set("from", ask.From.Format(zone))
		asked.Set("to", ask.To.Format(zone))
	}
	asked.Del("lang")
	if ask.Indicator != "" {
		asked.Set("figure", "reduction")
	}
	p.Links = []Link{{Text: "JSON", URL: "/api/v1/explain?" + asked.Encode()}}
	return "explain", p, nil
}

// shownDepth is how far down a tree is open at first.
const shownDepth = 2

// link turns the questions that open figures into pages, and opens the first
// floors of the tree.
func (v *visit) link(e *Explained, depth int) {
	e.Shown = depth < shownDepth
	if e.Open != nil {
		q := url.Values{}
		for _, name := range []string{"institution", "building", "meter", "carrier"} {
			if value := e.Open.Get(name); value != "" {
				q.Set(name, value)
			}
		}
		for _, name := range []string{"from", "to"} {
			if at, err := time.Parse(time.RFC3339, e.Open.Get(name)); err == nil {
				q.Set(name, at.Format(dayFormat))
			}
		}
		e.URL = "/explain?" + q.Encode()
	}
	for i := range e.Children {
		v.link(&e.Children[i], depth+1)
	}
}

// explainedBy gives the page that opens the reduction of an indicator.
func explainedBy(about Subject, indicator string, year int) string {
	return "/explain?" + url.Values{string(about.Kind): {about.ID}, "indicator": {indicator}, "year": {strconv.Itoa(year)}}.Encode()
}

// opened gives the page that opens consumption.
func (l *place) opened(c schema.Carrier, s Stretch) string {
	q := url.Values{
		string(l.about.Kind): {l.about.ID}, "from": {s.From.Time().In(l.zone).Format(dayFormat)}, "to": {s.To.Time().In(l.zone).Format(dayFormat)},
	}
	if l.about.Kind != Meter {
		q.Set("carrier", c.String())
	}
	return "/explain?" + q.Encode()
}

// ReadingRows gives the readings of a figure to the template.
func (p *explainPage) ReadingRows(list []Reading) []readingRow {
	v := visit{frame: p.frame}
	rows := make([]readingRow, len(list))
	for i := range list {
		rows[i] = v.readingRow(&list[i])
	}
	return rows
}

// Node gives a figure to its template, which calls itself for those below it.
func (p *explainPage) Node(e *Explained) any {
	return struct {
		Page *explainPage
		*Explained
	}{p, e}
}

// Child gives one of the figures below to the template.
func (p *explainPage) Child(e Explained) any { return p.Node(&e) }
