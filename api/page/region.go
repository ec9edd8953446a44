package page

import (
	"strconv"

	"jouleline/analytics/progress"
	"jouleline/metrics/indicator"
)

// home is the page of what the caller may see: their region or institution, else
// the root of the tree with the most institutions.
func (v *visit) home() (string, any, error) {
	about := v.ask.Reach(v.context())
	if about == (Subject{}) {
		about = Subject{Region, v.mainRoot()}
	}
	if about.ID == "" {
		v.Title = v.T("start.title")
		return "start", struct{ *frame }{v.frame}, nil
	}
	v.req.SetPathValue("id", about.ID)
	if about.Kind == Institution {
		return v.place(Institution)
	}
	return v.region()
}

// mainRoot gives the root region with the most institutions below it.
func (v *visit) mainRoot() string {
	count := map[string]int{}
	for index := range v.world.InstitutionIDs {
		if path := v.world.RegionPath(v.institution(int32(index)).Region, v.today); len(path) > 0 {
			count[path[len(path)-1]]++
		}
	}
	best := ""
	for _, area := range v.world.Regions { // in order, so that equals are settled
		if area.Parent == "" && (best == "" || count[area.ID] > count[best]) {
			best = area.ID
		}
	}
	return best
}

// regionPage is how far a region has come.
type regionPage struct {
	*frame
	About   Subject
	Name    string
	Plan    string
	Year    string
	Years   []Link
	Summary string
	Cards   []Card
	// Shown is the indicator of the map and the ranking.
	Shown      string
	Indicators []Link
	Map        []Area // nil where there is no outline
	Ranking    *Ranking
	Classes    *Ranking
	Others     []Link // other roots
	Links      []Link
	Downloads  []Download
}

func (v *visit) region() (string, any, error) {
	about, err := v.subject(Region)
	if err != nil {
		return "", nil, err
	}
	p := &regionPage{frame: v.frame, About: about, Plan: v.planTitle()}
	var year int
	p.Years, year = v.years()
	v.crumbs(about)
	course, err := v.yearly(about)
	if err != nil {
		return "", nil, err
	}
	year = v.lived(course, year)
	p.Year = strconv.Itoa(year)
	choose(p.Years, p.Year)
	now := course[year-v.site.config.Plan.BaseYear]
	p.Name, p.Title = now.Scope.Name, now.Scope.Name
	if p.Cards, err = v.cards(about, course, year); err != nil {
		return "", nil, err
	}
	p.Summary = v.summary(now)
	p.HasChart = true
	var shown progress.Indicator
	p.Indicators, shown = v.chooseIndicator(now)
	p.Shown = v.word("indicator", shown.Indicator)
	parts, err := v.ask.Breakdown(v.context(), about, indicator.ByRegion, year)
	if err != nil {
		return "", nil, err
	}
	if len(parts.Rows) > 1 || len(parts.Rows) == 1 && !parts.Rows[0].Scope.Own {
		p.Ranking = v.rank(parts, shown.Indicator, v.T("ranking.by_region", p.Shown, year))
		p.Map = v.site.areas(p.Ranking)
	} else {
		if parts, err = v.ask.Breakdown(v.context(), about, indicator.ByInstitution, year); err != nil {
			return "", nil, err
		}
		p.Ranking = v.rank(parts, shown.Indicator, v.T("ranking.by_institution", p.Shown, year))
	}
	classes, err := v.ask.Breakdown(v.context(), about, indicator.ByClass, year)
	if err != nil {
		return "", nil, err
	}
	p.Classes = v.rank(classes, shown.Indicator, v.T("ranking.by_class", p.Shown, year))
	p.Links = []Link{
		{Text: v.T("link.cities"), URL: address(about, "/path?indicator=", shown.Indicator)},
		{Text: v.T("link.institutions"), URL: address(about, "/institutions?year=", p.Year, "&indicator=", shown.Indicator)},
		{Text: v.T("link.quality"), URL: address(about, "/quality?year=", p.Year)},
		{Text: v.T("link.midterm"), URL: "/api/v1/reports/midterm?format=html&lang=" + v.Lang + "&region=" + about.ID + "&year=" + p.Year},
	}
	p.Downloads = v.downloads(about, p.Year, "region", "class", "institution")
	if v.ask.Reach(v.context()) == (Subject{}) {
		for _, area := range v.world.Regions {
			if area.Parent == "" && area.Contains(v.today) && !v.world.RegionsUnder(area.ID, v.today)[about.ID] {
				p.Others = append(p.Others, Link{Text: area.Name, URL: address(Subject{Region, area.ID})})
			}
		}
	}
	return "region", p, nil
}

