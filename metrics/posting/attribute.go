package posting

import (
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Attribute tells which accounts the meters of a world count to. A meter counts
// to its building's institution, from the day its version holds. Sub-meters and
// meters that reconcile another one are not counted: their consumption is in the
// other meter's total already.
//
// number gives a meter's id, account the id of an account, making one where
// there is none.
func Attribute(r *registry.Registry, number func(meter string) (int32, bool), account func(institution string, carrier schema.Carrier, use schema.Use) int32) []Attribution {
	var list []Attribution
	for i := range r.Meters {
		m := &r.Meters[i]
		id, ok := number(m.ID)
		if !ok || !m.Counts() {
			continue
		}
		b, ok := r.Building(m.Building)
		if !ok {
			continue
		}
		list = append(list, Attribution{id, account(b.Institution, m.Carrier, m.Use), m.Validity})
	}
	return list
}
