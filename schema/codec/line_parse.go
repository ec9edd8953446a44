package codec

import (
	"bytes"
	"fmt"
	"strings"

	"jouleline/schema"
)

// nextLine reads the next line that is not blank and not a comment.
func (d *Decoder) nextLine() bool {
	if d.mapped.next < len(d.mapped.fields) {
		return d.nextMapped()
	}
	b := d.body
	for {
		if d.pos = skipSpace(b, d.pos); d.pos == len(b) {
			return false
		}
		start := d.pos
		if b[start] == '#' {
			d.pos = lineEnd(b, start)
			continue
		}
		byRules := d.mapping != nil && d.mapping.speaksOf(b[start:])
		if !byRules {
			if end, foreign, ok := d.scanLine(start); ok {
				d.pos = end
				d.unmapped += foreign
				return d.accept(start)
			}
		}
		if d.parseLine(start, byRules) {
			return true
		}
	}
}

// parseLine decides the line at start. It is the plain parser behind scanLine,
// and the only one of lines that are read by rules. It is false where the line
// gives no element: none of its fields is mapped.
//
// A quoted text may hold newlines. A line whose text does not end, or does not
// go on as a line should, is rejected up to its first newline, so that it does
// not swallow the lines behind it.
func (d *Decoder) parseLine(start int, byRules bool) bool {
	first := lineEnd(d.body, start)
	p := lineParser{b: d.body[:min(len(d.body), max(first, start+MaxElement))], i: start}
	if d.mapping != nil {
		p.into = &d.mapped
		p.into.begin(start)
	}
	var f fields
	p.line(&f)
	found := d.mapped.fields
	d.mapped.fields = found[:0] // until the line turns out to be good
	if p.fault != "" {
		d.pos = first
		return d.rejectSyntax(p.fault, start, first)
	}
	d.pos = p.i
	if p.i-start > MaxElement {
		return d.reject(schema.TooLarge, fmt.Sprintf("got a line of %d bytes, at most %d are taken", p.i-start, MaxElement), start, p.i)
	}
	if at := invalidUTF8(d.body[start:p.i]); at >= 0 {
		return d.rejectEncoding(start, p.i, start+at)
	}
	if f.time.form == absent {
		f.time.form = onReceipt
	}
	if byRules || d.mapping != nil && f.meter.form == absent {
		d.mapped.fields, d.mapped.time = found, f.time
		d.resolve()
		return len(d.mapped.fields) > 0 && d.nextMapped()
	}
	if code, detail := d.interpret(&f); code != schema.Accepted {
		return d.reject(code, detail, start, p.i)
	}
	d.unmapped += p.foreign
	return d.accept(start)
}

// lineParser reads measurement[,tag=text...] field=value[,field=value...] [time].
// It stops at the first fault.
type lineParser struct {
	b       []byte
	i       int
	foreign int
	fault   string
	into    *mappedLine // takes all that the line holds, where it is not nil
}

func (p *lineParser) line(f *fields) {
	measurement := p.part(", ")
	if measurement == "" {
		p.fail("a measurement")
	}
	if p.into != nil {
		p.into.measurement = measurement
	}
	for p.fault == "" && p.at(',') {
		p.i++
		p.tag(f)
	}
	if !p.spaces() {
		p.fail("a space before the fields")
	}
	for p.fault == "" {
		p.field(f)
		if !p.at(',') {
			break
		}
		p.i++
	}
	p.spaces()
	stamp := p.i
	p.word(" \r\n")
	if p.i > stamp {
		f.time = field{ticks, p.b[stamp:p.i]}
	}
	for p.at(' ') || p.at('\r') {
		p.i++
	}
	if p.i < len(p.b) && !p.at('\n') {
		p.fail("the end of the line")
	}
	p.i = min(p.i+1, len(p.b))
}

func (p *lineParser) tag(f *fields) {
	name := p.part("=, ")
	if name == "" || !p.at('=') {
		p.fail("a tag as name=text")
		return
	}
	p.i++
	text := given([]byte(p.part(", ")))
	if p.into != nil {
		p.into.tags[name] = string(text.text)
	}
	switch name {
	case "meter":
		f.meter = text
	case "unit":
		f.unit = text
	case "kind":
		f.kind = text
	}
}

func (p *lineParser) field(f *fields) {
	name := p.part("=, ")
	if name == "" || !p.at('=') {
		p.fail("a field as name=value")
		return
	}
	p.i++
	value := p.value()
	if p.into != nil {
		p.into.add(name, value)
	}
	switch name {
	case "value":
		f.value = value.number()
	case "start":
		f.start = value.moment()
	case "revision":
		f.revision = value.number()
	case "register":
		f.register = value.number()
	case "deleted":
		f.deleted = value.truth()
	default:
		p.foreign++
	}
}

// part reads up to one of the end bytes or the end of the line. A backslash
// before an end byte (or '=') makes it a part of the text; else it is itself.
func (p *lineParser) part(ends string) string {
	var text strings.Builder
	for ; p.i < len(p.b) && p.b[p.i] != '\n'; p.i++ {
		c := p.b[p.i]
		if c == '\\' && p.i+1 < len(p.b) && strings.IndexByte(",= ", p.b[p.i+1]) >= 0 {
			p.i++
			c = p.b[p.i]
		} else if strings.IndexByte(ends, c) >= 0 {
			break
		}
		text.WriteByte(c)
	}
	return text.String()
}

func (p *lineParser) at(c byte) bool { return p.i < len(p.b) && p.b[p.i] == c }

// spaces steps over spaces and tells whether there were any.
func (p *lineParser) spaces() bool {
	start := p.i
	for p.at(' ') {
		p.i++
	}
	return p.i > start
}

// word steps to one of the end bytes.
func (p *lineParser) word(ends string) {
	for p.i < len(p.b) && strings.IndexByte(ends, p.b[p.i]) < 0 {
		p.i++
	}
}

func (p *lineParser) fail(want string) {
	if p.fault != "" {
		return
	}
	got := "the end of the line"
	if p.i < len(p.b) && p.b[p.i] != '\n' {
		rest := p.b[p.i:min(len(p.b), p.i+20)]
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		got = fmt.Sprintf("%q", line)
	}
	p.fault = fmt.Sprintf("byte %d: got %s, want %s", p.i, got, want)
}
