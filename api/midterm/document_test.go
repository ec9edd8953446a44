package midterm_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jouleline/analytics/progress"
	"jouleline/api/midterm"
)

func of[T any](v T) *T { return &v }

// made is a document of a region with one indicator of each kind: fallen, risen,
// reached and unknown.
func made(language string) *midterm.Document { return midterm.Make(input(language)) }

func input(language string) *midterm.Input {
	a := &progress.Answer{
		Scope: progress.Scope{Region: "1", Name: "<甲> & 乙"}, Plan: "p", BaseYear: 2020, TargetYear: 2025, Year: 2023, Panel: "all", Boundary: "as_is",
		Indicators: []progress.Indicator{
			{Indicator: "energy_per_area", Unit: "index", Baseline: of(100.0), Current: of(97.0), State: progress.OK, ReductionPct: of(2.995), Reduction: of("3.00"), TargetPct: of(5.0), CompletionPct: of(59.9), Completion: of("59.90"), PacePct: of(3.0), OnPace: of(false), BaselineSource: "declared", CurrentSource: "declared"},
			{Indicator: "energy_per_capita", Unit: "index", Baseline: of(100.0), Current: of(101.5), State: progress.OK, ReductionPct: of(-1.5), Reduction: of("-1.50"), TargetPct: of(6.0), CompletionPct: of(-25.0), Completion: of("-25.00"), PacePct: of(3.6), OnPace: of(false), BaselineSource: "declared", CurrentSource: "declared"},
			{Indicator: "water_per_capita", Unit: "index", Baseline: of(100.0), Current: of(93.0), State: progress.Met, Reason: "the target is reached", ReductionPct: of(7.0), Reduction: of("7.00"), TargetPct: of(6.0), CompletionPct: of(116.7), Completion: of("116.67"), PacePct: of(3.6), OnPace: of(true), BaselineSource: "declared", CurrentSource: "declared"},
			{Indicator: "carbon_per_area", Unit: "kgCO2/m2", State: progress.NotEnoughData, Reason: "2023: 1 of 3 institutions counted"},
		},
		Caps: []progress.Cap{{Total: "energy", Unit: "tce", Cap: of(10.0), Current: of(9.0), UsedPct: of(90.0), State: progress.OK}},
	}
	return &midterm.Input{
		Language: language, PlanTitle: "Plan", Made: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), Whole: a,
		Parts:   []*progress.Parts{{By: "region", Total: progress.Row{Scope: a.Scope, Indicators: a.Indicators}, Rows: []progress.Row{{Scope: progress.Scope{Region: "1", Name: "<甲> & 乙", Own: true}, Indicators: a.Indicators}}}},
		Quality: midterm.Quality{Why: midterm.Say(language, "quality.none", 2023)},
		Changes: midterm.Changes{Report: &midterm.Report{ID: 7, Name: "r"}, Figures: []midterm.Change{{Part: "甲", Name: "x", Before: "1.00%", Now: "2.00%", Causes: []string{"books"}}}, Causes: []string{}},
		Open: func(of progress.Scope, indicator string) string {
			return "/explain?region=" + of.Region + "&indicator=" + indicator
		},
		Workbook: "/w",
	}
}

