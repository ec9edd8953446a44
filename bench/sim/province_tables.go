package sim

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// provinceTables writes the registry of the simulated province.
type provinceTables struct {
	regions                              *registry.Registry
	cities, counties                     []schema.Area
	departments, institutions, buildings bytes.Buffer
	floorArea, headcount, meters         bytes.Buffer
	named                                map[string]bool // departments written
	placed                               int             // institutions of counties
}

// today picks the regions that places are shared out to.
var today = schema.DayOf(LastYear, 1, 1)

func newProvinceTables(regions *registry.Registry) *provinceTables {
	t := &provinceTables{regions: regions, named: map[string]bool{}}
	for _, area := range regions.Regions {
		switch {
		case !area.Contains(today) || area.Parent == "":
		case strings.HasSuffix(area.ID, "00"):
			t.cities = append(t.cities, area)
		default:
			t.counties = append(t.counties, area)
		}
	}
	// counties of different cities follow each other, so that few institutions
	// still cover all cities
	slices.SortStableFunc(t.counties, func(a, b schema.Area) int { return strings.Compare(a.ID[4:], b.ID[4:]) })
	t.departments.WriteString("id,name,parent\n")
	t.institutions.WriteString("id,name,class,region,department,valid_from,valid_to\n")
	t.buildings.WriteString("id,institution,name\n")
	t.floorArea.WriteString("building,valid_from,area_m2\n")
	t.headcount.WriteString("institution,valid_from,people\n")
	t.meters.WriteString("id,building,carrier,use,kind,unit,register_max,max_rate,interval,gateway,valid_from\n")
	for _, s := range systems {
		fmt.Fprintf(&t.departments, "%s,%s（模拟）,\n", s.id, s.name)
	}
	return t
}

func (t *provinceTables) tables() registry.Tables {
	return registry.Tables{
		registry.RegionsFile:      registry.ShandongRegions(),
		registry.DepartmentsFile:  t.departments.Bytes(),
		registry.InstitutionsFile: t.institutions.Bytes(),
		registry.BuildingsFile:    t.buildings.Bytes(),
		registry.FloorAreaFile:    t.floorArea.Bytes(),
		registry.HeadcountFile:    t.headcount.Bytes(),
		registry.MetersFile:       t.meters.Bytes(),
	}
}

// place gives the n-th institution of an archetype its region and department.
func (t *provinceTables) place(a *archetype, n, number int) *institution {
	var home schema.Area
	switch a.level {
	case provincial:
		home, _ = t.regions.Region("370000", today)
	case city:
		home = t.cities[(n*5+number)%len(t.cities)] // 5 and 16 have no common factor: all come by
	default:
		home = t.counties[t.placed%len(t.counties)]
		t.placed++
	}
	inst := &institution{archetype: a, number: number, id: fmt.Sprintf("sim-%s-%04d", home.ID, number)}
	department := a.system
	if path := t.regions.RegionPath(home.ID, today); len(path) > 1 {
		inst.city = path[len(path)-2]
		department += "-" + inst.city
		t.department(department, a.system, inst.city)
	}
	name := fmt.Sprintf("%s%s%d号（模拟）", home.Name, a.name, number)
	since := ""
	for _, old := range predecessors(t.regions, home) {
		fmt.Fprintf(&t.institutions, "%s,%s,%s,%s,%s,,%s\n", inst.id, name, a.class, old.ID, department, home.From)
		since = home.From.String()
		break
	}
	fmt.Fprintf(&t.institutions, "%s,%s,%s,%s,%s,%s,\n", inst.id, name, a.class, home.ID, department, since)
	return inst
}

// department writes a system's branch in a city, once.
func (t *provinceTables) department(id, system, city string) {
	if t.named[id] {
		return
	}
	t.named[id] = true
	area, _ := t.regions.Region(city, today)
	for _, s := range systems {
		if s.id == system {
			fmt.Fprintf(&t.departments, "%s,%s%s（模拟）,%s\n", id, area.Name, s.name, system)
		}
	}
}

// predecessors lists the regions that ended on the day on which another one
// began within the simulated years, under the same parent.
func predecessors(regions *registry.Registry, home schema.Area) (old []schema.Area) {
	if home.From < schema.DayOf(FirstYear, 1, 1) {
		return nil
	}
	for _, area := range regions.Regions {
		if area.To == home.From && area.Parent == home.Parent {
			old = append(old, area)
		}
	}
	return old
}

// size writes an institution's building, areas and heads.
func (t *provinceTables) size(inst *institution) {
	building := inst.id + "-B1"
	fmt.Fprintf(&t.buildings, "%s,%s,主楼（模拟）\n", building, inst.id)
	for y := range inst.people {
		fmt.Fprintf(&t.floorArea, "%s,%d-01-01,%.0f\n", building, FirstYear+y, inst.area[y])
		fmt.Fprintf(&t.headcount, "%s,%d-01-01,%.0f\n", inst.id, FirstYear+y, inst.people[y])
	}
}

// meter writes a meter's row. sum is what it counts in all years.
func (t *provinceTables) meter(m *ProvinceMeter, sum float64) {
	registerMax, rate := "", ""
	if m.Kind == schema.Register {
		registerMax = "99999999.99"
		rate = fmt.Sprintf("%.0f", math.Ceil(sum/(months*730)*20)) // twenty times the mean
	}
	fmt.Fprintf(&t.meters, "%s,%s-B1,%s,%s,%s,%s,%s,%s,P31D,%s-G,%d-01-01\n",
		m.ID, m.Institution, m.Carrier, m.Use, m.Kind, m.Carrier.Unit(), registerMax, rate, m.Institution, FirstYear)
}
