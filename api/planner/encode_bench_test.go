package planner

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"testing"

	"jouleline/analytics/progress"
	"jouleline/api/table"
)

// province is the breakdown of a province to its institutions: the greatest
// answer there is.
func province(b *testing.B) *progress.Parts {
	b.Helper()
	content, err := os.ReadFile("../examples/breakdown.json")
	if err != nil {
		b.Fatal(err)
	}
	var parts progress.Parts
	if err := json.Unmarshal(content, &parts); err != nil {
		b.Fatal(err)
	}
	row := parts.Rows[0]
	parts.Rows = make([]progress.Row, 45_000)
	for i := range parts.Rows {
		parts.Rows[i] = row
	}
	return &parts
}

func BenchmarkEncode_ProvinceAsJSON(b *testing.B) {
	parts := province(b)
	var text bytes.Buffer
	for b.Loop() {
		text.Reset()
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(parts); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(text.Len()))
	b.ReportMetric(float64(text.Len())/1e6, "MB")
}

func BenchmarkEncode_ProvinceAsCSV(b *testing.B) {
	parts := province(b)
	for b.Loop() {
		if err := table.WriteCSV(io.Discard, BreakdownTable(parts)); err != nil {
			b.Fatal(err)
		}
	}
}