func TestMake_WritesByRule(t *testing.T) {
	for language, want := range map[string]string{
		"zh": "《Plan》实施至2023年，<甲> & 乙公共机构单位建筑面积能耗和人均用水量，较2020年下降3.00%、7.00%，分别完成规划目标的59.90%、116.67%（目标年2025年）。" +
			"《Plan》实施至2023年，<甲> & 乙公共机构人均综合能耗，较2020年上升1.50%，完成规划目标的-25.00%（目标年2025年）。" +
			"按规划路径，到2023年应下降3.00%、3.60%、3.60%：人均用水量达到进度；单位建筑面积能耗和人均综合能耗未达到进度（按未舍入的数值判定）。" +
			"人均用水量已达到规划目标。单位建筑面积碳排放无法给出：其中一年的数据不足（明细：2023: 1 of 3 institutions counted）。",
		"en": "Under the Plan, up to 2023, the public institutions of <甲> & 乙 reduced energy per floor area and water per person by 3.00% and 7.00% against 2020, which is 59.90% and 116.67% of the targets for 2025. " +
			"Against the aim of the Plan, up to 2023, the public institutions of <甲> & 乙 increased energy per person by 1.50% against 2020, which is -25.00% of the targets for 2025. " +
			"The plan's path asks for 3.00%, 3.60% and 3.60% by 2023: water per person keeps pace; energy per floor area and energy per person fall behind (judged on figures that are not rounded). " +
			"Target reached: water per person. No figure can be given for carbon per floor area: too little is known of one of the years (2023: 1 of 3 institutions counted).",
	} {
		d := made(language)
		if d.Text != want {
			t.Errorf("%s: got\n%s\nwant\n%s", language, d.Text, want)
		}
		opened := 0
		for _, p := range d.Sentences {
			if strings.HasSuffix(p.Text, "%") && p.Open == "" {
				t.Errorf("%s: %q leads to no explanation", language, p.Text)
			}
			if p.Open != "" {
				opened++
			}
		}
		if opened != 9 { // three reductions, completions and paces each
			t.Errorf("%s: got %d figures with an explanation, want 9", language, opened)
		}
	}
}

func TestWriteHTML_EscapesAndShowsWhatIsMissing(t *testing.T) {
	var page bytes.Buffer
	if err := made("en").WriteHTML(&page, "https://books.example:8443/"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"&lt;甲&gt; &amp; 乙 itself", `href="https://books.example:8443/explain?region=1&amp;indicator=energy_per_area"`, "— too little is known", "report 7 r", "2.00%", "9 tce", "— not metered", "@media print"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page.String(), "<甲>") {
		t.Error("a name is not escaped")
	}
}

// Figures that were made up are not to be taken for statistics, in no form of the
// document; units speak its language, and digits stand below each other.
func TestDocument_DemoAndUnits(t *testing.T) {
	const mark = "数据为模拟生成"
	f := func(demo bool, want int) {
		t.Helper()
		in := input("zh")
		in.Demo = demo
		in.Whole.Indicators[2] = progress.Indicator{Indicator: "water_per_capita", Unit: "m3/person", Baseline: of(62.045), Current: of(60.0), State: progress.OK}
		d := midterm.Make(in)
		var page, book bytes.Buffer
		if err := d.WriteHTML(&page, ""); err != nil {
			t.Fatal(err)
		}
		if err := d.WriteXLSX(&book, ""); err != nil {
			t.Fatal(err)
		}
		sheets, err := excelize.OpenReader(&book)
		if err != nil {
			t.Fatal(err)
		}
		defer sheets.Close()
		var cells strings.Builder
		for _, name := range sheets.GetSheetList() {
			rows, err := sheets.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				cells.WriteString(strings.Join(row, "|") + "\n")
			}
		}
		if strings.Count(page.String(), mark) != want || strings.Count(cells.String(), mark) != want {
			t.Errorf("demo %t: got %q and %q, want %q %d times in each", demo, &page, cells.String(), mark, want)
		}
		if !strings.Contains(page.String(), ">62.0450 m³/人<") || !strings.Contains(page.String(), ">60 m³/人<") || !strings.Contains(cells.String(), "m³/人") {
			t.Errorf("got %q and %q, want cubic metres a 人", &page, cells.String())
		}
	}
	f(true, 1)
	f(false, 0)
}

// What the page is laid out from has a message in both languages.
func TestMessages_AreWhole(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		var page, book bytes.Buffer
		d := made(language)
		if err := d.WriteHTML(&page, ""); err != nil { // a missing message panics
			t.Fatal(err)
		}
		if err := d.WriteXLSX(&book, ""); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(page.String(), "%!") {
			t.Errorf("%s: a message has other values than it has places", language)
		}
	}
}
