package savings

import (
	"sort"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// Temperatures gives the outdoor temperatures of a station in [from, to), in
// Celsius, as the registry has them; of samples within one second the first.
func Temperatures(reg *registry.Registry, station string, from, to schema.Instant) (s Series) {
	rows := reg.Weather // sorted by station, then by time
	at := sort.Search(len(rows), func(i int) bool {
		return rows[i].Station > station || rows[i].Station == station && rows[i].Time >= from
	})
	for ; at < len(rows) && rows[at].Station == station && rows[at].Time < to; at++ {
		t := int64(rows[at].Time) / 1000
		if n := len(s.Times); n > 0 && s.Times[n-1] == t {
			continue
		}
		s.Times, s.Values = append(s.Times, t), append(s.Values, rows[at].Celsius)
	}
	return s
}
