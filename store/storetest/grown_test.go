package storetest_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"jouleline/metrics/books"
	"jouleline/schema"
	"jouleline/store/duck"
	"jouleline/store/storetest"
)

// tables are what a store's file holds, in its order where that is meant to be so.
var tables = map[string]string{
	"settled":       `SELECT concat_ws(' ', meter, day, until, readings, revised, deleted) FROM settled ORDER BY rowid`,
	"readings":      `SELECT concat_ws(' ', meter, time, value, start, revision, unit, kind, register, deleted, original, decimals) FROM readings ORDER BY time, meter`,
	"ledger":        `SELECT concat_ws(' ', meter, day, quantity, known, estimated, cause, recorded // 86400000) FROM ledger ORDER BY rowid`,
	"rollup":        `SELECT concat_ws(' ', account, month, sum(quantity), sum(known), sum(estimated)) FROM rollup GROUP BY account, month ORDER BY month, account`,
	"heads":         `SELECT concat_ws(' ', meter, first, seen) FROM heads ORDER BY meter`,
	"settled_until": `SELECT concat_ws(' ', day, recorded // 86400000, ordered) FROM settled_until`,
}

// dump gives the rows of a closed store's tables.
func dump(t *testing.T, path string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for table, sql := range tables {
		query(t, path, sql, func(b duck.Block) {
			for i := range b.Rows() {
				all[table] = append(all[table], b.Text(0, i))
			}
		})
	}
	return all
}

// query asks the file of a closed store.
func query(t *testing.T, path, sql string, visit func(duck.Block)) {
	t.Helper()
	db, err := duck.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c, err := db.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rows, err := c.Query(context.Background(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for b, ok := rows.Next(); ok; b, ok = rows.Next() {
		visit(b)
	}
}

// What a crowd leaves is what the store makes of the same readings that come day by
// day, row by row.
func TestCrowd_LooksAsGrown(t *testing.T) {
	if testing.Short() {
		t.Skip("books seventy days one by one")
	}
	w, _ := filled(t, plain)
	w.close(t)
	registryTables, _ := world(t)
	grown := &way{path: filepath.Join(t.TempDir(), "grown"), now: begin}
	grown.open(t)
	grown.bring(t, registryTables)
	days := map[schema.Day][]schema.Reading{}
	var series [courses][]books.Point
	for i := range series {
		series[i], _ = courseOf(i)
	}
	for n := range series[0] {
		for m := range meters {
			p := &series[m%courses][n]
			day := schema.Day(p.Time / schema.Instant(24*schema.Hour))
			days[day] = append(days[day], schema.Reading{Meter: key(m), Time: p.Time, Value: p.Value})
		}
	}
	for day := schema.Day(begin / schema.Instant(24*schema.Hour)); day <= today(); day++ {
		settle(t, grown, day)
		grown.now = (day + 1).Start(time.UTC) - 5000
		grown.send(t, days[day]...)
	}
	if err := grown.store.FoldLedger(t.Context(), (today() + 1).Start(time.UTC)); err != nil {
		t.Fatal(err)
	}
	settle(t, grown, today())
	grown.close(t)
	got, want := dump(t, w.path), dump(t, grown.path)
	for table := range tables {
		for i := range max(len(got[table]), len(want[table])) {
			a, b := "nothing", "nothing"
			if i < len(got[table]) {
				a = got[table][i]
			}
			if i < len(want[table]) {
				b = want[table][i]
			}
			if a != b {
				t.Errorf("%s, row %d of %d and %d: got %s, want %s", table, i, len(got[table]), len(want[table]), a, b)
				break
			}
		}
	}
}

// row is a row of a table that is lined up.
type row struct {
	meter    int32
	recorded schema.Instant
}

// Runs of rows lie in the order of meters, what is left as it came, and upkeep leaves
// them there; the books are the same.
func TestCrowd_LinesUp(t *testing.T) {
	const recent, folded = 200, 500
	w, reg := filled(t, func(c *storetest.Crowd) { c.TestOnlyRuns(recent, folded, 100) })
	settle(t, w, today())
	mustVerify(t, w)
	answers := said(t, w, reg)
	w.close(t)
	for table, least := range map[string]int{"readings": recent, "ledger": folded} {
		var rows []row
		query(t, w.path, `SELECT meter, recorded FROM `+table+` ORDER BY rowid`, func(b duck.Block) {
			recorded := duck.Column[int64](b, 1)
			for i, meter := range duck.Column[int32](b, 0) {
				rows = append(rows, row{meter, schema.Instant(recorded[i])})
			}
		})
		runs, wrong := 0, 0
		for from := 0; from < len(rows); {
			to := from + 1
			for to < len(rows) && rows[to].meter >= rows[to-1].meter {
				to++
			}
			if to-from >= least {
				runs++
			} else if to < len(rows) && rows[to].recorded < rows[to-1].recorded && table == "readings" {
				wrong++
			}
			from = to
		}
		if want := len(rows) / (least + 100); runs < max(2, want) || wrong > 0 {
			t.Errorf("%s: got %d runs among %d rows and %d that came too early, want %d or more and none", table, runs, len(rows), wrong, max(2, want))
		}
	}
	other, _ := filled(t, plain)
	if said(t, other, reg) != answers {
		t.Error("lining up changed an answer")
	}
	other.close(t)
}
