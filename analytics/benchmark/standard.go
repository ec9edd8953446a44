package benchmark

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"jouleline/schema/jsonfile"
)

// Metric is what a standard limits. Its word tells which figure is held against
// it; the unit stands beside the values.
type Metric string

// The metrics.
const (
	// NonHeatingEnergyPerArea is energy of buildings without district heat, in
	// kgce/m2, by the standard's factor set.
	NonHeatingEnergyPerArea Metric = "non_heating_energy_per_area"
	// ElectricityPerArea is kWh/m2.
	ElectricityPerArea Metric = "electricity_per_area"
	// EnergyPerCapita is kgce/person, by the standard's factor set.
	EnergyPerCapita Metric = "energy_per_capita"
	// WaterPerCapita is m3/person.
	WaterPerCapita Metric = "water_per_capita"
)

// Standard is one class of one consumption standard. It is immutable.
type Standard struct {
	ID        string   `json:"id"`
	Standard  string   `json:"standard"`
	Chinese   string   `json:"zh"`
	English   string   `json:"en"`
	Class     string   `json:"class"`  // of institutions that it is meant for; "" is given only where asked for
	Region    string   `json:"region"` // codes that begin so; "" is everywhere
	Zone      string   `json:"zone"`   // climate zone, "" where it does not matter
	Mark      string   `json:"mark"`   // how well the values are known, see [Standards.Marks]
	FactorSet string   `json:"factor_set"`
	Limits    []Limits `json:"values"`
}

// Limits are the values of one metric.
type Limits struct {
	Metric     Metric  `json:"metric"`
	Unit       string  `json:"unit"`
	Constraint float64 `json:"constraint"`
	Base       float64 `json:"base"`
	Guide      float64 `json:"guide"`
}

// Quota gives the values as they are judged by.
func (l Limits) Quota() Quota { return Quota{l.Constraint, l.Base, l.Guide} }

// Standards are consumption standards as data.
type Standards struct {
	Marks map[string]string // what the marks of sources mean
	list  []Standard
	zones map[string]string // climate zone by code of a city
}

//go:embed data/quota.json
var quotas embed.FS

// LoadStandards reads the standards that ship.
func LoadStandards() (*Standards, error) {
	content, err := quotas.ReadFile("data/quota.json")
	if err != nil {
		return nil, fmt.Errorf("quotas: %w", err)
	}
	return ParseStandards(content)
}

// ParseStandards reads a file of standards. It refuses unknown fields, a standard
// without a source mark, and values that do not fall from constraint to guide.
func ParseStandards(content []byte) (*Standards, error) {
	var file struct {
		Marks map[string]string `json:"marks"`
		Zones struct {
			Source string   `json:"source"`
			A      []string `json:"A"`
			B      []string `json:"B"`
		} `json:"zones"`
		Standards []Standard `json:"standards"`
	}
	if err := jsonfile.Decode(content, &file); err != nil {
		return nil, fmt.Errorf("quotas: %w", err)
	}
	s := &Standards{Marks: file.Marks, list: file.Standards, zones: map[string]string{}}
	for zone, codes := range map[string][]string{"A": file.Zones.A, "B": file.Zones.B} {
		for _, code := range codes {
			if s.zones[code] != "" {
				return nil, fmt.Errorf("quotas: zones: %s stands in both", code)
			}
			s.zones[code] = zone
		}
	}
	seen := map[string]bool{}
	for _, one := range s.list {
		if err := one.check(s.Marks, seen); err != nil {
			return nil, fmt.Errorf("quotas: standard %q: %w", one.ID, err)
		}
	}
	return s, nil
}

func (s *Standard) check(marks map[string]string, seen map[string]bool) error {
	switch {
	case s.ID == "" || seen[s.ID]:
		return fmt.Errorf("id: want one of its own")
	case marks[s.Mark] == "":
		return fmt.Errorf("mark: got %q, want one that the file explains", s.Mark)
	case s.FactorSet == "" || len(s.Limits) == 0:
		return fmt.Errorf("got factor set %q and %d values, want both", s.FactorSet, len(s.Limits))
	}
	seen[s.ID] = true
	for _, l := range s.Limits {
		if !slices.Contains([]Metric{NonHeatingEnergyPerArea, ElectricityPerArea, EnergyPerCapita, WaterPerCapita}, l.Metric) {
			return fmt.Errorf("metric: got %q, want non_heating_energy_per_area, electricity_per_area, energy_per_capita or water_per_capita", l.Metric)
		}
		if v, err := l.Quota().Judge(0); err != nil || v == Unassessed || l.Unit == "" {
			return fmt.Errorf("values of %s: got %+v, want a unit and constraint >= base >= guide > 0", l.Metric, l)
		}
	}
	return nil
}

// Find gives a standard by its id.
func (s *Standards) Find(id string) (*Standard, bool) {
	for i := range s.list {
		if s.list[i].ID == id {
			return &s.list[i], true
		}
	}
	return nil, false
}

// IDs lists the ids in the order of the file.
func (s *Standards) IDs() []string {
	ids := make([]string, len(s.list))
	for i := range s.list {
		ids[i] = s.list[i].ID
	}
	return ids
}

// For gives the standards that are meant for a class at a place, whose regions
// are given from itself up to the province, in a climate zone (see
// [Standards.Zone]).
func (s *Standards) For(class string, regions []string, zone string) []*Standard {
	var list []*Standard
	for i := range s.list {
		one := &s.list[i]
		inRegion := one.Region == "" || slices.ContainsFunc(regions, func(code string) bool { return strings.HasPrefix(code, one.Region) })
		if one.Class != "" && one.Class == class && inRegion && (one.Zone == "" || one.Zone == zone) {
			list = append(list, one)
		}
	}
	return list
}

// Zone gives the climate zone of a place, "" where it is not known.
func (s *Standards) Zone(regions []string) string {
	for _, code := range regions {
		if zone := s.zones[code]; zone != "" {
			return zone
		}
	}
	return ""
}
