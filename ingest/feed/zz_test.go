package feed_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"

	"jouleline/ingest/feed"
)

func TestZZ(t *testing.T) {
	good := workbook(t, nil, [][]any{{"meter", "month", "usage"}, {"E1", "202405", 1}})
	const sheet, open, end = "xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, `</sheetData></worksheet>`
	n := 8<<20 - 100000
	try := func(name, part, text string) {
		file := repack(t, good, map[string]string{part: text})
		text = ""
		runtime.GC()
		var a, b runtime.MemStats
		runtime.ReadMemStats(&a)
		start := time.Now()
		_, err := feed.ReadBills(bytes.NewReader(file), config())
		runtime.ReadMemStats(&b)
		s := ""
		if err != nil {
			s = err.Error()
		}
		t.Log(name, len(file), "total MiB", (b.TotalAlloc-a.TotalAlloc)>>20, "sys MiB", b.Sys>>20, time.Since(start), s[:min(len(s), 100)])
	}
	try("rows", sheet, open+strings.Repeat("<row/>", n/6)+end)
	try("cells", sheet, open+"<row>"+strings.Repeat("<c/>", n/4)+"</row>"+end)
	try("cells2", sheet, open+strings.Repeat(`<row><c r="XFD1"/></row>`, n/24)+end)
	try("si", "xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`+strings.Repeat("<si/>", n/5)+"</sst>")
	try("xf", "xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>`+strings.Repeat("<xf/>", n/5)+"</cellXfs></styleSheet>")
	rels := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/worksheets/sheet1.xml"></Relationship></Relationships>`
	good = repack(t, good, map[string]string{"_rels/.rels": rels})
	try("root", sheet, `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>`+strings.Repeat("<sheet/>", n/8)+"</sheets></workbook>")
	try("sheets", "xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>`+strings.Repeat("<sheet/>", n/8)+"</sheets></workbook>")
}
