package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jouleline/ingest/feed"
	"jouleline/schema/registry"
)

// evaluations are the paragraphs that follow from the published figures of
// Shandong: the completion of water and carbon are those of the arithmetic, and
// carbon is behind the pace of 4.2 percent.
var evaluations = map[string]string{
	"zh": "《“十四五”公共机构节约能源资源工作规划》实施至2023年，山东省公共机构单位建筑面积能耗、人均综合能耗、人均用水量和单位建筑面积碳排放，较2020年下降4.79%、4.31%、3.70%、4.17%，" +
		"分别完成规划目标的95.80%、71.83%、61.67%、59.57%（目标年2025年）。按规划路径，到2023年应下降3.00%、3.60%、3.60%、4.20%：" +
		"单位建筑面积能耗、人均综合能耗和人均用水量达到进度；单位建筑面积碳排放未达到进度（按未舍入的数值判定）。",
	"en": "Under the 14th Five-Year Plan for energy and resource conservation of public institutions, up to 2023, the public institutions of 山东省 reduced " +
		"energy per floor area, energy per person, water per person and carbon per floor area by 4.79%, 4.31%, 3.70% and 4.17% against 2020, " +
		"which is 95.80%, 71.83%, 61.67% and 59.57% of the targets for 2025. The plan's path asks for 3.00%, 3.60%, 3.60% and 4.20% by 2023: " +
		"energy per floor area, energy per person and water per person keep pace; carbon per floor area falls behind (judged on figures that are not rounded).",
}

// checkEvaluation writes the evaluation of Shandong as the command does.
func checkEvaluation(t *testing.T, s *testServer) {
	t.Helper()
	folder := t.TempDir()
	for lang, want := range evaluations {
		for _, format := range []string{"html", "xlsx"} {
			file := filepath.Join(folder, lang+"."+format)
			var out, failed bytes.Buffer
			code := run(t.Context(), []string{"report", "midterm", "--server", s.Server, "--region", "370000", "--plan", "14fyp", "--year", "2023", "--lang", lang, "--format", format, "--out", file}, streams{&out, &failed})
			if code != exitOK {
				t.Fatalf("%s %s: got exit code %d: %s", lang, format, code, &failed)
			}
			text := ""
			if format == "xlsx" {
				text = cells(t, file)
			} else {
				text = visible(t, file)
			}
			if !strings.Contains(text, want) {
				t.Errorf("%s %s: got\n%s\nwant in it\n%s", lang, format, text, want)
			}
		}
	}
	var failed bytes.Buffer
	if code := run(t.Context(), []string{"report", "midterm", "--server", s.Server, "--region", "370000", "--year", "2023", "--out", filepath.Join(folder, "a.xlsx")}, streams{&failed, &failed}); code != exitUsage || !strings.Contains(failed.String(), ".html") {
		t.Errorf("a page in a file named xlsx: got exit code %d, %s; want %d and the reason", code, &failed, exitUsage)
	}
}

// What was declared by forms is filled into forms again, institution by
// institution and summed by class.
func TestReport_StatisticalForms(t *testing.T) {
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	writeFile(t, folder+"/regions.csv", "code,name,parent\n370000,山东省,\n")
	writeFile(t, folder+"/institutions.csv", "id,name,class,region\nS1,第一中学,education,370000\nH1,医院,health,370000\nG1,机关,state_organ,370000\n")
	writeFile(t, folder+"/buildings.csv", "id,institution,name\nB1,S1,\nB2,H1,\n")
	writeFile(t, folder+"/floor_area.csv", "building,valid_from,area_m2\nB1,2020-01-01,10000\nB2,2020-01-01,500\n")
	writeFile(t, folder+"/headcount.csv", "institution,valid_from,people\nS1,2020-01-01,1100\nH1,2020-01-01,50\n")
	writeFile(t, folder+"/declared.csv", `scope,id,year,quantity,unit,value,source
institution,S1,2023,electricity,kWh,520000,NY301
institution,S1,2023,water,m3,12100.5,NY301
institution,S1,2023,gasoline:vehicle,L,1500,NY301
institution,S1,2023,gasoline,L,20,NY301
institution,S1,2023,cooling,GJ,7,NY301
institution,H1,2023,electricity,kWh,80000,NY301
institution,H1,2023,coal,kg,2500,NY301
`)
	s.importFolder(folder)
	written := func(args ...string) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "form.xlsx")
		var failed bytes.Buffer
		if code := run(t.Context(), append(append([]string{"report"}, args...), "--server", s.Server, "--year", "2023", "--out", file), streams{&failed, &failed}); code != exitOK {
			t.Fatalf("%v: got exit code %d: %s", args, code, &failed)
		}
		return file
	}
	file := written("ny301", "--institution", "S1")
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	form, err := feed.ReadNY301(bytes.NewReader(content), feed.FormConfig{ID: "S1"})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, d := range form.Declared {
		got += registry.QuantityText(d.Quantity) + " " + registry.DecimalText(d.Value) + " " + d.Unit + "\n"
	}
	if want := "floor_area 10000 m2\nheadcount 1100 person\nelectricity 520000 kWh\nwater 12100.5 m3\ngasoline:vehicle 1500 L\ngasoline 20 L\n"; got != want || form.Year != 2023 {
		t.Errorf("got of %d\n%swant\n%s", form.Year, got, want)
	}
	if text := cells(t, file); !strings.Contains(text, "本表没有 cooling 的行") {
		t.Errorf("got\n%s\nwant a note that the form has no row for cooling", text)
	}
	// The state organ has no data: the sum of all is not known, that of schools is.
	text := cells(t, written("summary", "--region", "370000"))
	for _, want := range []string{
		"指标名称|代码|计量单位|合计|国家机关|事业单位小计|教育|科技|文化|卫生|体育|其他|团体组织\n",
		"甲|乙|丙|S001|S002|S003|S004|S005|S006|S007|S008|S009|S010\n",
		"公共机构数量|100|家|3|1|2|1|||1\n",
		"\n电|110|千瓦时|||600000|520000|||80000\n",
		"\n煤炭|130|吨|||2.5||||2.5\n",
		"\n汽油|150|升|||1520|1520\n",
		"S001合计电：应报3家，数据完整2家，数据不足，未填。",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got\n%s\nwant in it\n%s", text, want)
		}
	}
}

// visible gives the text of a page without its tags.
func visible(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	inTag := false
	for _, r := range string(content) {
		switch {
		case r == '<':
			inTag = true
		case r == '>':
			inTag = false
		case !inTag:
			text.WriteRune(r)
		}
	}
	return strings.ReplaceAll(text.String(), "&#39;", "'")
}

// cells gives all texts of a workbook.
func cells(t *testing.T, file string) string {
	t.Helper()
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var text strings.Builder
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			text.WriteString(strings.Join(row, "|") + "\n")
		}
	}
	return text.String()
}
