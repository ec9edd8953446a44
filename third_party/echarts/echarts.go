// Package echarts carries the charting library of the page and an outline of
// Shandong's cities. SOURCE.md says where they are from, LICENSE and NOTICE on
// what terms.
//
// It answers with the bytes as they were published and refuses to know what is
// in them. Networks of public institutions have no way to others, so nothing may
// come from elsewhere.
package echarts

import _ "embed"

// Version is that of the script.
const Version = "5.6.0"

var (
	//go:embed echarts.min.js
	script []byte
	//go:embed shandong.json
	shandong []byte
)

// Script is the library for browsers. It must not be written to.
func Script() []byte { return script }

// Shandong is the outline of the cities by their codes of before 2019, as GeoJSON
// in the library's own encoding. It must not be written to.
func Shandong() []byte { return shandong }
