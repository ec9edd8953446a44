package panel

import (
	"cmp"
	"slices"
	"sync"

	"jouleline/api/promql"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// entry is one series: its labels and what they speak of.
type entry struct {
	labels promql.Labels
	// about is what the series speaks of; reach decides by it.
	about query.Target
	// institution is the index of the institution that it belongs to, -1 for what
	// belongs to none.
	institution int32
	carrier     schema.Carrier
	use         schema.Use
	// measure and quota are what an indicator's or a quota's series speaks of.
	measure indicator.Measure
	quota   *quotaOf
}

// catalog is the labels of all series of one version of the registry, with
// institutions where they stand on a day. Each table is made when it is first
// asked for.
type catalog struct {
	s   *Panels
	w   *world.World
	day schema.Day
	// until is the day from which on something stands elsewhere.
	until schema.Day

	places       func() [][]string // labels of where each institution stands, in pairs
	meters       func() []entry    // one a meter
	buildings    func() []entry    // one a building, carrier and use
	accounts     func() []entry    // one an institution, carrier and use
	carriers     func() []entry    // one an institution and carrier
	institutions func() []entry
	regions      func() []entry
	departments  func() []entry
	classes      func() []entry
	houses       func() []entry // one a building
	stations     func() []entry
	quotas       func() []entry

	layouts layouts
	indexes indexes
}

// catalogs keeps the catalog of a world for the days that were asked for last.
type catalogs struct {
	mu   sync.Mutex // guards last
	last *catalog
}

// catalog gives the catalog of a world as of a day.
func (s *Panels) catalog(w *world.World, day schema.Day) *catalog {
	s.catalogs.mu.Lock()
	defer s.catalogs.mu.Unlock()
	if c := s.catalogs.last; c != nil && c.w == w && c.day <= day && day < c.until {
		return c
	}
	c := &catalog{s: s, w: w, day: day, until: movesAfter(w, day)}
	c.places = sync.OnceValue(c.makePlaces)
	c.meters = sync.OnceValue(c.makeMeters)
	c.buildings = sync.OnceValue(c.makeBuildings)
	c.accounts = sync.OnceValue(c.makeAccounts)
	c.carriers = sync.OnceValue(c.makeCarriers)
	c.institutions = sync.OnceValue(c.makeInstitutions)
	c.regions = sync.OnceValue(c.makeRegions)
	c.departments = sync.OnceValue(c.makeDepartments)
	c.classes = sync.OnceValue(c.makeClasses)
	c.houses = sync.OnceValue(c.makeHouses)
	c.stations = sync.OnceValue(c.makeStations)
	c.quotas = sync.OnceValue(c.makeQuotas)
	s.catalogs.last = c
	return c
}

// movesAfter gives the first day after a day on which a version of an institution,
// a region or a department begins or ends.
func movesAfter(w *world.World, day schema.Day) schema.Day {
	until := schema.Never
	see := func(v schema.Validity) {
		for _, d := range [2]schema.Day{v.From, v.To} {
			if d > day {
				until = min(until, d)
			}
		}
	}
	for i := range w.Institutions {
		see(w.Institutions[i].Validity)
	}
	for _, areas := range [2][]schema.Area{w.Regions, w.Departments} {
		for i := range areas {
			see(areas[i].Validity)
		}
	}
	return until
}

// regionLabels names a region by itself, its county, its city and its province:
// the third, second and first level of its tree.
func (c *catalog) regionLabels(code string) []string {
	path := c.w.RegionPath(code, c.day)
	slices.Reverse(path)
	pairs := []string{"region", code}
	for i, name := range []string{"province", "city", "county"} {
		if i < len(path) {
			pairs = append(pairs, name, path[i])
		}
	}
	return pairs
}

// makePlaces gives the labels that everything of an institution has.
func (c *catalog) makePlaces() [][]string {
	list := make([][]string, len(c.w.InstitutionIDs))
	regions := map[string][]string{}
	for i := range list {
		inst := c.w.InstitutionOn(int32(i), c.day)
		region, ok := regions[inst.Region]
		if !ok {
			region = c.regionLabels(inst.Region)
			regions[inst.Region] = region
		}
		list[i] = slices.Concat(region, []string{"institution", inst.ID, "class", string(inst.Class), "department", inst.Department})
	}
	return list
}

// with gives the labels of an institution with some more.
func (c *catalog) with(institution int32, more ...string) promql.Labels {
	return promql.LabelsOf(slices.Concat(c.places()[institution], more)...)
}

func (c *catalog) makeMeters() []entry {
	var rows []entry
	for i := range c.w.Meters {
		m := &c.w.Meters[i]
		if i+1 < len(c.w.Meters) && c.w.Meters[i+1].ID == m.ID {
			continue // the last version counts
		}
		owner, ok := c.w.Owner(m.Building)
		if !ok {
			continue
		}
		rows = append(rows, entry{
			labels: c.with(owner, "building", m.Building, "meter", m.ID, "carrier", m.Carrier.String(), "use", m.Use.String()),
			about:  query.Of(query.KindMeter, m.ID), institution: owner, carrier: m.Carrier, use: m.Use,
		})
	}
	return rows
}

// makeBuildings lists what is metered in each building by meters that count.
func (c *catalog) makeBuildings() []entry {
	var rows []entry
	for _, b := range c.w.Buildings {
		owner, ok := c.w.Owner(b.ID)
		if !ok {
			continue
		}
		seen := map[[2]uint8]bool{}
		for _, m := range c.w.MetersIn(b.ID) {
			key := [2]uint8{uint8(m.Carrier), uint8(c.useOf(m.ID))}
			if !m.Counts() || seen[key] {
				continue
			}
			seen[key] = true
			use := c.useOf(m.ID)
			rows = append(rows, entry{
				labels: c.with(owner, "building", b.ID, "carrier", m.Carrier.String(), "use", use.String()),
				about:  query.Of(query.KindBuilding, b.ID), institution: owner, carrier: m.Carrier, use: use,
			})
		}
	}
	return rows
}

// useOf gives the use of a meter: that of its last version.
func (c *catalog) useOf(meter string) schema.Use {
	versions := c.w.MeterVersions(meter)
	return versions[len(versions)-1].Use
}

// makeAccounts lists what counts to each institution, shares included.
func (c *catalog) makeAccounts() []entry {
	type account struct {
		institution int32
		carrier     schema.Carrier
		use         schema.Use
	}
	seen := map[account]bool{}
	var list []account
	for i := range c.w.Meters {
		m := &c.w.Meters[i]
		for _, claim := range c.w.Claims(m) {
			index, ok := c.w.InstitutionIndex(claim.Institution)
			a := account{index, m.Carrier, m.Use}
			if ok && !seen[a] {
				seen[a] = true
				list = append(list, a)
			}
		}
	}
	slices.SortFunc(list, func(a, b account) int {
		return cmp.Or(cmp.Compare(a.institution, b.institution), cmp.Compare(a.carrier, b.carrier), cmp.Compare(a.use, b.use))
	})
	rows := make([]entry, len(list))
	for i, a := range list {
		rows[i] = entry{
			labels: c.with(a.institution, "carrier", a.carrier.String(), "use", a.use.String()),
			about:  query.Of(string(indicator.ByInstitution), c.w.InstitutionIDs[a.institution]), institution: a.institution, carrier: a.carrier, use: a.use,
		}
	}
	return rows
}

// makeCarriers lists the accounts without their use.
func (c *catalog) makeCarriers() []entry {
	var rows []entry
	for _, a := range c.accounts() {
		if n := len(rows); n > 0 && rows[n-1].institution == a.institution && rows[n-1].carrier == a.carrier {
			continue
		}
		a.labels, a.use = c.with(a.institution, "carrier", a.carrier.String()), schema.UseNone
		rows = append(rows, a)
	}
	return rows
}
