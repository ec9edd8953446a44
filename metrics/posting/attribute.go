package posting

import (
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Attribute tells which accounts the meters of a world count to. A meter counts
// to its building's institution, from the day its version holds. Sub-meters and
// meters that reconcile another one are not counted: their consumption is in the
// other meter's total already. Days on which a meter is divided are left to
// [Divide], virtual meters to [Formulas].
//
// number gives a meter's id, account the id of an account, making one where
// there is none.
func Attribute(r *registry.Registry, number func(meter string) (int32, bool), account func(institution string, carrier schema.Carrier, use schema.Use) int32) []Attribution {
	var list []Attribution
	for i := range r.Meters {
		m := &r.Meters[i]
		id, ok := number(m.ID)
		if !ok || m.Formula != "" { // computed, see Formulas
			continue
		}
		for _, c := range r.Claims(m) {
			if c.IsWhole() {
				list = append(list, Attribution{id, account(c.Institution, m.Carrier, m.Use), c.Validity})
			}
		}
	}
	return list
}
