package midterm

import (
	"time"

	"jouleline/analytics/progress"
)

// Input is what a document is written of: answers of the API.
type Input struct {
	// Language is zh or en; PlanTitle the plan's in that language.
	Language, PlanTitle string
	// Demo says that the figures were made up; the document does, too.
	Demo bool
	// Made is when it is written, KnownAt the moment as of which was asked; zero:
	// now. Both are in the calendar of the deployment.
	Made, KnownAt time.Time
	// Whole is the progress of the scope, Parts that of its parts, one for each
	// table.
	Whole   *progress.Answer
	Parts   []*progress.Parts
	Quality Quality
	Changes Changes
	// Open gives the path where the reduction of an indicator is explained, ""
	// where it is not.
	Open func(of progress.Scope, indicator string) string
	// Workbook is the path of the same document as a workbook.
	Workbook string
}

// Document is the evaluation, ready to be laid out.
type Document struct {
	Language   string    `json:"language" enum:"zh,en" example:"zh"`
	Title      string    `json:"title" example:"山东省2023年中期评估"`
	Plan       string    `json:"plan" doc:"The plan with its years, in words"`
	Demo       string    `json:"demo,omitempty" doc:"Says that the figures were made up, where they were"`
	Made       time.Time `json:"made" doc:"When it was written"`
	BaseYear   int       `json:"base_year" example:"2020"`
	TargetYear int       `json:"target_year" example:"2025"`
	Year       int       `json:"year" example:"2023"`
	// Sentences are the paragraph, as one text and in pieces that lead to their
	// explanations.
	Text       string  `json:"text" doc:"The paragraph of the evaluation"`
	Sentences  []Piece `json:"sentences" doc:"The same in pieces, whose figures lead to their explanations"`
	Indicators []Line  `json:"indicators" doc:"The four indicators of the whole"`
	Caps       []Cap   `json:"caps" doc:"Totals for which the plan sets a cap"`
	Tables     []Table `json:"tables" doc:"The parts: regions or departments, and classes"`
	Quality    Quality `json:"quality"`
	Changes    Changes `json:"changes"`
	// Notes say what the figures rest on.
	Notes    []string `json:"notes" doc:"What the figures rest on"`
	Workbook string   `json:"workbook" doc:"Where the same document is a workbook"`
}

// Piece is a piece of a sentence. Open is where its figure is explained.
type Piece struct {
	Text string `json:"text" example:"4.79%"`
	Open string `json:"open,omitempty" example:"/explain?region=370000&indicator=energy_per_area&year=2023"`
}

// Line is one indicator of the whole or of a part; numbers are those of the
// answer.
type Line struct {
	Part           string         `json:"part" doc:"Whom it speaks of" example:"济南市"`
	Indicator      string         `json:"indicator" example:"energy_per_area"`
	Name           string         `json:"name" example:"单位建筑面积能耗"`
	Unit           string         `json:"unit" example:"kgce/m2"`
	Baseline       *float64       `json:"baseline"`
	Current        *float64       `json:"current"`
	ReductionPct   *float64       `json:"reduction_pct"`
	Reduction      *string        `json:"reduction" doc:"Two decimals, half up" example:"4.79"`
	TargetPct      *float64       `json:"target_pct"`
	CompletionPct  *float64       `json:"completion_pct"`
	Completion     *string        `json:"completion" doc:"Two decimals, half up" example:"95.80"`
	PacePct        *float64       `json:"pace_pct"`
	OnPace         *bool          `json:"on_pace"`
	Verdict        string         `json:"verdict" doc:"on_pace in words" example:"达到进度"`
	State          progress.State `json:"state" example:"ok"`
	Words          string         `json:"words" doc:"The state in words" example:"已知"`
	Why            string         `json:"why,omitempty" doc:"The state and its reason, where there is one"`
	Source         string         `json:"source" doc:"Sources of both years in words"`
	Coverage       *float64       `json:"coverage"`
	EstimatedShare *float64       `json:"estimated_share"`
	Open           string         `json:"open,omitempty" doc:"Where the reduction is explained"`
}

// Cap is a total against its cap.
type Cap struct {
	Name    string         `json:"name" example:"能源消费总量"`
	Unit    string         `json:"unit" example:"tce"`
	Cap     *float64       `json:"cap"`
	Current *float64       `json:"current"`
	UsedPct *float64       `json:"used_pct"`
	State   progress.State `json:"state" example:"ok"`
	Why     string         `json:"why" doc:"The state in words, with its reason"`
}

