package codec

import (
	"slices"

	"jouleline/schema"
)

// mappedLine is a line that rules make readings of, and how far they are given.
type mappedLine struct {
	start       int // of the line
	measurement string
	tags        map[string]string
	fields      []mappedField
	at          map[string]int // the place in fields, by name
	time        field
	next        int // in fields
}

// mappedField is a field of the line and where it goes.
type mappedField struct {
	name  string
	value lineValue
	to    *target
	meter []byte
}

// namedUnmapped bounds how many unmapped fields are named.
const namedUnmapped = 16

// Map makes the decoder read line protocol by a mapping too, from the next Reset
// on; nil: by none. A line then gives as many elements as it has fields that
// rules speak of, and each has the whole line as its Original.
func (d *Decoder) Map(m *Mapping) { d.mapping = m }

// UnmappedFields names the first unmapped fields of mapped lines since Reset, as
// measurement and field with a space between. It holds until the next Reset.
func (d *Decoder) UnmappedFields() []string { return d.unmappedFields }

func (l *mappedLine) begin(start int) {
	if l.tags == nil {
		l.tags, l.at = map[string]string{}, map[string]int{}
	}
	clear(l.tags)
	clear(l.at)
	l.start, l.fields, l.next = start, l.fields[:0], 0
}

// add takes a field. Of a name that is given twice the last counts.
func (l *mappedLine) add(name string, value lineValue) {
	i, twice := l.at[name]
	if !twice {
		i = len(l.fields)
		l.at[name] = i
		l.fields = append(l.fields, mappedField{})
	}
	l.fields[i] = mappedField{name: name, value: value}
}

// resolve finds where the fields of the line go and keeps those that go
// somewhere. The others are counted.
func (d *Decoder) resolve() {
	l := &d.mapped
	kept := l.fields[:0]
	for _, f := range l.fields {
		if f.to = d.mapping.find(l.measurement, f.name, l.tags); f.to != nil {
			var ok bool
			if f.meter, ok = f.to.id(l.tags); ok {
				kept = append(kept, f)
				continue
			}
		}
		d.countUnmapped(l.measurement, f.name)
	}
	l.fields = kept
}

func (d *Decoder) countUnmapped(measurement, name string) {
	d.unmapped++
	if len(d.unmappedFields) < namedUnmapped {
		if name = clip(measurement) + " " + clip(name); !slices.Contains(d.unmappedFields, name) {
			d.unmappedFields = append(d.unmappedFields, name)
		}
	}
}

// nextMapped makes the next field of the present line an element.
func (d *Decoder) nextMapped() bool {
	l := &d.mapped
	m := &l.fields[l.next]
	l.next++
	f := fields{meter: given(m.meter), time: l.time, value: m.value.number(), unit: given(m.to.unit), kind: given(m.to.kind)}
	if code, detail := d.interpret(&f); code != schema.Accepted {
		return d.reject(code, "field "+clip(m.name)+": "+detail, l.start, d.pos)
	}
	return d.accept(l.start)
}
