package feed

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"jouleline/schema"
)

//go:embed data/ny301-*.json
var editionFiles embed.FS

// Edition is one edition of form NY301, the consumption of energy and water:
// its rows are data, since every revision of the form changes them.
type Edition struct {
	Form    string `json:"form"`
	Edition string `json:"edition"`
	// FromYear is the first year that is reported by this edition.
	FromYear int    `json:"from_year"`
	Title    string `json:"title"`
	Source   string `json:"source"`
	// Deleted are codes of earlier editions that this one has no more.
	Deleted []string `json:"deleted"`
	// Items are the rows in the order of the form.
	Items []Item `json:"items"`
}

// Item is one row of a form.
type Item struct {
	Code string `json:"code"`
	Name string `json:"name"`
	// Unit is how the form prints it.
	Unit string `json:"unit"`
	// Declares is what the row declares, as in declared.csv: a carrier, a carrier
	// with its use, floor_area or headcount; empty where it declares nothing.
	Declares string `json:"declares,omitempty"`
	// Counts is institutions where the row counts those.
	Counts string `json:"counts,omitempty"`
	// Parts are the codes that add up to this one, which then declares nothing.
	Parts []string `json:"parts,omitempty"`

	quantity schema.DeclaredQuantity
	unit     formUnit
}

// formUnit is a unit of a form: one that a declared figure can have, and how many
// powers of ten of it.
type formUnit struct {
	word  string
	shift int32
}

// Editions gives the editions that are known, oldest first.
func Editions() ([]Edition, error) {
	files, err := editionFiles.ReadDir("data")
	if err != nil {
		return nil, fmt.Errorf("list the editions of NY301: %w", err)
	}
	var all []Edition
	for _, file := range files {
		text, err := editionFiles.ReadFile("data/" + file.Name())
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file.Name(), err)
		}
		edition, err := ParseEdition(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name(), err)
		}
		all = append(all, *edition)
	}
	slices.SortFunc(all, func(a, b Edition) int { return a.FromYear - b.FromYear })
	return all, nil
}

// ParseEdition reads the description of an edition from JSON and checks that it
// is whole.
func ParseEdition(text []byte) (*Edition, error) {
	var e Edition
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, fmt.Errorf("parse the edition: %w", err)
	}
	if e.Form == "" || e.Edition == "" || e.FromYear == 0 || len(e.Items) == 0 {
		return nil, fmt.Errorf("edition %q: want form, edition, from_year and items", e.Edition)
	}
	for i := range e.Items {
		it := &e.Items[i]
		if e.find(it.Code) != it {
			return nil, fmt.Errorf("code %s stands twice", it.Code)
		}
		for _, part := range it.Parts {
			if p := e.find(part); p == nil || p.Declares == "" || p.Unit != it.Unit {
				return nil, fmt.Errorf("code %s: part %s declares nothing, or not in %s", it.Code, part, it.Unit)
			}
		}
		if err := it.settle(); err != nil {
			return nil, fmt.Errorf("code %s: %w", it.Code, err)
		}
	}
	return &e, nil
}

func (e *Edition) find(code string) *Item {
	for i := range e.Items {
		if e.Items[i].Code == code {
			return &e.Items[i]
		}
	}
	return nil
}

// settle reads what the item declares.
func (it *Item) settle() (err error) {
	if len(it.Parts) > 0 && it.Declares == "" {
		return nil
	}
	switch it.Declares {
	case "":
		return nil
	case floorArea, headcount:
		it.quantity.Name = it.Declares
	default:
		carrier, use, _ := strings.Cut(it.Declares, ":")
		if it.quantity.Carrier, err = schema.ParseCarrier(carrier); err != nil {
			return err
		}
		if it.quantity.Use, err = schema.ParseUse(use); err != nil {
			return err
		}
	}
	it.unit, err = formUnitOf(it.Unit, it.quantity)
	return err
}

// Names of declared quantities that are no carriers, as in declared.csv.
const (
	floorArea = "floor_area"
	headcount = "headcount"
)

// areaUnits and peopleUnits are the spellings of forms.
var (
	areaUnits   = map[string]formUnit{"平方米": {"m2", 0}, "m2": {"m2", 0}, "m²": {"m2", 0}, "㎡": {"m2", 0}, "万平方米": {"m2", 4}, "万m2": {"m2", 4}}
	peopleUnits = map[string]formUnit{"人": {"person", 0}, "person": {"person", 0}, "persons": {"person", 0}, "万人": {"person", 4}}
)

func formUnitOf(text string, of schema.DeclaredQuantity) (formUnit, error) {
	known := areaUnits
	switch of.Name {
	case headcount:
		known = peopleUnits
	case "":
		as, err := unitOf(text, of.Carrier)
		return formUnit{as.unit.String(), as.shift}, err
	}
	unit, ok := known[strings.ToLower(strings.ReplaceAll(text, " ", ""))]
	if !ok {
		return formUnit{}, fmt.Errorf("got %q for %s, want one as 平方米, m2 or 人", clip(text), of.Name)
	}
	return unit, nil
}

// edition gives the edition of a name, or the newest that a year is reported by.
func edition(name string, year int) (*Edition, error) {
	all, err := Editions()
	if err != nil {
		return nil, err
	}
	var names []string
	found := -1
	for i := range all {
		names = append(names, all[i].Edition)
		if name == "" && all[i].FromYear <= year || name == all[i].Edition {
			found = i
		}
	}
	switch {
	case found >= 0:
		return &all[found], nil
	case name == "": // a year before the first edition
		return &all[0], nil
	}
	return nil, badFile("unknown edition of NY301: got %q, want %s", clip(name), strings.Join(names, " or "))
}

// nameOf strips what forms put around the name of a row: numbering, blanks, and
// words that say it is part of the row above.
func nameOf(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	for _, prefix := range []string{"其中:", "其中"} {
		text = strings.TrimPrefix(text, prefix)
	}
	if number, rest, found := strings.Cut(text, "、"); found && len([]rune(number)) <= 3 {
		text = rest
	}
	return strings.TrimLeft(text, "0123456789.()")
}
