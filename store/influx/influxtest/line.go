package influxtest

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// point is a line of line protocol.
type point struct {
	measurement string
	tags        [][2]string // sorted
	fields      map[string]any
	at          time.Time
}

// key writes the series and the timestamp.
func (p *point) key() string {
	text := escape(p.measurement)
	for _, t := range p.tags {
		text += "," + escape(t[0]) + "=" + escape(t[1])
	}
	return text + " " + strconv.FormatInt(p.at.Unix(), 10)
}

func (p *point) matches(want map[string]string) bool {
	has := map[string]string{"_measurement": p.measurement}
	for _, t := range p.tags {
		has[t[0]] = t[1]
	}
	for name, value := range want {
		if has[name] != value {
			return false
		}
	}
	return true
}

func escape(s string) string {
	return strings.NewReplacer(`,`, `\,`, `=`, `\=`, ` `, `\ `).Replace(s)
}

// split cuts at a separator that no backslash escapes.
func split(s string, at byte) []string {
	var parts []string
	begin := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case at:
			parts = append(parts, s[begin:i])
			begin = i + 1
		}
	}
	return append(parts, s[begin:])
}

func unescape(s string) string {
	return strings.NewReplacer(`\,`, `,`, `\=`, `=`, `\ `, ` `).Replace(s)
}

// parse reads a line whose fields are numbers; the publisher writes no others.
func parse(line string) (p point, err error) {
	parts := split(line, ' ')
	if len(parts) != 3 {
		return p, fmt.Errorf("got %d parts, want series, fields and a timestamp", len(parts))
	}
	series := split(parts[0], ',')
	if p.measurement = unescape(series[0]); p.measurement == "" {
		return p, errors.New("missing measurement")
	}
	for _, tag := range series[1:] {
		pair := split(tag, '=')
		if len(pair) != 2 || pair[0] == "" || pair[1] == "" {
			return p, fmt.Errorf("bad tag %q", tag)
		}
		p.tags = append(p.tags, [2]string{unescape(pair[0]), unescape(pair[1])})
	}
	slices.SortFunc(p.tags, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	for i := 1; i < len(p.tags); i++ {
		if p.tags[i][0] == p.tags[i-1][0] {
			return p, fmt.Errorf("duplicate tag %q", p.tags[i][0])
		}
	}
	p.fields = map[string]any{}
	for _, field := range split(parts[1], ',') {
		pair := split(field, '=')
		if len(pair) != 2 || pair[0] == "" {
			return p, fmt.Errorf("bad field %q", field)
		}
		if digits, ok := strings.CutSuffix(pair[1], "i"); ok {
			p.fields[unescape(pair[0])], err = strconv.ParseInt(digits, 10, 64)
		} else {
			p.fields[unescape(pair[0])], err = number(pair[1])
		}
		if err != nil {
			return p, fmt.Errorf("field %q: %w", field, err)
		}
	}
	seconds, err := strconv.ParseInt(parts[2], 10, 64)
	p.at = time.Unix(seconds, 0).UTC()
	return p, err
}

// number reads a float; line protocol has no NaN and no infinity.
func number(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err == nil && (math.IsNaN(f) || math.IsInf(f, 0)) {
		err = errors.New("not a number")
	}
	return f, err
}

var term = regexp.MustCompile(`^([A-Za-z_]+)="((?:[^"\\]|\\.)*)"`)

// parsePredicate reads name="value" joined by AND; 2.x has no OR.
func parsePredicate(text string) (map[string]string, error) {
	want := map[string]string{}
	for {
		found := term.FindStringSubmatch(text)
		if found == nil {
			return nil, fmt.Errorf("got %q, want name=\"value\"", text)
		}
		want[found[1]] = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(found[2])
		if text = text[len(found[0]):]; text == "" {
			return want, nil
		}
		rest, ok := strings.CutPrefix(text, " AND ")
		if !ok {
			return nil, fmt.Errorf("got %q, want AND", text)
		}
		text = rest
	}
}
