package codec

import (
	"strings"
)

// lineValue is a field value: quoted text or a bare word.
type lineValue struct {
	text   []byte
	quoted bool
}

func (p *lineParser) value() lineValue {
	if !p.at('"') {
		start := p.i
		if p.word(", \r\n"); p.i == start {
			p.fail("a value")
		}
		return lineValue{text: p.b[start:p.i]}
	}
	opened := p.i
	text := []byte{}
	for p.i++; p.i < len(p.b); p.i++ {
		switch c := p.b[p.i]; {
		case c == '"':
			p.i++
			if p.i < len(p.b) && strings.IndexByte(", \r\n", p.b[p.i]) < 0 {
				p.fail("',' or a space behind a quoted text")
			}
			return lineValue{text: text, quoted: true}
		case c == '\\' && p.i+1 < len(p.b) && (p.b[p.i+1] == '"' || p.b[p.i+1] == '\\'):
			p.i++
			text = append(text, p.b[p.i])
		default:
			text = append(text, c)
		}
	}
	p.i = opened
	p.fail("a quoted text that ends")
	return lineValue{}
}

// number gives the decimal text of 12.5, 12i and 12u.
func (v lineValue) number() field {
	if v.quoted {
		return wrongType("the text %s", clip(v.text))
	}
	if last := len(v.text) - 1; last > 0 && (v.text[last] == 'i' || v.text[last] == 'u') {
		sign := 0
		if v.text[0] == '-' {
			sign = 1
		}
		if digitsEnd(v.text, sign) == last {
			return given(v.text[:last])
		}
	}
	return given(v.text)
}

// moment gives RFC 3339 text, or a count in the precision of the timestamps.
func (v lineValue) moment() field {
	if v.quoted {
		return given(v.text)
	}
	number := v.number()
	number.form = ticks
	return number
}

// truth gives true or false of the spellings that Influx takes.
func (v lineValue) truth() field {
	if word := string(v.text); !v.quoted {
		switch word {
		case "t", "T", "true", "True", "TRUE", "f", "F", "false", "False", "FALSE":
			return given(v.text)
		}
	}
	return wrongType("%s", clip(v.text))
}