// Table is the parts of the scope.
type Table struct {
	By    string `json:"by" enum:"region,department,class,institution" example:"region"`
	Title string `json:"title" example:"分地区情况"`
	Rows  []Row  `json:"rows" doc:"The whole first"`
	More  int    `json:"more" doc:"Parts that are not listed" example:"0"`
}

// Row is one part with its four indicators.
type Row struct {
	Name     string `json:"name" example:"济南市"`
	Expected int    `json:"institutions_expected"`
	Counted  int    `json:"institutions_counted"`
	Lines    []Line `json:"indicators"`
}

// Quality is how well the year is known.
type Quality struct {
	From     *time.Time       `json:"from" doc:"Null where nothing can be said"`
	To       *time.Time       `json:"to"`
	Carriers []QualityCarrier `json:"carriers"`
	Worst    []QualityPart    `json:"worst" doc:"Parts that are known least"`
	Why      string           `json:"why,omitempty" doc:"Why there is nothing to say"`
}

// QualityCarrier is how well one carrier is known.
type QualityCarrier struct {
	Carrier        string   `json:"carrier" example:"electricity"`
	Name           string   `json:"name" example:"电"`
	Quantity       string   `json:"quantity" doc:"What is known, with its unit" example:"13 kWh"`
	Expected       int      `json:"expected"`
	Silent         int      `json:"silent"`
	Coverage       *float64 `json:"coverage"`
	EstimatedShare *float64 `json:"estimated_share"`
}

// QualityPart is how well one carrier of a part is known.
type QualityPart struct {
	Name           string   `json:"name" doc:"Id of the meter or institution" example:"S1"`
	Carrier        string   `json:"carrier" example:"electricity"`
	CarrierName    string   `json:"carrier_name" example:"电"`
	Coverage       *float64 `json:"coverage"`
	EstimatedShare *float64 `json:"estimated_share"`
}

// Changes is what differs from the last report of the same question.
type Changes struct {
	Report  *Report  `json:"report,omitempty" doc:"Left out where there is none"`
	Same    bool     `json:"same"`
	Figures []Change `json:"figures"`
	More    int      `json:"more" doc:"Figures that differ and are not listed" example:"0"`
	Causes  []string `json:"causes" doc:"What changed beside the books, as the report's difference says"`
	Why     string   `json:"why,omitempty" doc:"Why nothing is compared"`
}

// Report names a frozen report.
type Report struct {
	ID      int64     `json:"id" example:"1"`
	Name    string    `json:"name" example:"2023 年中期"`
	Created time.Time `json:"created"`
	Open    string    `json:"open" doc:"Where the whole difference is" example:"/api/v1/reports/1/diff"`
}

// Change is an indicator that differs.
type Change struct {
	Part      string   `json:"part" example:"山东省"`
	Indicator string   `json:"indicator" example:"energy_per_area"`
	Name      string   `json:"name"`
	Before    string   `json:"before" doc:"Reduction as frozen, or its state in words" example:"4.79%"`
	Now       string   `json:"now" example:"4.81%"`
	Causes    []string `json:"causes" doc:"Kinds of changes that made the difference, in words"`
}

// mostParts bounds the rows of a table.
const mostParts = 500

// Make writes a document.
func Make(in *Input) *Document {
	w := words(in.Language)
	a := in.Whole
	m := maker{words: w, in: in}
	d := &Document{
		Language: in.Language, Made: in.Made, BaseYear: a.BaseYear, TargetYear: a.TargetYear, Year: a.Year,
		Title: w.T("title", m.name(a.Scope), a.Year), Plan: w.T("plan", in.PlanTitle, a.BaseYear, a.TargetYear),
		Indicators: m.lines(a.Scope, a.Indicators, m.name(a.Scope)), Caps: m.caps(a.Caps), Tables: []Table{},
		Quality: in.Quality, Changes: in.Changes, Notes: m.notes(), Workbook: in.Workbook,
	}
	if in.Demo {
		d.Demo = w.T("demo")
	}
	d.Sentences = m.paragraph(d.Indicators)
	for _, p := range d.Sentences {
		d.Text += p.Text
	}
	for _, parts := range in.Parts {
		d.Tables = append(d.Tables, m.table(parts))
	}
	return d
}
