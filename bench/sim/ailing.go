package sim

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// Trouble is a sort of fault of a meter or of the building behind it.
type Trouble string

// The troubles.
const (
	Healthy       Trouble = ""
	LeakingPipe   Trouble = "leak"           // water that runs day and night
	StuckMeter    Trouble = "stuck"          // a register that stands still, or an amount that repeats
	BaseLoadStep  Trouble = "base_load_step" // something new that never goes off
	NightSchedule Trouble = "night_schedule" // nights that are run like days
	SilentGateway Trouble = "silent"         // nothing comes from any of its meters
	SwappedMeter  Trouble = "swap"           // another meter of another ratio, which nobody reported
)

// Troubles lists what can be wrong.
var Troubles = [...]Trouble{LeakingPipe, StuckMeter, BaseLoadStep, NightSchedule, SilentGateway, SwappedMeter}

// Ailment is the truth about one meter: what was done to it, and when. To is not
// in it any more.
type Ailment struct {
	Meter    string
	Trouble  Trouble
	From, To schema.Instant
}

// AilingConfig chooses how many meters have each trouble, and how many none.
type AilingConfig struct {
	Seed             uint64
	PerTrouble, Well int
}

// Ailing is a year of hourly meters some of which have one fault each, for
// holding what is found against what was done. Buildings differ in size, habit,
// noise, holidays and weather; half of the meters show registers, half amounts.
// It is a pure function of its configuration and safe for concurrent use.
type Ailing struct {
	config   AilingConfig
	ailments []Ailment // one a meter
}

// The year that is simulated, and how its meters are grouped.
const (
	ailingYear         = 2024
	ailingDays         = 366
	ailingHours        = 24 * ailingDays
	metersOfGateway    = 2
	metersOfAilingSite = 8
)

// NewAiling draws what goes wrong with whom. The number of meters with a trouble
// is even, since gateways have two.
func NewAiling(config AilingConfig) (*Ailing, error) {
	if config.PerTrouble < 0 || config.PerTrouble%metersOfGateway != 0 || config.Well < 0 || config.Well%metersOfGateway != 0 {
		return nil, fmt.Errorf("ailing meters: got %d with each trouble and %d well, want even numbers", config.PerTrouble, config.Well)
	}
	a := &Ailing{config: config}
	for _, trouble := range Troubles {
		for range config.PerTrouble {
			a.ailments = append(a.ailments, Ailment{Trouble: trouble})
		}
	}
	a.ailments = append(a.ailments, make([]Ailment, config.Well)...)
	for m := range a.ailments {
		x := &a.ailments[m]
		x.Meter = fmt.Sprintf("ailing-%04d", m)
		if x.Trouble == Healthy {
			continue
		}
		drawn := m
		if x.Trouble == SilentGateway {
			drawn -= m % metersOfGateway // one outage for all meters of the gateway
		}
		from, hours := x.Trouble.draw(a.random(drawn, drawFault))
		x.From = a.at(from)
		x.To = a.at(min(from+hours, ailingHours))
	}
	return a, nil
}

// What is drawn for a meter, each from its own source.
const (
	drawFault = iota + 1
	drawSize
	drawBuilding
)

func (a *Ailing) random(meter int, what uint64) *rand.Rand {
	return rand.New(rand.NewPCG(mix(a.config.Seed, uint64(meter), what), what))
}

// at is the beginning of an hour of the year.
func (a *Ailing) at(hour int) schema.Instant {
	return localMidnight(schema.DayOf(ailingYear, 1, 1)) + schema.Instant(int64(hour)*schema.Hour)
}

// Stretch is the year.
func (a *Ailing) Stretch() (from, to schema.Instant) { return a.at(0), a.at(ailingHours) }

// Ailments gives the truth, a row a meter.
func (a *Ailing) Ailments() []Ailment { return a.ailments }

// InstitutionOf is the institution of a meter, by its position among the ailments.
func (a *Ailing) InstitutionOf(meter int) string {
	return fmt.Sprintf("ailing-%03d", meter/metersOfAilingSite)
}

