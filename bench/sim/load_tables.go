package sim

import (
	"fmt"
	"strconv"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// loadRegions are the regions of the institutions of a load.
var loadRegions = [...]string{"370102", "370202", "370302", "370602", "370702", "370811", "370902", "371302"}

func institutionOf(meter, perInstitution int) int { return meter / perInstitution }

// appendInstitution writes an institution's id.
func appendInstitution(dst []byte, institution int) []byte {
	dst = append(dst, loadRegions[institution%len(loadRegions)]...)
	dst = append(dst, '-')
	for limit := 100_000; limit > 1 && institution < limit; limit /= 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(institution), 10)
}

// meterIDs writes all ids into one text: a million meters then are one
// allocation.
func meterIDs(meters, perInstitution int) []string {
	ends := make([]int, meters)
	var text []byte
	for m := range meters {
		text = appendInstitution(text, institutionOf(m, perInstitution))
		text = append(text, "-E"...)
		if m%perInstitution < 9 {
			text = append(text, '0')
		}
		text = strconv.AppendInt(text, int64(m%perInstitution+1), 10)
		ends[m] = len(text)
	}
	all, ids, start := string(text), make([]string, meters), 0
	for m, end := range ends {
		ids[m], start = all[start:end], end
	}
	return ids
}

// register gives what a meter's register shows at first, and its modulus.
func (l *Load) register(m int) (shown, modulus int64) {
	seed := l.config.Seed
	if chosen(mix(seed, uint64(m), drawRollover), l.config.Disorder.Rollovers) {
		return smallRegisterMax - int64(mix(seed, uint64(m), drawRolloverShown)%4096), smallRegisterMax + 1
	}
	return int64(mix(seed, uint64(m), drawShown) & 0x3fffff), registerMax + 1 // up to 41943.03 kWh
}

// swapStep gives the step before whose reading a meter's register is replaced.
func (l *Load) swapStep(m int) (step int, ok bool) {
	if l.steps < 3 || !chosen(mix(l.config.Seed, uint64(m), drawSwap), l.config.Disorder.Swaps) {
		return 0, false
	}
	return 1 + int(mix(l.config.Seed, uint64(m), drawSwapStep)%uint64(l.steps-1)), true
}

// chosen tells whether random bits fall into a part of all.
func chosen(random uint64, part float64) bool {
	return float64(random>>11)/(1<<53) < part
}

// afterSwap is what the new register shows at the first reading after a swap:
// the swap is in the middle, and the new register begins at zero.
func (l *Load) afterSwap(increment int64) int64 { return increment - increment/2 }

// Tables is the registry of a load: its meters, with the events of those whose
// register is replaced.
func (l *Load) Tables() registry.Tables {
	var institutions, buildings, meters, events []byte
	institutions = append(institutions, "id,name,class,region\n"...)
	buildings = append(buildings, "id,institution\n"...)
	meters = append(meters, "id,building,carrier,kind,unit,register_max,max_rate,interval\n"...)
	events = append(events, "meter,time,event,final,initial\n"...)
	interval := fmt.Sprintf("PT%dS", l.config.Interval/schema.Second)
	for m, id := range l.ids {
		owner := institutionOf(m, l.config.PerInstitution)
		if m%l.config.PerInstitution == 0 {
			institutions = appendInstitution(institutions, owner)
			institutions = append(institutions, ",模拟机构,state_organ,"...)
			institutions = append(institutions, loadRegions[owner%len(loadRegions)]...)
			institutions = append(institutions, '\n')
			buildings = appendInstitution(buildings, owner)
			buildings = append(buildings, "-B,"...)
			buildings = appendInstitution(buildings, owner)
			buildings = append(buildings, '\n')
		}
		meters = append(meters, id...)
		meters = append(meters, ',')
		meters = appendInstitution(meters, owner)
		meters = append(meters, "-B,electricity,register,kWh,"...)
		meters = schema.Quantity((l.moduli[m] - 1) * cent).Append(meters)
		meters = append(meters, ",100,"...) // kWh in an hour: twice what any meter reaches
		meters = append(meters, interval...)
		meters = append(meters, '\n')
		if step, ok := l.swapStep(m); ok {
			at := l.timeOf(step) - schema.Instant(l.config.Interval/2)
			events = fmt.Appendf(events, "%s,%s,swap,%s,0\n", id, at, schema.Quantity(l.atSwap(m, step)*cent))
		}
	}
	return registry.Tables{
		registry.RegionsFile:      registry.ShandongRegions(),
		registry.InstitutionsFile: institutions, registry.BuildingsFile: buildings,
		registry.MetersFile: meters, registry.EventsFile: events,
	}
}

// atSwap is what the old register shows at its end: it is counted through once
// more, since increments are functions of meter and step.
func (l *Load) atSwap(m, step int) int64 {
	shown, modulus := l.register(m)
	for s := 1; s <= step; s++ {
		increment := l.increment(m, s, l.shapeOf(s))
		if s == step {
			increment /= 2
		}
		if shown += increment; shown >= modulus {
			shown -= modulus
		}
	}
	return shown
}
