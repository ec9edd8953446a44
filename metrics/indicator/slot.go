package indicator

import (
	"iter"
	"math/bits"

	"jouleline/schema"
)

// slot is a carrier with its use: the grain at which figures are metered and
// declared.
type slot uint8

// slotCount is carriers x uses.
const slotCount = 2 * slot(schema.Other)

func slotOf(carrier schema.Carrier, use schema.Use) slot {
	s := 2 * slot(carrier-1)
	if use == schema.ForVehicle {
		s++
	}
	return s
}

func (s slot) carrier() schema.Carrier { return schema.Carrier(s/2) + 1 }

func (s slot) isVehicle() bool { return s%2 == 1 }

// String gives text such as "gasoline" or "gasoline:vehicle".
func (s slot) String() string {
	if s.isVehicle() {
		return s.carrier().String() + ":" + schema.ForVehicle.String()
	}
	return s.carrier().String()
}

// slotSet is a set of slots.
type slotSet uint32

func (s slot) set() slotSet { return 1 << s }

func (set slotSet) has(s slot) bool { return set&s.set() != 0 }

// all visits the members in the order of carriers.
func (set slotSet) all() iter.Seq[slot] {
	return func(yield func(slot) bool) {
		for rest := set; rest != 0; rest &= rest - 1 {
			if !yield(slot(bits.TrailingZeros32(uint32(rest)))) {
				return
			}
		}
	}
}

// The sets that contents are made of.
const (
	everySlot    slotSet = 1<<slotCount - 1
	vehicleSlots slotSet = 0xaaaaaaaa & everySlot
	waterSlots   slotSet = 3 << (2 * (schema.Water - 1))
	gridSlots    slotSet = 3 << (2 * (schema.Electricity - 1))
	energySlots          = everySlot &^ waterSlots
)

// slotsOf gives the slots whose quantities make up a content.
func (w *weights) slotsOf(c content) slotSet {
	switch c {
	case buildingEnergy:
		return energySlots &^ vehicleSlots
	case allEnergy:
		return energySlots
	case water:
		return waterSlots
	}
	if w.carbonWithVehicles {
		return energySlots
	}
	return energySlots &^ vehicleSlots
}
