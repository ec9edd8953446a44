package feed_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"jouleline/bench/chance"
	"jouleline/ingest/feed"
	"jouleline/schema"
)

// verdicts writes each row's verdict, revision and reason.
func verdicts(t testing.TB, rows string, c feed.BillConfig) string {
	t.Helper()
	bills, err := feed.ReadBills(strings.NewReader("meter,start,end,usage,unit,revision\n"+rows), c)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range bills.Rows {
		text := fmt.Sprintf("%d %s", row.Row, row.Verdict)
		if revision := row.Bill.Reading.Revision; revision != 0 {
			text += fmt.Sprintf(" revision %d", revision)
		}
		if row.Problem != nil {
			text += ": " + row.Problem.Reason
		}
		out = append(out, text)
	}
	return strings.Join(out, "\n")
}

func TestJudge(t *testing.T) {
	f := func(rows string, want ...string) {
		t.Helper()
		if got := verdicts(t, rows, config()); got != strings.Join(want, "\n") {
			t.Errorf("%s\n got %s\nwant %s", rows, got, strings.Join(want, "\n"))
		}
	}
	const april, may, june = "E1,2024-04-01,2024-04-30,", "E1,2024-05-01,2024-05-31,", "E1,2024-06-01,2024-06-30,"
	f(april+"1\n"+may+"2\n"+june+"3\n", "2 accepted", "3 accepted", "4 accepted")
	f(may+"1\nE2"+may[2:]+"1\n", "2 accepted", "3 accepted") // of two meters
	f(may+"1\n"+may+"1.0\n", "2 accepted", "3 duplicate")
	f(may+"1,MWh\n"+may+"1000,kWh\n"+may+"1000,MWh\n", "2 accepted", "3 duplicate", "4 corrected revision 1")
	f(may+"1\n"+may+"2\n"+may+"2\n"+may+"1\n", "2 accepted", "3 corrected revision 1", "4 duplicate", "5 corrected revision 2")
	f(may+"1,,5\n"+may+"2\n"+may+"3,,7\n", "2 accepted revision 5", "3 corrected revision 6", "4 corrected revision 7")
	f(may+"1,,5\n"+may+"2,,4\n"+may+"1,,5\n", "2 accepted revision 5", "3 superseded revision 4", "4 duplicate revision 5")
	f(may+"1,,5\n"+may+"2,,5\n", "2 accepted revision 5",
		"3 rejected: got 2  where 1  stands for the same period and revision 5: a correction needs a higher revision")
	f(april+"1\n"+june+"1\n", "2 accepted", "3 gap: no bill covers 2024-05-01 to 2024-05-31, between row 2 and this row")
	f(june+"1\n"+april+"1\n"+june+"2\n", "2 gap: no bill covers 2024-05-01 to 2024-05-31, between row 3 and this row", "3 accepted", "4 corrected revision 1")
	f("E1,2024-05-02,2024-05-31,1\n"+april+"1\n", "2 gap: no bill covers 2024-05-01, between row 3 and this row", "3 accepted")
	f(may+"1\nE1,2024-05-20,2024-06-30,2\n"+june+"3\n", "2 accepted",
		"3 overlap: 2024-05-20 to 2024-05-31 is covered by row 2 already", "4 accepted")
	f("E1,2024-01-01,2024-06-30,9\n"+april+"1\n"+may+"1\n", "2 accepted",
		"3 overlap: 2024-04-01 to 2024-04-30 is covered by row 2 already", "4 overlap: 2024-05-01 to 2024-05-31 is covered by row 2 already")
	f("E1,2024-04-01,2024-05-01,1\n"+may+"2\n", "2 accepted",
		"3 overlap: 2024-05-01 is covered by row 2 already; if the file prints the days on which the meter was read, the end of a bill is exclusive")
}

