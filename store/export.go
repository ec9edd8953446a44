package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"jouleline/metrics/books"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/store/duck"
)

// ExportTable is a table that can be taken out.
type ExportTable string

// The tables.
const (
	// ExportReadings are all stored versions of the readings of a stretch, with the
	// columns that pushed CSV has, and when they came.
	ExportReadings ExportTable = "readings"
	// ExportLedger are the entries of the local days of a stretch.
	ExportLedger ExportTable = "ledger"
)

// ExportFormat is a form of an exported file.
type ExportFormat string

// The forms. Times are UTC, quantities exact decimals.
const (
	Parquet ExportFormat = "parquet"
	CSV     ExportFormat = "csv"
)

// ExportQuery chooses what is exported: readings of [From, To), or the ledger of
// the local days Days. Carriers gives each meter's carrier, for the ledger.
type ExportQuery struct {
	Table    ExportTable
	Format   ExportFormat
	From, To schema.Instant
	Days     schema.Validity
	Carriers map[int32]schema.Carrier
}

// Export writes a file, sorted by meter and time or day, and gives its rows. It
// is one reading transaction: keep the stretch so short that it ends within
// seconds (rule 10).
func (s *Store) Export(ctx context.Context, q ExportQuery, path string) (rows int64, err error) {
	form := map[ExportFormat]string{
		Parquet: "FORMAT parquet, COMPRESSION zstd",
		CSV:     "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%gZ'",
	}[q.Format]
	if form == "" {
		return 0, fmt.Errorf("export: got form %q, want %s or %s", q.Format, Parquet, CSV)
	}
	err = s.read(ctx, func(c *duck.Conn) error {
		switch q.Table {
		case ExportReadings:
			return withReadings(ctx, c, q.From, q.To, func() error {
				rows, err = c.Exec(ctx, "COPY ("+readingsOut+") TO "+quoted(path)+" ("+form+")")
				return err
			})
		case ExportLedger:
			return withCarriers(ctx, c, q.Carriers, func() error {
				rows, err = c.Exec(ctx, "COPY ("+ledgerOut+") TO "+quoted(path)+" ("+form+")", int32(q.Days.From), int32(q.Days.To))
				return err
			})
		}
		return fmt.Errorf("got table %q, want %s or %s", q.Table, ExportReadings, ExportLedger)
	})
	if err != nil {
		return 0, errors.Join(fmt.Errorf("export to %s: %w", path, err), removeStore(path))
	}
	return rows, nil
}

// readingsOut has the names of pushed CSV. A value is stored as its digits and its
// decimals; the product of decimals is exact, a quotient would be a float.
var readingsOut = `
	SELECT m.key AS meter, epoch_ms(r.time) AS time,
	  CAST(CAST(CAST(r.value AS HUGEINT) * CAST(pow(10, 6 - r.decimals) AS BIGINT) AS DECIMAL(30, 0)) * CAST('0.000001' AS DECIMAL(7, 6)) AS DECIMAL(19, 6)) AS value,
	  r.original AS original,
	  CASE WHEN r.kind IN (` + fmt.Sprintf("%d, %d", schema.Delta, schema.Bill) + `) THEN epoch_ms(r.start) END AS start,
	  ` + wordOf("r.unit", int(schema.CubicMetrePerHour)+1, func(i int) string { return schema.Unit(i).String() }) + ` AS unit, ` + wordOf("r.kind", int(schema.Bill)+1, func(i int) string { return schema.Kind(i).String() }) + ` AS kind,
	  r.register AS register, r.revision AS revision, r.deleted AS deleted, epoch_ms(r.received) AS received, epoch_ms(r.recorded) AS recorded
	FROM exported r JOIN meters m ON r.meter = m.id
	ORDER BY m.key, r.time, r.recorded, r.kind, r.register, r.start, r.revision, r.received, r.value`

// withReadings fills a temporary table of all readings of a stretch, those that have
// settled unpacked, and runs work.
func withReadings(ctx context.Context, c *duck.Conn, from, to schema.Instant, work func() error) error {
	return c.Transaction(ctx, func() error {
		if _, err := c.Exec(ctx, `CREATE OR REPLACE TEMPORARY TABLE exported AS SELECT * FROM readings WHERE time >= $1 AND time < $2`, int64(from), int64(to)); err != nil {
			return err
		}
		var some []posting.Reading
		flush := func() error {
			err := appendReadings(c, "exported", some, 0)
			some = some[:0]
			return err
		}
		err := eachPack(ctx, c, func(p unpacked) error {
			some = append(some, within(p.readings, from, to-1, schema.MaxInstant)...)
			if len(some) < exportAtOnce {
				return nil
			}
			return flush()
		}, `SELECT meter, data, rowid FROM settled WHERE until >= $1 AND day <= $2`, int32(utcDay(from)), int32(utcDay(to-1)))
		if err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
		if err := work(); err != nil {
			return err
		}
		_, err = c.Exec(ctx, `DROP TABLE exported`)
		return err
	})
}

// exportAtOnce is how many unpacked readings are in memory at once.
const exportAtOnce = 100_000

var ledgerOut = `
	SELECT m.key AS meter, w.carrier AS carrier, w.unit AS unit, DATE '1970-01-01' + l.day AS day,
	  CAST(CAST(l.quantity AS DECIMAL(30, 0)) * CAST('0.000001' AS DECIMAL(7, 6)) AS DECIMAL(25, 6)) AS quantity,
	  CAST(CAST(l.estimated AS DECIMAL(30, 0)) * CAST('0.000001' AS DECIMAL(7, 6)) AS DECIMAL(25, 6)) AS estimated,
	  CAST(CAST(l.known AS DECIMAL(15, 0)) * CAST('0.001' AS DECIMAL(4, 3)) AS DECIMAL(12, 3)) AS known_seconds,
	  ` + wordOf("l.cause", books.Causes(), func(i int) string { return books.Cause(i).String() }) + ` AS cause, epoch_ms(l.recorded) AS recorded
	FROM ledger l JOIN meters m ON l.meter = m.id LEFT JOIN carried w ON l.meter = w.meter
	WHERE l.day >= $1 AND l.day < $2
	ORDER BY m.key, l.day, l.recorded, l.cause`

// wordOf writes a code's word.
func wordOf(column string, codes int, word func(code int) string) string {
	words := make([]string, codes)
	for code := range words {
		words[code] = quoted(word(code))
	}
	return "nullif([" + strings.Join(words, ", ") + "][" + column + " + 1], '')"
}

// withCarriers fills a temporary table of the meters' carriers and runs work.
func withCarriers(ctx context.Context, c *duck.Conn, carriers map[int32]schema.Carrier, work func() error) error {
	if _, err := c.Exec(ctx, `CREATE OR REPLACE TEMPORARY TABLE carried (meter INTEGER, carrier VARCHAR, unit VARCHAR)`); err != nil {
		return err
	}
	meters := make([]int32, 0, len(carriers))
	for meter := range carriers {
		meters = append(meters, meter)
	}
	err := c.Append("carried", []duck.Type{duck.Int32, duck.Text, duck.Text}, len(meters), func(b duck.Block, from int) {
		for i, meter := range meters[from:][:b.Rows()] {
			duck.Column[int32](b, 0)[i] = meter
			b.SetText(1, i, carriers[meter].String())
			b.SetText(2, i, carriers[meter].Unit().String())
		}
	})
	if err != nil {
		return err
	}
	return work()
}
