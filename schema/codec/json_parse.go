package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"jouleline/schema"
)

// parseObject decides the element body[start:end] of a JSON body by
// encoding/json. It is the plain parser behind scanObject.
func (d *Decoder) parseObject(start, end int) bool {
	raw := d.body[start:end]
	if len(raw) > MaxElement {
		return d.reject(schema.TooLarge, fmt.Sprintf("got a reading of %d bytes, at most %d are taken", len(raw), MaxElement), start, end)
	}
	if at := invalidUTF8(raw); at >= 0 {
		return d.rejectEncoding(start, end, start+at)
	}
	if raw[0] != '{' {
		return d.reject(schema.Malformed, d.unexpected(start, "an object"), start, end)
	}
	var members map[string]json.RawMessage
	err := json.Unmarshal(raw, &members)
	if err != nil {
		if quoted := quoteWords(raw); quoted != nil {
			err = json.Unmarshal(quoted, &members)
		}
	}
	if err != nil {
		var syntax *json.SyntaxError
		at := start
		if errors.As(err, &syntax) {
			at += max(int(syntax.Offset)-1, 0)
		}
		return d.reject(schema.Malformed, fmt.Sprintf("byte %d: %v", at, err), start, end)
	}
	f := fields{
		meter:    stringMember(members["meter"]),
		time:     stringMember(members["time"]),
		value:    numberMember(members["value"]),
		unit:     stringMember(members["unit"]),
		kind:     stringMember(members["kind"]),
		start:    stringMember(members["start"]),
		revision: numberMember(members["revision"]),
		register: numberMember(members["register"]),
		deleted:  boolMember(members["deleted"]),
	}
	if code, detail := d.interpret(&f); code != schema.Accepted {
		if name, ok := missing[code]; ok && members[name] == nil {
			detail += strangers(raw, d.shape == between)
		}
		return d.reject(code, detail, start, end)
	}
	return d.accept(start)
}

// missing gives the name that is not there, for the codes that say so.
var missing = map[schema.Code]string{
	schema.MissingMeter: columnNames[meterColumn],
	schema.MissingTime:  columnNames[timeColumn],
	schema.MissingValue: columnNames[valueColumn],
}

func stringMember(raw json.RawMessage) field {
	var text string
	switch {
	case isNull(raw):
		return field{}
	case raw[0] != '"' || json.Unmarshal(raw, &text) != nil:
		return describe(raw)
	}
	return given([]byte(text))
}

func numberMember(raw json.RawMessage) field {
	switch {
	case isNull(raw):
		return field{}
	case raw[0] != '-' && raw[0]-'0' > 9:
		return describe(raw)
	}
	return given(raw)
}

func boolMember(raw json.RawMessage) field {
	switch {
	case isNull(raw):
		return field{}
	case raw[0] != 't' && raw[0] != 'f':
		return describe(raw)
	}
	return given(raw)
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || raw[0] == 'n' }

// describe says what stands in the place of something else.
func describe(raw json.RawMessage) field {
	switch raw[0] {
	case '{':
		return wrongType("an object")
	case '[':
		return wrongType("an array")
	case '"':
		return wrongType("the text %s", clip(raw))
	}
	return wrongType("%s", clip(raw))
}

// quoteWords gives the object with NaN and infinities as text, nil where it has
// none. JSON has no such numbers, but Python and others write them; as text the
// value is refused for what it is, and its neighbours are understood.
func quoteWords(raw []byte) []byte {
	var quoted []byte
	done := 0
	for i := 0; i < len(raw); {
		if raw[i] == '"' {
			i, _ = skipString(raw, i)
			continue
		}
		end := i
		for end < len(raw) && isWord(raw[end]) {
			end++
		}
		switch strings.ToLower(string(bytes.TrimLeft(raw[i:end], "+-"))) {
		case "nan", "inf", "infinity":
			quoted = append(append(append(append(quoted, raw[done:i]...), '"'), raw[i:end]...), '"')
			done = end
		}
		i = max(end, i+1)
	}
	if done == 0 {
		return nil
	}
	return append(quoted, raw[done:]...)
}