// planTitle names the plan with its years.
func (v *visit) planTitle() string {
	plan := v.site.config.Plan
	title := plan.Title[v.Lang]
	return v.T("plan", nameOr(title, plan.Name), plan.BaseYear, plan.TargetYear)
}

// yearly gives the progress of each year from the base year on.
func (v *visit) yearly(about Subject) ([]*progress.Answer, error) {
	plan := v.site.config.Plan
	now, _, _ := v.today.Date()
	var course []*progress.Answer
	for year := plan.BaseYear; year <= min(plan.TargetYear, now); year++ {
		a, err := v.ask.Progress(v.context(), about, year)
		if err != nil {
			return nil, err
		}
		course = append(course, a)
	}
	return course, nil
}

// lived gives the year, or where none was asked for and no institution existed in
// it, the last before it in which one did.
func (v *visit) lived(course []*progress.Answer, year int) int {
	base := v.site.config.Plan.BaseYear
	if v.req.URL.Query().Get("year") != "" {
		return year
	}
	for y := year; y >= base; y-- {
		if course[y-base].Expected > 0 {
			return y
		}
	}
	return year
}

// summary is the year in a sentence.
func (v *visit) summary(a *progress.Answer) string {
	known, good := 0, 0
	for _, x := range a.Indicators {
		if x.OnPace != nil {
			known++
			if *x.OnPace {
				good++
			}
		}
	}
	text := v.T("summary.counted", a.Counted, a.Expected)
	switch {
	case a.Year == a.BaseYear:
		return v.T("summary.base", a.BaseYear) + " " + text
	case known == 0:
		return v.T("summary.unknown", a.Year) + " " + text
	}
	return v.T("summary.pace", a.Year, good, known) + " " + text
}

// chooseIndicator gives the indicators to choose from, and the one that is shown.
func (v *visit) chooseIndicator(a *progress.Answer) (list []Link, shown progress.Indicator) {
	asked := v.req.URL.Query().Get("indicator")
	shown = a.Indicators[0]
	for _, x := range a.Indicators {
		if x.Indicator == asked {
			shown = x
		}
	}
	for _, x := range a.Indicators {
		list = append(list, Link{Text: v.word("indicator", x.Indicator), URL: v.With("indicator", x.Indicator), Current: x.Indicator == shown.Indicator})
	}
	return list, shown
}

// institutionsPage ranks all institutions below a region, page by page.
type institutionsPage struct {
	*frame
	Year       string
	Years      []Link
	Indicators []Link
	Ranking    *Ranking
	Pages      []Link
}

// institutionsAtOnce is how many institutions a page ranks.
const institutionsAtOnce = 100

func (v *visit) institutions() (string, any, error) {
	about, err := v.subject(Region)
	if err != nil {
		return "", nil, err
	}
	p := &institutionsPage{frame: v.frame}
	var year int
	p.Years, year = v.years()
	p.Year = strconv.Itoa(year)
	v.crumbs(about)
	parts, err := v.ask.Breakdown(v.context(), about, indicator.ByInstitution, year)
	if err != nil {
		return "", nil, err
	}
	whole := progress.Answer{Indicators: parts.Total.Indicators}
	var shown progress.Indicator
	p.Indicators, shown = v.chooseIndicator(&whole)
	p.Title = v.T("institutions.title", parts.Scope.Name)
	p.Ranking = v.rank(parts, shown.Indicator, v.T("ranking.by_institution", v.word("indicator", shown.Indicator), year))
	rows := p.Ranking.Rows
	at, _ := strconv.Atoi(v.req.URL.Query().Get("page"))
	at = max(1, min(at, (len(rows)+institutionsAtOnce-1)/institutionsAtOnce))
	for i := 1; (i-1)*institutionsAtOnce < len(rows) && len(rows) > institutionsAtOnce; i++ {
		p.Pages = append(p.Pages, Link{Text: strconv.Itoa(i), URL: v.With("page", strconv.Itoa(i)), Current: i == at})
	}
	begin := (at - 1) * institutionsAtOnce
	p.Ranking.Rows = rows[min(begin, len(rows)):min(begin+institutionsAtOnce, len(rows))]
	return "institutions", p, nil
}

// MapOf gives the map to its template.
func (p *regionPage) MapOf() any {
	return struct {
		Label string
		Areas []Area
	}{p.T("map.label", p.Shown), p.Map}
}