func TestJudge_EndExclusive(t *testing.T) {
	c := config()
	c.EndExclusive = true
	got := verdicts(t, "E1,2024-04-01,2024-05-01,1\nE1,2024-05-01,2024-05-31,2\nE1,2024-06-01,2024-06-30,2\n", c)
	want := "2 accepted\n3 accepted\n4 gap: no bill covers 2024-05-31, between row 3 and this row; if the file prints the last day of each bill, its end is inclusive"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestJudge_Booked judges against what earlier files brought.
func TestJudge_Booked(t *testing.T) {
	bills, err := feed.ReadBills(strings.NewReader("meter,month,usage\nE1,2024-03,1\nE1,2024-05,2\n"), config())
	if err != nil {
		t.Fatal(err)
	}
	c := config()
	c.Booked = bills.Readings()
	f := func(rows string, want ...string) {
		t.Helper()
		if got := verdicts(t, rows, c); got != strings.Join(want, "\n") {
			t.Errorf("%s\n got %s\nwant %s", rows, got, strings.Join(want, "\n"))
		}
	}
	f("E1,2024-04-01,2024-04-30,1\n", "2 accepted")
	f("E1,2024-05-01,2024-05-31,2\n", "2 duplicate")
	f("E1,2024-05-01,2024-05-31,3\n", "2 corrected revision 1")
	f("E1,2024-02-01,2024-03-31,3\n", "2 overlap: 2024-03-01 to 2024-03-31 is covered by a bill in the books already")
	f("E1,2024-05-15,2024-06-14,3\n", "2 overlap: 2024-05-15 to 2024-05-31 is covered by a bill in the books already")
	f("E1,2024-06-02,2024-06-14,3\n", "2 gap: no bill covers 2024-06-01, between a bill in the books and this row")
	f("E1,2024-01-01,2024-01-31,3\n", "2 accepted") // the gap shows with the next bill that comes
}

func TestSummary(t *testing.T) {
	bills, err := feed.ReadBills(strings.NewReader("户号,账期,用量\nE1,2024-03,1\nE1,2024-05,2\nE1,2024-05,2\nE1,2024-05,3\nE1,2024-13,3\n总计,,9\n"), config())
	if err != nil {
		t.Fatal(err)
	}
	want := feed.Summary{
		Accepted: 2, Duplicate: 1, Corrected: 1,
		Rejected: []feed.Problem{{Row: 6, Column: "账期", Code: schema.BadTime, Reason: `got "2024-13", want a month as 2024-05, 202405 or 2024年5月`}},
		Gaps:     []feed.Problem{{Row: 3, Reason: "no bill covers 2024-04-01 to 2024-04-30, between row 2 and this row"}},
	}
	if !reflect.DeepEqual(bills.Summary, want) {
		t.Errorf("\n got %+v\nwant %+v", bills.Summary, want)
	}
	readings := bills.Readings()
	if len(readings) != 3 || readings[2].Value != 3_000_000 || readings[2].Revision != 1 || readings[1].Time != readings[2].Time {
		t.Errorf("got %+v, want the first two and the correction", readings)
	}
}

// TestJudge_NothingCountsTwice reads random bills and asserts that what is brought
// in covers no day of a meter twice, and that every row has one verdict.
func TestJudge_NothingCountsTwice(t *testing.T) {
	seed := chance.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	day := func(n int) string { return (schema.DayOf(2023, 1, 1) + schema.Day(n)).String() }
	for range 300 {
		var file strings.Builder
		file.WriteString("meter,start,end,usage,unit,revision\n")
		n := 1 + random.IntN(40)
		for range n {
			start := random.IntN(60)
			fmt.Fprintf(&file, "E%d,%s,%s,%d,%s,%s\n", random.IntN(2), day(start), day(start+random.IntN(15)), random.IntN(3),
				[]string{"", "kWh"}[random.IntN(2)], []string{"", "", "1", "2"}[random.IntN(4)])
		}
		c := config()
		for round := range 2 { // the second with the first in the books
			bills, err := feed.ReadBills(strings.NewReader(file.String()), c)
			if err != nil {
				t.Fatal(err)
			}
			s := bills.Summary
			if len(bills.Rows) != n || s.Accepted+s.Duplicate+s.Corrected+s.Superseded+len(s.Rejected) != n {
				t.Fatalf("got %+v of %d rows", s, n)
			}
			owner := map[string][2]schema.Instant{}
			best := map[[3]any]schema.Reading{}
			for _, r := range append(bills.Readings(), c.Booked...) {
				for at := r.Start; at < r.Time; at += schema.Instant(24 * schema.Hour) {
					key := fmt.Sprint(r.Meter, at)
					if before, taken := owner[key]; taken && before != [2]schema.Instant{r.Start, r.Time} {
						t.Fatalf("%s is covered twice:\n%s", key, file.String())
					}
					owner[key] = [2]schema.Instant{r.Start, r.Time}
				}
				if key := [3]any{r.Meter, r.Start, r.Time}; best[key].Meter == "" || r.Revision > best[key].Revision {
					best[key] = r
				}
			}
			if round == 0 {
				for _, r := range best {
					c.Booked = append(c.Booked, r)
				}
			}
		}
	}
}
