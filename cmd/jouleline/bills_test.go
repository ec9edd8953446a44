package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jouleline/ingest/feed"
	"jouleline/schema"
)

// billed is a school with a water meter that is read, its bills beside it, and
// electricity that is known from bills only.
func billed(t *testing.T) *testServer {
	s := mustServe(t, t.TempDir())
	folder := t.TempDir()
	writeFile(t, folder+"/regions.csv", "code,name,parent\n370000,x,\n")
	writeFile(t, folder+"/institutions.csv", "id,name,class,region\nS1,a,education,370000\n")
	writeFile(t, folder+"/buildings.csv", "id,institution,name\nB1,S1,b\n")
	writeFile(t, folder+"/meters.csv", "id,building,carrier,kind,unit,interval,reconciles\n"+
		"W1,B1,water,register,m3,P1D,\nW1-bill,B1,water,bill,m3,P1M,W1\nE1,B1,electricity,bill,kWh,P1M,\n")
	s.importFolder(folder)
	return s
}

// cli runs a command against the server as a person would.
func (s *testServer) cli(args ...string) (code int, out, errors string) {
	s.t.Helper()
	var o, e bytes.Buffer
	code = run(s.t.Context(), append(args, "--server", s.Server), streams{&o, &e})
	return code, o.String(), e.String()
}

func (s *testServer) months(subject string) string {
	s.t.Helper()
	var c consumption
	s.ask("/api/v1/consumption", subject+"&from=2024-01-01T00:00:00%2B08:00&to=2024-05-01T00:00:00%2B08:00&step=P1M", &c)
	var quantities []string
	for _, p := range c.Points {
		if p.Quantity == nil {
			quantities = append(quantities, "-")
			continue
		}
		quantities = append(quantities, p.Quantity.String())
	}
	return strings.Join(quantities, " ")
}

func TestImportBills(t *testing.T) {
	s := billed(t)
	file := filepath.Join(t.TempDir(), "bills.csv")
	f := func(content string, code int, out string, errors ...string) {
		t.Helper()
		writeFile(t, file, content)
		gotCode, gotOut, gotErrors := s.cli("import", "bills", file)
		if gotCode != code || !strings.Contains(gotOut, out) {
			t.Errorf("got code %d and %q, want %d and %q; %s", gotCode, gotOut, code, out, gotErrors)
		}
		for _, want := range errors {
			if !strings.Contains(gotErrors, want) {
				t.Errorf("got %q, want %q in it", gotErrors, want)
			}
		}
		s.settle()
	}
	const header = "某县供电公司\n户号,起始日期,截止日期,用电量（千瓦时）\n"
	const first = header + "E1,2024-01-01,2024-01-31,3100\nE1,2024-03-01,2024-03-31,\"6,200\"\nE1,2024-04-01,2024-04-30,many\nE9,2024-01-01,2024-01-31,1\nW1,2024-01-01,2024-01-31,1\n合计,,,9300\n"
	writeFile(t, file, first)
	if code, out, _ := s.cli("import", "bills", "--dry-run", file); code != exitFailed || !strings.Contains(out, "2 accepted, 0 duplicate, 0 corrected, 0 superseded, 3 rejected (dry run") {
		t.Errorf("dry run: got code %d and %q", code, out)
	}
	s.settle()
	if got := s.months("meter=E1"); got != "- - - -" {
		t.Errorf("after the dry run: got %s, want nothing", got)
	}
	f(first, exitFailed, "2 accepted, 0 duplicate, 0 corrected, 0 superseded, 3 rejected\n",
		"row 4: no bill covers 2024-02-01 to 2024-02-29", "row 5 column 用电量（千瓦时）: not a decimal", `row 6 column 户号: no meter is registered as "E9"`,
		`row 7 column 户号: meter "W1" is of kind register and books no bills`,
	)
	if got := s.months("meter=E1"); got != "3100 - 6200 -" {
		t.Errorf("got %s, want January and March", got)
	}
	f(header+"E1,2024-01-01,2024-01-31,3100\n", exitOK, "0 accepted, 1 duplicate, 0 corrected")
	f(header+"E1,2024-01-01,2024-01-31,2900\n", exitOK, "0 accepted, 0 duplicate, 1 corrected")
	f(header+"E1,2024-02-01,2024-02-29,2800\nE1,2024-03-20,2024-04-20,50\n", exitFailed, "1 accepted, 0 duplicate, 0 corrected, 0 superseded, 1 rejected",
		"row 4: 2024-03-20 to 2024-03-31 is covered by a bill in the books already")
	if got := s.months("institution=S1&carrier=electricity"); got != "2900 2800 6200 -" {
		t.Errorf("got %s, want the correction and the gap filled", got)
	}
	f("站点,月份,用量\nE1,2024-04,7\n", exitUsage, "", "got no header of bills")
	f("\x00\x01", exitUsage, "")
	if got := s.months("meter=E1"); got != "2900 2800 6200 -" {
		t.Errorf("after broken files: got %s, want no change", got)
	}
	writeFile(t, file, "站点,月份,用量\nE1,2024-04,7\n")
	if code, _, errors := s.cli("import", "bills", "--column", "站点:meter", file); code != exitOK {
		t.Errorf("with a column of its own: got code %d: %s", code, errors)
	}
	s.settle()
	if got := s.months("meter=E1"); got != "2900 2800 6200 7" {
		t.Errorf("got %s, want April by a column that was named", got)
	}
	// What was deleted may be billed again.
	s.push("application/json", []byte(`{"meter":"E1","kind":"bill","start":"2024-04-01T00:00:00+08:00","time":"2024-05-01T00:00:00+08:00","value":7,"revision":1,"deleted":true}`))
	s.settle()
	f(header+"E1,2024-04-01,2024-04-30,7\n", exitOK, "1 accepted")
	if got := s.months("meter=E1"); got != "2900 2800 6200 7" {
		t.Errorf("got %s, want April again", got)
	}
}

