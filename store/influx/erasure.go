package influx

import (
	"fmt"
	"strings"
	"time"
)

// erasure deletes the points of some series in [from, to). Neither end is the
// timestamp of a point that stays, since 2.x deletes its stop too.
type erasure struct {
	measurement string
	tag, id     string
	// step and carrier limit it to series of one step or carrier; "" means all.
	step, carrier string
	from, to      time.Time
}

// The stretch of a whole series: InfluxDB wants ends, and no reading lies beyond.
var (
	beginning = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	end       = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// whole deletes all of a subject.
func whole(measurement, tag, id string) erasure {
	return erasure{measurement: measurement, tag: tag, id: id, from: beginning, to: end}
}

// more lists the further tags that it is limited to.
func (e *erasure) more() (list [][2]string) {
	for _, tag := range [][2]string{{"step", e.step}, {"carrier", e.carrier}} {
		if tag[1] != "" {
			list = append(list, tag)
		}
	}
	return list
}

// predicate writes it as /api/v2/delete wants it.
func (e *erasure) predicate() string {
	quote := func(s string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	text := fmt.Sprintf("_measurement=%s AND %s=%s", quote(e.measurement), e.tag, quote(e.id))
	for _, more := range e.more() {
		text += " AND " + more[0] + "=" + quote(more[1])
	}
	return text
}

// query writes it in InfluxQL.
func (e *erasure) query() string {
	name := func(s string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	value := func(s string) string {
		return `'` + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + `'`
	}
	text := fmt.Sprintf("DELETE FROM %s WHERE %s = %s", name(e.measurement), name(e.tag), value(e.id))
	for _, more := range e.more() {
		text += " AND " + more[0] + " = " + value(more[1])
	}
	return text + fmt.Sprintf(" AND time >= '%s' AND time < '%s'", e.from.UTC().Format(time.RFC3339), e.to.UTC().Format(time.RFC3339))
}
