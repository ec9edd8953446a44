package feed_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jouleline/ingest/feed"
	"jouleline/schema"
	"jouleline/schema/registry"
)

func institution() feed.FormConfig { return feed.FormConfig{ID: "S1", Year: 2023} }

// declaredCSV writes figures as the registry's table does.
func declaredCSV(t testing.TB, declared []schema.Declared) string {
	t.Helper()
	text, err := (&registry.Registry{Declared: declared}).Table(registry.DeclaredFile)
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(strings.TrimSuffix(string(text), "\n"), "\n")
	return rows
}

const someForm = `公共机构能源资源消费状况,,,
填表单位：某小学,,,
统计时间：2023年,,,
指标名称,代码,计量单位,数量
甲,乙,丙,1
建筑面积,102,平方米,"12,500.50"
用能人数,103,人,860
编制人数,1031,人,80
一、电,110,千瓦时,512345
电费用,111,元,300000
水,120,吨,9000
煤炭,130,吨,1.5
天然气,140,万立方米,2.5
汽油,150,升,1500
其中：车辆用油,1501,升,1000
其他用油,1502,升,500
柴油,160,升,—
热力,170,百万千焦,1200
其他能源,180,吨标准煤,0
单位负责人：,统计负责人：,填表人：,报出日期：2024年1月8日
`

