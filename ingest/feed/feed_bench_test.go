package feed_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"jouleline/ingest/feed"
)

// benchBills are the monthly bills of half a year of 2000 meters.
func benchBills(b *testing.B, file []byte, rows int) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		bills, err := feed.ReadBills(bytes.NewReader(file), config())
		if err != nil || bills.Accepted != rows {
			b.Fatalf("got %v, want %d accepted", err, rows)
		}
	}
	b.ReportMetric(float64(b.N)*float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkReadBills_CSV(b *testing.B) {
	var file strings.Builder
	file.WriteString("户号,起始日期,截止日期,用量,单位,费用\n")
	for i := range 12_000 {
		month := i%6 + 1
		fmt.Fprintf(&file, "3701%08d,2024-%02d-01,2024-%02d-28,\"%d,234.56\",千瓦时,617.28\n", i/6, month, month, 1+i%900)
	}
	benchBills(b, []byte(file.String()), 12_000)
}

func BenchmarkReadBills_XLSX(b *testing.B) {
	rows := [][]any{{"户号", "起始日期", "截止日期", "用量", "单位", "费用"}}
	for i := range 12_000 {
		month := i%6 + 1
		rows = append(rows, []any{fmt.Sprintf("3701%08d", i/6), fmt.Sprintf("2024-%02d-01", month), fmt.Sprintf("2024-%02d-28", month), float64(i) + 0.56, "千瓦时", 617.28})
	}
	benchBills(b, workbook(b, nil, rows), 12_000)
}
