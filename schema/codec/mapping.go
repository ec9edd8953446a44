package codec

import (
	"fmt"
	"slices"
	"strings"

	"jouleline/schema"
)

// Rule says which meter a field of line protocol belongs to, for lines that do
// not say it themselves, such as those of Telegraf's inputs.
type Rule struct {
	// Measurement and Field are names as the lines have them.
	Measurement string `json:"measurement"`
	Field       string `json:"field"`
	// Tags are texts that tags of the line must have; other tags may have any.
	Tags map[string]string `json:"tags,omitempty"`
	// Meter is the meter's id, in which {name} stands for the text of that tag.
	Meter string `json:"meter"`
	// Unit and Kind are those of the values; empty: the meter's own.
	Unit string `json:"unit,omitempty"`
	Kind string `json:"kind,omitempty"`
}

// Mapping makes readings of the fields of lines whose measurement has rules.
// Each field that a rule speaks of is one reading, at the line's time. Where
// several rules match, the one with more tags counts, of equally many the first.
// Fields without a rule, and lines of other measurements that name no meter, are
// counted as unmapped. It is immutable and safe for concurrent use.
type Mapping struct {
	measurements map[string]map[string][]tagSet // by measurement and field
}

// tagSet holds the rules of one field that ask for the same tags, by the texts
// of these.
type tagSet struct {
	names []string
	rules map[string]*target
}

// target is where a field goes.
type target struct {
	meter      []meterPart
	unit, kind []byte
}

// meterPart is a piece of a meter id: text, or the name of a tag.
type meterPart struct {
	text string
	tag  bool
}

// maxRules bounds a mapping: a line for each of the meters of a province.
const maxRules = 1_000_000

// NewMapping checks and prepares rules. The error names the rule, from 1.
func NewMapping(rules []Rule) (*Mapping, error) {
	if len(rules) > maxRules {
		return nil, fmt.Errorf("line mapping: got %d rules, at most %d are taken", len(rules), maxRules)
	}
	m := &Mapping{measurements: map[string]map[string][]tagSet{}}
	for i := range rules {
		if err := m.add(&rules[i]); err != nil {
			return nil, fmt.Errorf("line mapping: rule %d: %w", i+1, err)
		}
	}
	for _, fields := range m.measurements {
		for _, sets := range fields {
			slices.SortStableFunc(sets, func(a, b tagSet) int { return len(b.names) - len(a.names) })
		}
	}
	return m, nil
}

func (m *Mapping) add(r *Rule) error {
	if r.Measurement == "" || r.Field == "" || r.Meter == "" {
		return fmt.Errorf("got measurement %q, field %q, meter %q, want all three", r.Measurement, r.Field, r.Meter)
	}
	if _, err := unitOf([]byte(r.Unit)); err != nil {
		return err
	}
	if _, err := kindOf([]byte(r.Kind)); err != nil {
		return err
	}
	to := &target{unit: []byte(r.Unit), kind: []byte(r.Kind)}
	var err error
	if to.meter, err = parseMeter(r.Meter); err != nil {
		return err
	}
	fields := m.measurements[r.Measurement]
	if fields == nil {
		fields = map[string][]tagSet{}
		m.measurements[r.Measurement] = fields
	}
	names := make([]string, 0, len(r.Tags))
	for name := range r.Tags {
		names = append(names, name)
	}
	slices.Sort(names)
	sets := fields[r.Field]
	at := slices.IndexFunc(sets, func(s tagSet) bool { return slices.Equal(s.names, names) })
	if at < 0 {
		at = len(sets)
		fields[r.Field] = append(sets, tagSet{names: names, rules: map[string]*target{}})
	}
	set := fields[r.Field][at]
	key, _ := set.key(r.Tags)
	if set.rules[key] != nil {
		return fmt.Errorf("measurement %q, field %q: a rule before it has the same tags", r.Measurement, r.Field)
	}
	set.rules[key] = to
	return nil
}

// parseMeter reads a meter id with tags in braces.
func parseMeter(text string) (parts []meterPart, err error) {
	for rest := text; rest != ""; {
		literal, behind, open := strings.Cut(rest, "{")
		if literal != "" {
			parts = append(parts, meterPart{text: literal})
		}
		if rest = ""; open {
			name, after, closed := strings.Cut(behind, "}")
			if !closed || name == "" {
				return nil, fmt.Errorf("meter: got %q, want an id in which {name} stands for a tag", clip(text))
			}
			parts = append(parts, meterPart{text: name, tag: true})
			rest = after
		}
	}
	if len(parts) == 1 && !parts[0].tag {
		if code, detail := CheckMeter([]byte(text)); code != schema.Accepted {
			return nil, fmt.Errorf("%s", detail)
		}
	}
	return parts, nil
}

// key joins the texts of the set's tags. ok is false where one is not there.
func (s *tagSet) key(tags map[string]string) (key string, ok bool) {
	if len(s.names) == 1 {
		key, ok = tags[s.names[0]]
		return key, ok
	}
	var joined strings.Builder
	for _, name := range s.names {
		text, ok := tags[name]
		if !ok {
			return "", false
		}
		fmt.Fprintf(&joined, "%d:%s", len(text), text) // no text can look like two
	}
	return joined.String(), true
}

// find gives where a field goes, nil where no rule matches.
func (m *Mapping) find(measurement, field string, tags map[string]string) *target {
	sets := m.measurements[measurement][field]
	for i := range sets {
		if key, ok := sets[i].key(tags); ok {
			if to := sets[i].rules[key]; to != nil {
				return to
			}
		}
	}
	return nil
}

// id gives the meter's id, ok false where a tag that it needs is not there.
func (t *target) id(tags map[string]string) (id []byte, ok bool) {
	for _, p := range t.meter {
		text := p.text
		if p.tag {
			if text, ok = tags[p.text]; !ok {
				return nil, false
			}
		}
		id = append(id, text...)
	}
	return id, true
}

// speaksOf tells whether the measurement of the line at b has rules.
func (m *Mapping) speaksOf(b []byte) bool {
	end, _ := partEnd(b, 0)
	if end < len(b) && (b[end] == ',' || b[end] == ' ') {
		return m.measurements[string(b[:end])] != nil
	}
	p := lineParser{b: b[:min(len(b), MaxElement)]}
	return m.measurements[p.part(", ")] != nil
}
