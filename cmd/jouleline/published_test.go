package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// What was published must come out of the whole way, from the declared figures.
func TestPublished_NationAndShandong(t *testing.T) {
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	writeFile(t, folder+"/regions.csv", "code,name,parent\n000000,全国,\n370000,山东省,000000\n")
	writeFile(t, folder+"/declared.csv", `scope,id,year,quantity,unit,value,source
region,000000,2020,energy_per_capita,kgce/person,329.56,published
region,000000,2022,energy_per_capita,kgce/person,321.27,published
region,000000,2020,energy_per_area,kgce/m2,18.48,published
region,000000,2022,energy_per_area,kgce/m2,18.03,published
region,000000,2020,water_per_capita,m3/person,21.53,published
region,000000,2022,water_per_capita,m3/person,20.99,published
region,370000,2020,energy_per_area,index,100,evaluation
region,370000,2023,energy_per_area,index,95.21,evaluation
region,370000,2020,energy_per_capita,index,100,evaluation
region,370000,2023,energy_per_capita,index,95.69,evaluation
region,370000,2020,water_per_capita,index,100,evaluation
region,370000,2023,water_per_capita,index,96.30,evaluation
region,370000,2020,carbon_per_area,index,100,evaluation
region,370000,2023,carbon_per_area,index,95.83,evaluation
`)
	s.importFolder(folder)
	lines := func(query string) string {
		t.Helper()
		var a progressAnswer
		s.ask("/api/v1/progress", query, &a)
		got := ""
		for _, i := range a.Indicators {
			got += fmt.Sprintf("%s %s %s %s %s\n", i.Indicator, text(i.Reduction), text(i.Completion), number(i.Pace, -1), yesNo(i.OnPace))
		}
		return got
	}
	// As published: a reduction by 2022 of 2.44, 2.52 and 2.51 percent.
	if got := lines("region=000000&year=2022"); !strings.HasPrefix(got, "energy_per_area 2.44 48.70 2 yes\nenergy_per_capita 2.52 41.92 2.4 yes\nwater_per_capita 2.51 41.80 2.4 yes\n") {
		t.Errorf("nation 2022: got\n%s", got)
	}
	// The evaluation of Shandong prints 61.6 for water and 60.0 for carbon; 3.70 of
	// 6 is 61.67 and 4.17 of 7 is 59.57, below the linear pace of 4.2.
	want := `energy_per_area 4.79 95.80 3 yes
energy_per_capita 4.31 71.83 3.6 yes
water_per_capita 3.70 61.67 3.6 yes
carbon_per_area 4.17 59.57 4.2 no
`
	if got := lines("region=370000&year=2023"); got != want {
		t.Errorf("Shandong 2023: got\n%swant\n%s", got, want)
	}
	checkEvaluation(t, s)
}

// Whatever is pushed: a verdict or a problem with the reason, never a 500, and
// what comes after is booked.
func TestBadInput_NothingStops(t *testing.T) {
	s := mustServe(t, t.TempDir())
	s.importFolder(exampleRegistry)
	bodies := []string{
		"", "{", "[", "null", "12", `"x"`, `{"readings":`, `{"readings":[{}]}`, `{"readings":[[]]}`, "\xff\xfe\x00", strings.Repeat("[", 10000),
		`{"meter":"E1","time":"2023-05-01T22:00:00+08:00","value":NaN}`,
		`{"meter":"E1","time":"2023-05-01T22:00:00+08:00","value":1e400}`,
		`{"meter":"E1","time":"2023-05-01T22:00:00+08:00","value":99999999999999999999999}`,
		`{"meter":"E1","time":"2023-05-01T22:00:00+08:00","value":"100"}`,
		`{"meter":"E1","time":"2023-05-01T22:00:00+08:00","value":1,"unit":"furlong"}`,
		`{"meter":"E1","time":"2023-05-01T22:00:00+08:00","value":1,"unit":"m3"}`,
		`{"meter":"E1","time":"2999-05-01T22:00:00+08:00","value":1}`,
		`{"meter":"E1","time":"1969-05-01T22:00:00+08:00","value":1}`,
		`{"meter":"E1","time":"yesterday","value":1}`,
		`{"meter":"` + strings.Repeat("E", 500) + `","time":"2023-05-01T22:00:00+08:00","value":1}`,
	}
	types := []string{"application/json", "application/x-ndjson", "text/csv", "text/plain", "application/vnd.apache.arrow.stream", "image/png", ""}
	for _, path := range []string{"/api/v1/readings", "/api/v2/write?precision=s", "/api/v1/registry", "/api/v1/events", "/api/v1/recompute"} {
		for _, body := range bodies {
			for _, contentType := range types {
				method := http.MethodPost
				if path == "/api/v1/registry" {
					method = http.MethodPut
				}
				request, err := http.NewRequestWithContext(t.Context(), method, s.Server+path, bytes.NewReader([]byte(body)))
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Content-Type", contentType)
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				_ = response.Body.Close()
				if response.StatusCode >= 500 {
					t.Errorf("%s %q as %q: got %s", path, clipped(body), contentType, response.Status)
				}
			}
		}
	}
	for _, r := range exampleReadings {
		s.push("application/json", []byte(r))
	}
	s.settle()
	checkExample(t, s)
}

func clipped(body string) string { return body[:min(len(body), 60)] }
