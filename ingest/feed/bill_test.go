package feed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jouleline/ingest/feed"
	"jouleline/schema"
	"jouleline/schema/codec"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// config is what these tests know beside their files.
func config() feed.BillConfig {
	return feed.BillConfig{Zone: shanghai, Received: schema.InstantOf(time.Date(2024, 7, 15, 0, 0, 0, 0, time.UTC))}
}

// show writes the rows of a file, one a line: row, verdict, and the reading or
// the problem.
func show(t testing.TB, file string, c feed.BillConfig) string {
	t.Helper()
	bills, err := feed.ReadBills(strings.NewReader(file), c)
	if err != nil {
		return err.Error()
	}
	return showRows(bills)
}

func showRows(bills *feed.Bills) string {
	var out strings.Builder
	for _, row := range bills.Rows {
		fmt.Fprintf(&out, "%s%d %s", row.Sheet, row.Row, row.Verdict)
		if row.Problem != nil {
			fmt.Fprintf(&out, " [%s] %s: %s", row.Problem.Column, row.Problem.Code, row.Problem.Reason)
		}
		if row.Verdict == feed.Rejected {
			out.WriteByte('\n')
			continue
		}
		out.WriteByte(' ')
		out.Write(codec.AppendJSON(nil, &row.Bill.Reading))
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func bill(row int, verdict, meter, start, end, value, more string) string {
	return fmt.Sprintf(`%d %s {"meter":"%s","time":"%s","value":%s,"start":"%s"%s,"kind":"bill"}`, row, verdict, meter, end, value, start, more)
}

const (
	april1 = "2024-03-31T16:00:00Z" // midnight in Shanghai
	may1   = "2024-04-30T16:00:00Z"
	june1  = "2024-05-31T16:00:00Z"
	july1  = "2024-06-30T16:00:00Z"
)

func TestReadBills_Headers(t *testing.T) {
	f := func(file string, want ...string) {
		t.Helper()
		if got := show(t, file, config()); got != strings.Join(want, "\n") {
			t.Errorf("%q:\n got %s\nwant %s", file, got, strings.Join(want, "\n"))
		}
	}
	kwh := bill(2, "accepted", "E1", may1, june1, "1234.5", `,"unit":"kWh"`)
	f("meter,start,end,quantity,unit\nE1,2024-05-01,2024-05-31,1234.5,kWh\n", kwh)
	f("Meter ID;Start Date;End_Date;Usage (kWh)\nE1;2024/5/1;2024.5.31;\"1,234.50\"\n", kwh)
	f("户号,起始日期,截止日期,用量,单位,费用\nE1,2024年5月1日,20240531,1234.5,千瓦时,617.25元\n", kwh)
	f("\xef\xbb\xbf表号\t起始日期\t截止日期\t用电量（度）\r\nE1\t2024-05-01 00:00:00\t2024-05-31\t１２３４．５\r\n", kwh)
	f("账期,表号,户号,电量(万千瓦时)\n202405,E1,99,0.12345\n", bill(2, "accepted", "E1", may1, june1, "1.2345", `,"unit":"MWh"`))
	f("表号,账单月份,用水量,计量单位\nW1,2024年5月,35,吨\nW1,2024-6,36,立方米\n",
		bill(2, "accepted", "W1", may1, june1, "35", `,"unit":"m3"`), bill(3, "accepted", "W1", june1, july1, "36", `,"unit":"m3"`))
	f("表号,年月,用量,单位,能源品种\nG1,2024/5/1,1.5,万立方米,天然气\nH1,2024-05,88.123,吉焦,热力\nE1,2024-05,7,,\n",
		bill(2, "accepted", "G1", may1, june1, "1.5", `,"unit":"10km3"`), bill(3, "accepted", "H1", may1, june1, "88.123", `,"unit":"GJ"`), bill(4, "accepted", "E1", may1, june1, "7", ""))
	// reading dates are not covered twice
	f("表号,上次抄表日期,本次抄表日期,用量\nE1,2024-05-01,2024-06-01,5\nE1,2024-06-01,2024-07-01,6\n",
		bill(2, "accepted", "E1", may1, june1, "5", ""), bill(3, "accepted", "E1", june1, july1, "6", ""))
	f("表号,起始日期,截止日期(不含),用量\nE1,2024-05-01,2024-06-01,5\n", bill(2, "accepted", "E1", may1, june1, "5", ""))
	// titles above, totals below, blank rows and a repeated header between
	f("某某大学2024年电费清单\n\n表号,账期,用量\n,,\nE1,202405,5\n表号,账期,用量\n合计,,5\n", bill(5, "accepted", "E1", may1, june1, "5", ""))
	// what keeps a number a text
	f("表号,账期,用量\n=\"007\",202405,0.123456789\n", `2 accepted {"meter":"007","time":"2024-05-31T16:00:00Z","value":0.123456789,"start":"2024-04-30T16:00:00Z","kind":"bill"}`)
	// a meter's number counts before its account, whatever the order
	f("户号,表号,账期,数量\nA1,E1,202405,5\n", bill(2, "accepted", "E1", may1, june1, "5", ""))
}

func TestReadBills_OwnColumns(t *testing.T) {
	c := config()
	c.Columns = map[string]string{"Abnehmer-Nr": "meter", "结余": "quantity"}
	c.MeterOf = func(account string) (string, error) {
		if account != "1" {
			return "", fmt.Errorf("no meter belongs to %q", account)
		}
		return "E" + account, nil
	}
	got := show(t, "Abnehmer-Nr,账期,结余,用量\n1,202405,5,99\n2,202405,5,99\n", c)
	want := bill(2, "accepted", "E1", may1, june1, "5", "") + "\n" + `3 rejected [Abnehmer-Nr] bad_meter: no meter belongs to "2"`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	c.Columns["x"] = "price"
	if got := show(t, "a\n", c); !strings.HasPrefix(got, `column x: got "price", want meter,`) {
		t.Errorf("got %s", got)
	}
}

func TestReadBills_Rejected(t *testing.T) {
	c := config()
	c.CarrierOf = func(meter string) schema.Carrier {
		return map[string]schema.Carrier{"W1": schema.Water, "E1": schema.Electricity}[meter]
	}
	f := func(row, want string) {
		t.Helper()
		got := show(t, "表号,起始日期,截止日期,用量,单位,能源品种,费用,修订\n"+row+"\n", c)
		if got != "2 rejected "+want {
			t.Errorf("%s:\n got %s\nwant 2 rejected %s", row, got, want)
		}
	}
	f(",2024-05-01,2024-05-31,5", "[表号] missing_meter: meter: not given")
	f("3.70102E+14,2024-05-01,2024-05-31,5", `[表号] bad_meter: got "3.70102E+14", a number whose last digits a spreadsheet lost: format the column as text`)
	f("E1,2024-05,2024-05-31,5", `[起始日期] bad_start: got "2024-05", want a day as 2024-05-31, 2024/5/31 or 2024年5月31日`)
	f("E1,45413,2024-05-31,5", `[起始日期] bad_start: got "45413", want a day as 2024-05-31, 2024/5/31 or 2024年5月31日`)
	f("E1,2024-05-01 08:00,2024-05-31,5", `[起始日期] bad_start: got "2024-05-01 08:00", want a day as 2024-05-31, 2024/5/31 or 2024年5月31日`)
	f("E1,2024-05-01,2024-02-30,5", `[截止日期] bad_time: got "2024-02-30", want a day as 2024-05-31, 2024/5/31 or 2024年5月31日`)
	f("E1,2024-05-01,2024-04-30,5", `[起始日期] bad_start: got 2024-05-01, want a day not after the end "2024-04-30"`)
	f("E1,1969-05-01,2024-04-30,5", `[起始日期] bad_start: got "1969-05-01", want a day of 1970 to 2199`)
	f("E1,2024-07-01,2024-07-31,5", `[截止日期] future_time: time: got 2024-07-31T16:00:00Z, more than 10 minutes after it was received at 2024-07-15T00:00:00Z`)
	f("E1,2024-05-01,2024-05-31,", "[用量] missing_value: got no quantity")
	f("E1,2024-05-01,2024-05-31,a lot", `[用量] bad_value: not a decimal number: "a lot"`)
	f("E1,2024-05-01,2024-05-31,1e300", "[用量] out_of_range: got 1e300, at most 4611686018427.387903 is taken")
	f("E1,2024-05-01,2024-05-31,-5", "[用量] negative: got -5, want no negative amount: a credit is a corrected bill of the same period")
	f("E1,2024-05-01,2024-05-31,5,furlong", `[单位] unknown_unit: unknown unit: got "furlong", want one as kWh, 千瓦时, m3, 立方米, GJ, 吉焦, L, 升, kg or t`)
	f("E2,2024-05-01,2024-05-31,5,kW", "[单位] incompatible_unit: got the rate kW, want an amount")
	f("E1,2024-05-01,2024-05-31,5,kW", `[单位] incompatible_unit: got "kW" for electricity, want a unit that converts to kWh`)
	f("E1,2024-05-01,2024-05-31,5,吨", `[单位] incompatible_unit: got "吨" for electricity, want a unit that converts to kWh`)
	f("E1,2024-05-01,2024-05-31,5,,水", "[能源品种] bad_meter: got water, but E1 meters electricity")
	f("E1,2024-05-01,2024-05-31,5,,魔法", `[能源品种] malformed: unknown carrier: got "魔法", want one as 电, 水, 天然气, 热力 or electricity`)
	f("E1,2024-05-01,2024-05-31,5,,,free", `[费用] bad_value: not a decimal number: "free"`)
	f("E1,2024-05-01,2024-05-31,5,,,,-1", `[修订] bad_revision: got "-1", want a whole number from 0 to 2147483647`)
	f(`E1,"2024-05-01,2024-05-31,5`, "[] malformed: extraneous or missing \" in quoted-field")
}

func TestReadBills_NoBills(t *testing.T) {
	f := func(file, want string) {
		t.Helper()
		_, err := feed.ReadBills(strings.NewReader(file), config())
		var wrong *feed.FileError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: got %v, want a FileError with %q", file, err, want)
		}
	}
	f("", "the file is empty")
	f(" \r\n", "the file is empty")
	f("a,b\n1,2\n", "got no header of bills")
	f("户号,起始日期,用量\nE1,2024-05-01,5\n", "row 1 lacks the period")
	f("表号,表号,账期,用量\n", "row 1: got the column 表号 twice")
	f("PK\x03\x04rubbish", "read as XLSX")
	f("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old spreadsheet")
	f("%PDF-1.7", "got a PDF")
	f("\xff\xfea", "UTF-16")
	f("表号,账期,用量\n\xff\xff\xff,202405,5\n", "neither UTF-8 nor GB18030")
	f("表号,账期,用量\nE1"+strings.Repeat(",", feed.MaxColumns)+"1\n", "row 2: got 257 columns")
	f("表号,账期,用量\n"+strings.Repeat("E1,202405,5\n", feed.MaxRows), "got more than 200000 rows")
	f(strings.Repeat("x", feed.MaxFile+1), "got a file of more than 16 MiB")
	if _, err := feed.ReadBills(strings.NewReader("a"), feed.BillConfig{}); err == nil || errors.As(err, new(*feed.FileError)) {
		t.Errorf("without a zone: got %v", err)
	}
}

// TestReadBills_Encodings reads the file that spreadsheets in China write.
func TestReadBills_Encodings(t *testing.T) {
	file := "户号,起始日期,截止日期,用量（千瓦时）\n一号楼,2024-05-01,2024-05-31,5\n"
	want := bill(2, "accepted", "一号楼", may1, june1, "5", `,"unit":"kWh"`)
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(file)
	if err != nil {
		t.Fatal(err)
	}
	utf16 := "\xff\xfe"
	for _, r := range strings.ReplaceAll(file, ",", "\t") {
		utf16 += string([]byte{byte(r), byte(r >> 8)})
	}
	for name, file := range map[string]string{"GB18030": gb, "UTF-16": utf16} {
		if got := show(t, file, config()); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

// TestReadBills_PeriodsInAZoneWithSummerTime: days have 23 and 25 hours.
func TestReadBills_PeriodsInAZoneWithSummerTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no zone data: ", err)
	}
	c := config()
	c.ZoneOf = func(meter string) *time.Location {
		if meter == "D1" {
			return berlin
		}
		return nil
	}
	got := show(t, "meter,start,end,usage\nD1,2024-03-31,2024-03-31,5\nE1,2024-03-31,2024-03-31,5\n", c)
	want := bill(2, "accepted", "D1", "2024-03-30T23:00:00Z", "2024-03-31T22:00:00Z", "5", "") + "\n" +
		bill(3, "accepted", "E1", "2024-03-30T16:00:00Z", april1, "5", "")
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