func TestImportNY301(t *testing.T) {
	s := billed(t)
	folder := t.TempDir()
	form := filepath.Join(folder, "form.csv")
	declared := func() string {
		t.Helper()
		body, err := s.get(t.Context(), "/api/v1/registry/declared", nil, "text/csv")
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	const header = "统计时间：2023年,,,\n指标名称,代码,计量单位,数量\n"
	writeFile(t, form, header+"电,110,千瓦时,520000\n水,120,吨,12100\n汽油,150,升,1500\n车辆用油,1501,升,1000\n其他用油,1502,升,400\n")
	empty := declared()
	code, _, errors := s.cli("import", "ny301", "--institution", "S1", form)
	if code != exitUsage || !strings.Contains(errors, "row 5") || declared() != empty {
		t.Errorf("a total that is not that of its parts: got code %d and %q, want row 5 and no change", code, errors)
	}
	writeFile(t, form, header+"电,110,千瓦时,520000\n水,120,吨,12100\n汽油,150,升,1500\n车辆用油,1501,升,1000\n其他用油,1502,升,500\n")
	if code, out, errors := s.cli("import", "ny301", "--institution", "S1", "--dry-run", form); code != exitOK || !strings.Contains(out, "dry run") || declared() != empty {
		t.Errorf("dry run: got code %d, %q, %q, want no change", code, out, errors)
	}
	f := func(fate string) {
		t.Helper()
		code, out, errors := s.cli("import", "ny301", "--institution", "S1", form)
		if code != exitOK || strings.Count(out, fate) != 4 {
			t.Errorf("got code %d, %q, %q, want four figures that are %s", code, out, errors, fate)
		}
	}
	f("new")
	f("same")
	const want = "institution,S1,2023,electricity,kWh,520000,NY301\ninstitution,S1,2023,water,m3,12100,NY301\n" +
		"institution,S1,2023,gasoline,L,500,NY301\ninstitution,S1,2023,gasoline:vehicle,L,1000,NY301\n"
	for _, row := range strings.Split(strings.TrimSpace(want), "\n") {
		if !strings.Contains(declared(), row) {
			t.Errorf("got\n%s\nwant %s in it", declared(), row)
		}
	}
	// What the form's own writer makes comes back, as XLSX, with one correction.
	var book bytes.Buffer
	if _, err := feed.WriteNY301(&book, feed.FormSheet{Year: 2023, Name: "a", Declared: []schema.Declared{{
		Scope: schema.ScopeInstitution, ID: "S1", Year: 2023, Quantity: schema.DeclaredQuantity{Carrier: schema.Electricity},
		Unit: "kWh", Value: schema.Decimal{Mantissa: 519999},
	}}}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(form, book.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errors := s.cli("import", "ny301", "--institution", "S1", "--year", "2023", form)
	if code != exitOK || !strings.Contains(out, "corrected") || !strings.Contains(declared(), "electricity,kWh,519999,NY301") {
		t.Errorf("XLSX: got code %d, %q, %q", code, out, errors)
	}
	if code, _, errors := s.cli("import", "ny301", "--institution", "nobody", "--year", "2023", form); code != exitUsage || !strings.Contains(errors, "nobody") {
		t.Errorf("unknown institution: got code %d, %q, want wrong usage", code, errors)
	}
}
