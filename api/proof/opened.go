package proof

import (
	"fmt"
	"slices"

	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/world"
	"jouleline/metrics/consumption"
	"jouleline/metrics/explain"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// opened is the meters of a course that is explained.
type opened struct {
	*world.Circle
	// shares are the parts of meters that count, by meter.
	shares map[string][]explain.Share
}

// newOpened finds the meters of a subject. Of an institution that shares meters it
// finds those that it has a part of.
func newOpened(w *world.World, about query.Target, carrier string) (*opened, error) {
	c, err := w.Circle(about, carrier)
	if err != nil {
		return nil, err
	}
	o := &opened{Circle: c}
	if about.Kind != string(indicator.ByInstitution) || !w.SharesMeters(about.ID) {
		return o, nil
	}
	c.Members, c.IDs, c.Virtuals, c.Formulas, o.shares = nil, nil, nil, nil, map[string][]explain.Share{}
	for i := 0; i < len(w.Meters); {
		versions := w.MeterVersions(w.Meters[i].ID)
		i += len(versions)
		if versions[0].Carrier != c.Carrier {
			continue
		}
		if err := o.claimFormulas(w, about.ID, versions); err != nil {
			return nil, err
		}
		o.claim(w, about.ID, slices.DeleteFunc(slices.Clone(versions), func(m schema.Meter) bool { return m.Formula != "" }))
	}
	return o, nil
}

// claimFormulas adds the versions of a virtual meter that an institution has the
// whole of.
func (o *opened) claimFormulas(w *world.World, institution string, versions []schema.Meter) error {
	for v := range versions {
		for _, claim := range w.Claims(&versions[v]) {
			switch {
			case versions[v].Formula == "" || claim.Institution != institution:
			case !claim.IsWhole():
				return fmt.Errorf("%w: formula %s is divided among institutions: ask for meter=%s, and see its shares", problem.ErrQuestion, versions[v].ID, versions[v].ID)
			default:
				m := versions[v]
				m.Validity = claim.Validity
				w.GatherFormula(o.Circle, &m)
			}
		}
	}
	return nil
}

// claim adds a meter that an institution has the whole or a part of.
func (o *opened) claim(w *world.World, institution string, versions []schema.Meter) {
	if len(versions) == 0 {
		return
	}
	id := versions[0].ID
	number, ok := w.Number(id)
	facts, known := w.Facts(id)
	if !ok || !known {
		return
	}
	m := consumption.Member{Number: number, Facts: facts}
	var shares []explain.Share
	for v := range versions {
		claims := w.Claims(&versions[v])
		for from := 0; from < len(claims); {
			to := from + 1
			for to < len(claims) && claims[to].Validity == claims[from].Validity {
				to++
			}
			division := posting.Division{Meter: number, Validity: claims[from].Validity}
			at := -1
			for k, claim := range claims[from:to] {
				division.Shares = append(division.Shares, claim.Share)
				if claim.Institution == institution {
					at = k
				}
			}
			switch {
			case at >= 0 && claims[from+at].IsWhole():
				m.Counts = append(m.Counts, division.Validity)
			case at >= 0:
				shares = append(shares, explain.Share{Division: division, At: at})
			}
			from = to
		}
	}
	if m.Counts != nil || shares != nil {
		o.Members, o.IDs, o.shares[id] = append(o.Members, m), append(o.IDs, id), shares
	}
}
