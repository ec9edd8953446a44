package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
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
