package registry

import _ "embed"

//go:embed data/regions_shandong.csv
var shandongRegions []byte

// ShandongRegions is a regions.csv of Shandong by GB/T 2260: the province, its
// 16 cities and 136 counties, and the codes that ended since 2018 with the day
// on which they did: 371200 with 371202 and 371203 (since 2019-01-01 370116 and
// 370117), 370634 and 370684 (since 2020-06-05 370614). Codes and names are
// facts of the standard; the days are those of the announcements, from memory; the
// places of cities are the centres that the outline in third_party/echarts gives.
// The caller owns the copy.
func ShandongRegions() []byte { return append([]byte(nil), shandongRegions...) }
