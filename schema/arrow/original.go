package arrow

import (
	"encoding/json"

	"jouleline/schema"
)

// original writes what a row gives as a JSON object, so that a rejected row can
// be kept, read and replayed like any other. Nulls are left out, long texts are
// cut, and what JSON cannot say (NaN) becomes text. The result is new.
func (d *Decoder) original(row int) []byte {
	out := []byte{'{'}
	for i := range d.columns {
		c := &d.columns[i]
		if !c.given || c.null(row) {
			continue
		}
		value := d.jsonValue(i, row)
		if value == nil {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, '"')
		out = append(out, columnNames[i]...)
		out = append(out, '"', ':')
		out = append(out, value...)
	}
	return append(out, '}', '\n')
}

func (d *Decoder) jsonValue(column, row int) []byte {
	c := &d.columns[column]
	switch column {
	case timeColumn, startColumn:
		t, ok := c.instant(row)
		if !ok || t >= schema.MaxInstant {
			return jsonText(badInstant(columnNames[column], c, row))
		}
		return jsonText(t.String())
	case valueColumn:
		number := []byte(c.numberText(row))
		if !json.Valid(number) {
			return jsonText(string(number))
		}
		return number
	case revisionColumn, registerColumn:
		return []byte(c.wholeText(row))
	case deletedColumn:
		if c.bool(row) {
			return []byte("true")
		}
		return []byte("false")
	}
	cell := d.cell(column, row)
	if !cell.given {
		return nil
	}
	if column == meterColumn {
		return jsonText(string(cell.text[:min(len(cell.text), schema.MaxMeterID+1)])) // still too long, if it was
	}
	return jsonText(clip(cell.text))
}

// jsonText writes a JSON string. Bytes that are not UTF-8 become U+FFFD.
func jsonText(text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic("arrow: a string that JSON cannot hold: " + err.Error())
	}
	return quoted
}