func TestReadNY301(t *testing.T) {
	form, err := feed.ReadNY301(strings.NewReader(someForm), institution())
	if err != nil {
		t.Fatal(err)
	}
	want := `institution,S1,2023,floor_area,m2,12500.5,NY301
institution,S1,2023,headcount,person,860,NY301
institution,S1,2023,electricity,kWh,512345,NY301
institution,S1,2023,water,m3,9000,NY301
institution,S1,2023,coal,t,1.5,NY301
institution,S1,2023,natural_gas,10km3,2.5,NY301
institution,S1,2023,gasoline:vehicle,L,1000,NY301
institution,S1,2023,gasoline,L,500,NY301
institution,S1,2023,heat,GJ,1200,NY301
institution,S1,2023,other,tce,0,NY301`
	if got := declaredCSV(t, form.Declared); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if s := form.Summary; s.Accepted != 10 || s.Ignored != 4 || len(s.Rejected) != 0 || form.Edition != "2020" {
		t.Errorf("got %+v of edition %s", s, form.Edition)
	}
	// as a workbook
	var rows [][]any
	for _, line := range strings.Split(strings.TrimSpace(strings.ReplaceAll(someForm, `"12,500.50"`, "12500.50")), "\n") {
		var row []any
		for _, cell := range strings.Split(line, ",") {
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	form, err = feed.ReadNY301(bytes.NewReader(workbook(t, nil, [][]any{{"说明"}}, rows)), feed.FormConfig{ID: "S1"})
	if err != nil {
		t.Fatal(err)
	}
	if got := declaredCSV(t, form.Declared); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestReadNY301_FiguresFitTheRegistry builds a registry from what a form declares.
func TestReadNY301_FiguresFitTheRegistry(t *testing.T) {
	form, err := feed.ReadNY301(strings.NewReader(someForm), institution())
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Build(registry.Tables{
		"regions.csv":      []byte("code,name\n370000,山东省\n"),
		"institutions.csv": []byte("id,name,class,region\nS1,某小学,education,370000\n"),
		"declared.csv":     []byte("scope,id,year,quantity,unit,value,source\n" + declaredCSV(t, form.Declared)),
	}, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(reg.Declared) != len(form.Declared) {
		t.Errorf("got %d figures, want %d", len(reg.Declared), len(form.Declared))
	}
}

func TestReadNY301_Rejected(t *testing.T) {
	f := func(rows, want string) {
		t.Helper()
		form, err := feed.ReadNY301(strings.NewReader("指标名称,代码,计量单位,数量\n"+rows+"\n"), institution())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range form.Rejected {
			got = append(got, fmt.Sprintf("%d [%s] %s: %s", p.Row, p.Column, p.Code, p.Reason))
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s\n got %s\nwant %s", rows, strings.Join(got, "\n"), want)
		}
		if total := form.Accepted + form.Duplicate + form.Ignored + len(form.Rejected); total != len(form.Rows) {
			t.Errorf("%s: counted %d of %d rows", rows, total, len(form.Rows))
		}
	}
	f("电,110,千瓦时,5\n电,110,千瓦时,5.0", "")
	f("电,110,千瓦时,5\n电,110,千瓦时,6", "3 [代码] duplicate: code 110 has another number in row 2 already")
	f("电,110,千瓦时,many", `2 [数量] bad_value: not a decimal number: "many"`)
	f("电,110,千瓦时,-1", "2 [数量] negative: got -1, want no negative number")
	f("电,110,千瓦时,12345678901234567891", "2 [数量] bad_value: got 12345678901234567891, want at most 18 digits")
	f("煤炭,130,吨,4000000000000", "2 [数量] out_of_range: got 4000000000000, which is beyond what can be counted")
	f("电,110,元,5", `2 [计量单位] incompatible_unit: unknown unit: got "元", want one as kWh, 千瓦时, m3, 立方米, GJ, 吉焦, L, 升, kg or t`)
	f("电,110,吨,5", `2 [计量单位] incompatible_unit: got "吨" for electricity, want a unit that converts to kWh`)
	f("汽油,1501,吨,5", `2 [指标名称] malformed: code 1501 is 车辆用油, the row says 汽油`)
	f("车辆用油,1501,吨,5", `2 [计量单位] incompatible_unit: got "吨" for gasoline, want a unit that converts to L`)
	f("建筑面积,102,亩,5", `2 [计量单位] incompatible_unit: got "亩" for floor_area, want one as 平方米, m2 or 人`)
	f("水,110,千瓦时,5", "2 [指标名称] malformed: code 110 is 电, the row says 水")
	f("电力消费量,110,千瓦时,5", "") // a name of its own
	f("电,999,千瓦时,5", "2 [代码] malformed: code 999 is not in the edition 2020")
	f("电,11O,千瓦时,5", `2 [代码] malformed: got the code "11O", want one as 110`)
	f("汽油,150,升,5", "2 [数量] malformed: got 5 of code 150 and nothing of its parts 1501 and 1502, which tell vehicles from buildings")
	f("汽油,150,升,5\n车辆用油,1501,升,3\n其他用油,1502,升,1.5", "2 [数量] malformed: got 5 of code 150, but its parts 1501 and 1502 add up to 4.5")
	f("汽油,150,升,5\n车辆用油,1501,升,5\n其他用油,1502,升,", "")
	f("汽油,150,m3,0.005\n车辆用油,1501,升,5", "")
	f("汽油,150,升,0", "")
}

func TestReadNY301_NotTheForm(t *testing.T) {
	f := func(file string, c feed.FormConfig, want string) {
		t.Helper()
		_, err := feed.ReadNY301(strings.NewReader(file), c)
		if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, new(*feed.FileError)) {
			t.Errorf("got %v, want a FileError with %q", err, want)
		}
	}
	f("a,b\n", institution(), "got no table of NY301")
	f("代码,代码,数量\n", institution(), "row 1: got the column 代码 twice")
	f(someForm, feed.FormConfig{ID: "S1", Year: 2022}, "row 3: the form reports 2023, want 2022")
	f("代码,数量\n110,5\n", feed.FormConfig{ID: "S1"}, "does not say which year")
	f(someForm, feed.FormConfig{ID: "S1", Year: 2023, Edition: "1999"}, `unknown edition of NY301: got "1999", want 2020 or 2025`)
	if _, err := feed.ReadNY301(strings.NewReader(someForm), feed.FormConfig{}); err == nil || errors.As(err, new(*feed.FileError)) {
		t.Errorf("without an id: got %v", err)
	}
}

func TestReadNY301_Editions(t *testing.T) {
	const rows = "用地面积,101,平方米,5\n充电桩数量,106,个,1\n电,110,千瓦时,7\n"
	f := func(c feed.FormConfig, edition string, ignored int) {
		t.Helper()
		form, err := feed.ReadNY301(strings.NewReader("名称,代码,单位,数量\n"+rows), c)
		if err != nil {
			t.Fatal(err)
		}
		if form.Edition != edition || form.Ignored != ignored || len(form.Declared) != 1 || len(form.Rejected) != 0 {
			t.Errorf("got edition %s, %+v", form.Edition, form.Summary)
		}
	}
	f(feed.FormConfig{ID: "S1", Year: 2019}, "2020", 2)
	f(feed.FormConfig{ID: "S1", Year: 2024}, "2020", 2)
	f(feed.FormConfig{ID: "S1", Year: 2025}, "2025", 2)
	f(feed.FormConfig{ID: "S1", Year: 2025, Edition: "2020"}, "2020", 2)
	form, err := feed.ReadNY301(strings.NewReader("代码,数量\n101,5\n"), feed.FormConfig{ID: "370000", Scope: schema.ScopeRegion, Year: 2026})
	if err != nil {
		t.Fatal(err)
	}
	if p := form.Rows[0].Problem; p == nil || p.Reason != "code 101 is not in the edition 2025 any more" {
		t.Errorf("got %+v", form.Rows)
	}
}

func TestEditions(t *testing.T) {
	all, err := feed.Editions()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].Edition != "2020" || all[1].Edition != "2025" || len(all[1].Items) != len(all[0].Items)-5 {
		t.Errorf("got %+v", all)
	}
	f := func(text, want string) {
		t.Helper()
		if _, err := feed.ParseEdition([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	edition := func(items string) string {
		return `{"form":"F","edition":"1","from_year":2020,"items":[` + items + `]}`
	}
	f("{", "parse the edition")
	f(edition(""), "want form, edition, from_year and items")
	f(edition(`{"code":"110"},{"code":"110"}`), "code 110 stands twice")
	f(edition(`{"code":"110","declares":"magic","unit":"kWh"}`), "code 110: unknown carrier")
	f(edition(`{"code":"110","declares":"coal:ship","unit":"t"}`), "code 110: unknown use")
	f(edition(`{"code":"110","declares":"coal","unit":"L"}`), `code 110: got "L" for coal`)
	f(edition(`{"code":"110","parts":["1"]}`), "code 110: part 1 declares nothing")
}

func TestWriteNY301(t *testing.T) {
	form, err := feed.ReadNY301(strings.NewReader(someForm), institution())
	if err != nil {
		t.Fatal(err)
	}
	cooling := schema.Declared{Scope: schema.ScopeInstitution, ID: "S1", Year: 2023, Quantity: schema.DeclaredQuantity{Carrier: schema.Cooling, Use: schema.ForBuilding}, Unit: "GJ"}
	earlier := form.Declared[0]
	earlier.Year = 2022
	var file bytes.Buffer
	left, err := feed.WriteNY301(&file, feed.FormSheet{Year: 2023, Name: "=某小学", CreditCode: "12370000", Declared: append([]schema.Declared{cooling, earlier}, form.Declared...)})
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 2 || left[0] != cooling || left[1] != earlier {
		t.Errorf("got %+v left over, want cooling and the area of 2022", left)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("NY301")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{ // by row, in the units of the form
		"102": "建筑面积 平方米 12500.5", "103": "用能人数 人 860", "110": "电 千瓦时 512345", "120": "水 立方米 9000",
		"130": "煤炭 吨 1.5", "140": "天然气 立方米 25000", "150": "汽油 升 1500", "1501": "车辆用油 升 1000", "1502": "其他用油 升 500",
		"160": "柴油 升", "170": "热力 吉焦 1200", "180": "其他能源 吨标准煤 0", "111": "电费用 元",
	}
	for _, row := range rows {
		if len(row) < 3 || want[row[1]] == "" {
			continue
		}
		if got := strings.Join(append([]string{row[0]}, row[2:]...), " "); got != want[row[1]] {
			t.Errorf("code %s: got %s, want %s", row[1], got, want[row[1]])
		}
		delete(want, row[1])
	}
	if len(want) > 0 {
		t.Errorf("the form lacks %v", want)
	}
	if head := fmt.Sprint(rows[0], rows[1], rows[4], rows[5], rows[6], rows[7]); head !=
		"[公共机构能源资源消费状况] [   表　　号：NY301] [填表单位：=某小学   统一社会信用代码：12370000] [统计时间：2023年] [指标名称 代码 计量单位 数量] [甲 乙 丙 1]" {
		t.Errorf("got the head %s", head)
	}
	// and back
	again, err := feed.ReadNY301(bytes.NewReader(file.Bytes()), feed.FormConfig{ID: "S1"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := declaredCSV(t, again.Declared), strings.Replace(declaredCSV(t, form.Declared), "10km3,2.5", "m3,25000", 1); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestWriteNY301_Refused(t *testing.T) {
	figure := func(c schema.Carrier, unit string) schema.Declared {
		return schema.Declared{Year: 2023, Quantity: schema.DeclaredQuantity{Carrier: c}, Unit: unit, Value: schema.Decimal{Mantissa: 1}}
	}
	f := func(want string, declared ...schema.Declared) {
		t.Helper()
		var file bytes.Buffer
		if _, err := feed.WriteNY301(&file, feed.FormSheet{Year: 2023, Declared: declared}); err == nil || !strings.Contains(err.Error(), want) || file.Len() > 0 {
			t.Errorf("got %v and %d bytes, want %s", err, file.Len(), want)
		}
	}
	f("write NY301 of 2023: two figures for code 110 (electricity)", figure(schema.Electricity, "kWh"), figure(schema.Electricity, "MWh"))
	f("code 130 (coal): got L, want a unit that converts to t", figure(schema.Coal, "L"))
	f("code 102 (floor_area): got acre, want m2", schema.Declared{Year: 2023, Quantity: schema.DeclaredQuantity{Name: "floor_area"}, Unit: "acre"})
}

// Heat of a year is often known in kWh: 1 kWh is 0.0036 GJ.
func TestWriteNY301_Converts(t *testing.T) {
	f := func(c schema.Carrier, unit string, mantissa int64, code, want string) {
		t.Helper()
		var file bytes.Buffer
		d := schema.Declared{Year: 2023, Quantity: schema.DeclaredQuantity{Carrier: c}, Unit: unit, Value: schema.Decimal{Mantissa: mantissa}}
		if _, err := feed.WriteNY301(&file, feed.FormSheet{Year: 2023, Declared: []schema.Declared{d}}); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows("NY301", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if len(row) == 4 && row[1] == code && row[3] != want {
				t.Errorf("%d %s: got %s, want %s", mantissa, unit, row[3], want)
			}
		}
	}
	f(schema.Heat, "kWh", 1234567, "170", "4444.4412")
	f(schema.Electricity, "GJ", 1, "110", "277.777778")
	f(schema.Coal, "", 1500, "130", "1.5")
	f(schema.Water, "10km3", 3, "120", "30000")
}
