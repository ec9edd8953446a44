package api_test

import (
	"fmt"
	"io"
	"testing"

	"jouleline/api/access"
	"jouleline/api/paper"
	"jouleline/schema"
)

// fakeForms writes what it is given as text.
type fakeForms struct{}

func (fakeForms) SummaryColumns() ([]paper.FormColumn, error) {
	return []paper.FormColumn{{Code: "S001", Name: "合计", Classes: schema.Classes}, {Code: "S002", Name: "国家机关", Classes: schema.Classes[:1]}, {Code: "S004", Name: "教育", Classes: schema.Classes[1:2]}}, nil
}

func (fakeForms) WriteNY301(w io.Writer, f *paper.FormSheet) error {
	_, err := fmt.Fprintf(w, "%d %s %v", f.Year, f.Name, f.Columns[0].Declared)
	return err
}

func (f fakeForms) WriteSummary(w io.Writer, sheet *paper.FormSheet) error {
	return f.WriteNY301(w, sheet)
}

// Figures of institutions of which nothing is known are not made up of others.
func TestForms_GapIsNotZero(t *testing.T) {
	h := serve(t, countyConfig(t))
	a := decode[paper.FilledForm](t, get(t, h, "/api/v1/forms/summary?region=370000&year=2023"))
	want := map[string]string{
		"S001 electricity": "", // A and B use 24 kWh a day each, but B2's meter is silent: B is known by half
		"S004 electricity": "8760", "S001 floor_area": "300", "S004 headcount": "10",
	}
	for _, c := range a.Columns {
		for _, x := range c.Figures {
			wanted, ok := want[c.Code+" "+x.Quantity]
			got := ""
			if x.Value != nil {
				got = *x.Value
			}
			if ok && got != wanted || got == "" && x.Why == "" {
				t.Errorf("%s %s: got %q, %q, want %q", c.Code, x.Quantity, got, x.Why, wanted)
			}
			delete(want, c.Code+" "+x.Quantity)
		}
	}
	if len(want) > 0 {
		t.Errorf("the summary lacks %v", want)
	}
}

func TestForms_Refused(t *testing.T) {
	config := countyConfig(t)
	config.Access = granted{grant: access.Grant{Scope: access.Read, Institution: "A"}}
	h := serve(t, config)
	if w := get(t, h, "/api/v1/forms/ny301?institution=A&year=2023&format=xlsx"); w.Code != 200 || w.Header().Get("Content-Disposition") != `attachment; filename="ny301-A-2023.xlsx"` {
		t.Errorf("got status %d, %v, want the caller's own form: %s", w.Code, w.Header(), w.Body)
	}
	for _, format := range []string{"xlsx", "json"} {
		refused(t, get(t, h, "/api/v1/forms/ny301?institution=B&year=2023&format="+format), 403, "token")
		refused(t, get(t, h, "/api/v1/forms/ny301?region=370100&year=2023&format="+format), 403, "token")
		refused(t, get(t, h, "/api/v1/forms/summary?region=370000&year=2023&format="+format), 403, "token")
	}
	h = serve(t, countyConfig(t))
	refused(t, get(t, h, "/api/v1/forms/ny301?institution=A&region=370100&year=2023"), 422, "exactly one")
	refused(t, get(t, h, "/api/v1/forms/ny301?institution=A&year=2026"), 422, "one that has ended")
	refused(t, get(t, h, "/api/v1/forms/ny301?institution=nobody&year=2023"), 404)
	config = countyConfig(t)
	config.Forms = nil
	refused(t, get(t, serve(t, config), "/api/v1/forms/ny301?institution=A&year=2023"), 503)
}