// isWater tells what a meter counts: water where it leaks, for half of the healthy
// gateways and a quarter of the silent ones, else electricity.
func (a *Ailing) isWater(meter int) bool {
	gateway := meter / metersOfGateway
	switch a.ailments[meter].Trouble {
	case LeakingPipe:
		return true
	case Healthy:
		return gateway%2 == 0
	case SilentGateway:
		return gateway%4 == 0
	}
	return false
}

// isRegister tells whether a meter shows a register: one of each gateway does.
func (a *Ailing) isRegister(meter int) bool { return meter%metersOfGateway == 0 }

// Len is the number of readings that would come if all came.
func (a *Ailing) Len() int { return len(a.ailments) * (ailingHours + 1) }

// Readings gives the readings meter by meter, in order of time.
func (a *Ailing) Readings() iter.Seq[schema.Reading] {
	return func(yield func(schema.Reading) bool) {
		for m := range a.ailments {
			for _, r := range a.readingsOf(m) {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// readingsOf turns the hours of a meter into readings: amounts that begin with
// their hour, or what the register shows at its end.
func (a *Ailing) readingsOf(meter int) []schema.Reading {
	x := &a.ailments[meter]
	rng := a.random(meter, drawBuilding)
	resolution := schema.Quantity(schema.Micro / 100)
	var hours []float64
	if a.isWater(meter) {
		hours, resolution = tapYear(rng), schema.Micro/1000
	} else {
		hours = officeYear(rng)
	}
	from, to := int((x.From-a.at(0))/schema.Instant(schema.Hour)), int((x.To-a.at(0))/schema.Instant(schema.Hour))
	x.Trouble.spoil(hours, from, to, a.random(meter, drawSize))
	if x.Trouble == StuckMeter && a.isRegister(meter) {
		clear(hours[from:to]) // a register that is stuck stands still
	}
	isSilent := func(hour int) bool { return x.Trouble == SilentGateway && hour >= from && hour < to }

	list := make([]schema.Reading, 0, ailingHours+1)
	if !a.isRegister(meter) {
		for h, amount := range hours {
			if !isSilent(h) {
				list = append(list, schema.Reading{Meter: x.Meter, Time: a.at(h + 1), Value: rounded(amount, resolution)})
			}
		}
		return list
	}
	shown := 1000 * math.Round(between(rng, 1, 40))
	list = append(list, schema.Reading{Meter: x.Meter, Time: a.at(0), Value: rounded(shown, resolution)})
	for h, amount := range hours {
		if x.Trouble == SwappedMeter && h == from {
			shown = 0 // the new one begins
		}
		shown += amount
		if !isSilent(h) {
			list = append(list, schema.Reading{Meter: x.Meter, Time: a.at(h + 1), Value: rounded(shown, resolution)})
		}
	}
	return list
}

// Tables is the registry of the meters. It knows nothing of what is wrong.
func (a *Ailing) Tables() registry.Tables {
	institutions := []byte("id,name,class,region\n")
	buildings := []byte("id,institution\n")
	meters := []byte("id,building,carrier,kind,unit,register_max,interval,gateway\n")
	for m := range a.ailments {
		site := a.InstitutionOf(m)
		if m%metersOfAilingSite == 0 {
			institutions = fmt.Appendf(institutions, "%s,模拟机构（含故障）%d,other,%s\n", site, m/metersOfAilingSite+1, loadRegions[m/metersOfAilingSite%len(loadRegions)])
			buildings = fmt.Appendf(buildings, "%s-B,%s\n", site, site)
		}
		carrier, unit := "electricity", "kWh"
		if a.isWater(m) {
			carrier, unit = "water", "m3"
		}
		kind, most := "delta", ""
		if a.isRegister(m) {
			kind, most = "register", "99999999.999"
		}
		meters = fmt.Appendf(meters, "%s,%s-B,%s,%s,%s,%s,PT1H,ailing-G%04d\n", a.ailments[m].Meter, site, carrier, kind, unit, most, m/metersOfGateway)
	}
	return registry.Tables{
		registry.RegionsFile: registry.ShandongRegions(), registry.InstitutionsFile: institutions,
		registry.BuildingsFile: buildings, registry.MetersFile: meters,
	}
}
