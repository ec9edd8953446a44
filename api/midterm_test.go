package api_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jouleline/analytics/progress"
	"jouleline/api/access"
	"jouleline/api/midterm"
)

const midtermOf = "/api/v1/reports/midterm?region=370000&year=2023&lang="

// The document says what progress says, in every form.
func TestMidterm_FormsAgreeWithProgress(t *testing.T) {
	h := serve(t, newConfig(t))
	want := decode[progress.Answer](t, get(t, h, "/api/v1/progress?region=370000&year=2023"))
	for _, lang := range []string{"zh", "en"} {
		d := decode[midterm.Document](t, get(t, h, midtermOf+lang))
		page := get(t, h, midtermOf+lang, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
		if page.Code != 200 || page.Header().Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(page.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Fatalf("%s: got status %d, %v, want a page", lang, page.Code, page.Header())
		}
		standsForItself(t, page.Body.String())
		sheet := figuresOf(t, get(t, h, midtermOf+lang+"&format=xlsx"), lang)
		for i := range want.Indicators {
			x, l := &want.Indicators[i], &d.Indicators[i]
			if *l.ReductionPct != *x.ReductionPct || *l.Reduction != *x.Reduction || *l.CompletionPct != *x.CompletionPct || *l.OnPace != *x.OnPace {
				t.Errorf("%s %s: got %+v, want %+v", lang, x.Indicator, l, x)
			}
			if !strings.Contains(page.Body.String(), "&amp;region=370000&amp;year=2023\">"+*x.Reduction+"%</a>") || !strings.Contains(page.Body.String(), ">"+*x.Completion+"%") {
				t.Errorf("%s: the page lacks %s%% with its explanation, or %s%%", lang, *x.Reduction, *x.Completion)
			}
			row := sheet[i]
			for column, number := range map[int]float64{5: *x.Baseline, 6: *x.Current, 8: *x.ReductionPct, 11: *x.CompletionPct} {
				if got, err := strconv.ParseFloat(row[column], 64); err != nil || math.Abs(got-number) > 1e-13*number { // a workbook keeps 15 digits
					t.Errorf("%s %s: column %d of the workbook: got %s, want %v", lang, x.Indicator, column, row[column], number)
				}
			}
			if row[7] != *x.Reduction || row[10] != *x.Completion {
				t.Errorf("%s: got %s and %s in the workbook, want %s and %s", x.Indicator, row[7], row[10], *x.Reduction, *x.Completion)
			}
		}
	}
}

// standsForItself expects a page of well-formed XML that loads and runs nothing.
func standsForItself(t *testing.T, page string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(page)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "script", "link", "img", "iframe", "object":
			t.Errorf("the page has a %s", start.Name.Local)
		}
		for _, a := range start.Attr {
			if name := a.Name.Local; (name == "href" || name == "src") && !strings.HasPrefix(a.Value, "http://127.0.0.1:8080/") || strings.HasPrefix(name, "on") || name == "style" {
				t.Errorf("%s %s=%q: want addresses of this server only", start.Name.Local, name, a.Value)
			}
		}
	}
	if regexp.MustCompile(`url\(|@import`).MatchString(page) {
		t.Error("the page's style loads something")
	}
	if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "%!") {
		t.Error("the page has a hole where a value was")
	}
}

// figuresOf gives the rows of the sheet of figures, without its header.
func figuresOf(t *testing.T, w *responseRecorder, lang string) [][]string {
	t.Helper()
	if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Disposition"), ".xlsx") {
		t.Fatalf("got status %d, %v, want a workbook: %s", w.Code, w.Header(), w.Body)
	}
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(midterm.Say(lang, "sheet.figures"), excelize.Options{RawCellValue: true})
	if err != nil || len(rows) < 5 {
		t.Fatalf("got %d rows, %v, want the four indicators below a header", len(rows), err)
	}
	return rows[1:]
}

// What is not known is a dash with its reason, in sentences and cells.
func TestMidterm_UnknownSaysWhy(t *testing.T) {
	h := serve(t, newConfig(t))
	for lang, want := range map[string]string{"zh": "四项|数据不足", "en": "No figure can be given"} {
		d := decode[midterm.Document](t, get(t, h, "/api/v1/reports/midterm?institution=S1&year=2022&lang="+lang))
		if !regexp.MustCompile(want).MatchString(d.Text) {
			t.Errorf("%s: got %q, want %q in it", lang, d.Text, want)
		}
		for _, l := range d.Indicators {
			if l.Reduction != nil || l.Why == "" {
				t.Errorf("%s %s: got reduction %v and reason %q, want only a reason", lang, l.Indicator, l.Reduction, l.Why)
			}
		}
		page := get(t, h, "/api/v1/reports/midterm?institution=S1&year=2022&format=html&lang="+lang).Body.String()
		standsForItself(t, page)
		if strings.Contains(page, ">0.00%") || !strings.Contains(page, ">—<") {
			t.Errorf("%s: the page turns what is not known into a number", lang)
		}
	}
}

// What was frozen of the same question is compared with, and of another is not.
func TestMidterm_ComparesWithTheLastReport(t *testing.T) {
	config, _ := withArchive(t)
	h := serve(t, config)
	if d := decode[midterm.Document](t, get(t, h, midtermOf+"en")); d.Changes.Report != nil || d.Changes.Why == "" {
		t.Errorf("got %+v, want no report and a reason", d.Changes)
	}
	freeze(t, h, `{"name":"first","question":{"region":"370000","by":"class","year":2023}}`)
	freeze(t, h, `{"name":"other year","question":{"region":"370000","year":2022}}`)
	d := decode[midterm.Document](t, get(t, h, midtermOf+"en"))
	if d.Changes.Report == nil || d.Changes.Report.ID != 1 || d.Changes.Report.Name != "first" {
		t.Fatalf("got %+v, want a comparison with report 1", d.Changes)
	}
	standsForItself(t, get(t, h, midtermOf+"en&format=html").Body.String())
}

// A limited caller gets their part, and no other.
func TestMidterm_HoldsToTheReachOfTheToken(t *testing.T) {
	config := countyConfig(t)
	config.Access = granted{grant: access.Grant{Scope: access.Read, Region: "370100"}}
	h := serve(t, config)
	if w := get(t, h, "/api/v1/reports/midterm?region=370100&year=2023"); w.Code != http.StatusOK {
		t.Errorf("got status %d, want the caller's own region: %s", w.Code, w.Body)
	}
	for _, format := range []string{"json", "html", "xlsx"} {
		refused(t, get(t, h, "/api/v1/reports/midterm?region=370000&year=2023&format="+format), 403, "token")
		refused(t, get(t, h, "/api/v1/reports/midterm?region=370200&year=2023&format="+format), 403, "token")
	}
	refused(t, get(t, h, "/api/v1/reports/midterm?region=370100&year=2023&lang=fr"), 422)
}

// The example of the document is one that a decoder takes back.
func TestMidterm_JSONComesBack(t *testing.T) {
	h := serve(t, newConfig(t))
	first := get(t, h, midtermOf+"zh").Body.Bytes()
	var d midterm.Document
	if err := json.Unmarshal(first, &d); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := d.WriteHTML(&again, "http://127.0.0.1:8080"); err != nil {
		t.Fatal(err)
	}
	if page := get(t, h, midtermOf+"zh&format=html").Body.String(); page != again.String() {
		t.Error("the page of the decoded document differs")
	}
}
