package explain

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"jouleline/metrics/calendar"
	"jouleline/metrics/consumption"
	"jouleline/metrics/exact"
	"jouleline/schema"
)

// Member is what one institution of a group used of a carrier.
type Member struct {
	Institution, Name string
	consumption.Amounts
}

// Group is the consumption of a group of institutions over whole local days.
type Group struct {
	Label   string
	Carrier schema.Carrier
	Days    schema.Validity
	// Zone is the calendar of the group, ZoneOf that of an institution.
	Zone    *calendar.Zone
	ZoneOf  func(institution string) (*calendar.Zone, error)
	Members []Member
	// Of the institutions, the largest first, Skip are passed over and Limit
	// listed. Those before and after them are a part each, so that every page adds
	// up.
	Skip, Limit int
}

// Open opens the consumption of the group down to its institutions, each of which
// can be opened further. Members of which nothing is known come last. Its value
// is the sum of all of them, nil where nothing is known of any.
func (g *Group) Open() (*Node, error) {
	members := slices.Clone(g.Members)
	slices.SortFunc(members, func(a, b Member) int {
		return cmp.Or(cmp.Compare(min(b.Known, 1), min(a.Known, 1)), cmp.Compare(b.Quantity, a.Quantity), strings.Compare(a.Institution, b.Institution))
	})
	first := min(g.Skip, len(members))
	last := min(first+g.Limit, len(members))
	root := g.sum(g.Label, members, g.Zone)
	root.Kind = OfConsumption
	root.How = "sum of the institutions"
	if first > 0 {
		n := g.sum(fmt.Sprintf("%d institutions before these", first), members[:first], g.Zone)
		n.Kind, n.Name = Before, strconv.Itoa(first)
		root.add(n)
	}
	for i := first; i < last; i++ {
		m := &members[i]
		zone, err := g.ZoneOf(m.Institution)
		if err != nil {
			return nil, fmt.Errorf("calendar of institution %s: %w", m.Institution, err)
		}
		n := g.sum(strings.TrimSpace(m.Institution+" "+m.Name), members[i:i+1], zone)
		n.Kind, n.Name = Named, n.Label
		n.Op, n.How, n.Open = Given, "", &Open{Institution: m.Institution, Carrier: g.Carrier}
		root.add(n)
	}
	if last < len(members) {
		n := g.sum(fmt.Sprintf("%d institutions after these", len(members)-last), members[last:], g.Zone)
		n.Kind, n.Name = After, strconv.Itoa(len(members)-last)
		root.add(n)
	}
	if first > 0 || last < len(members) {
		root.Notes = append(root.Notes, fmt.Sprintf("institutions %d to %d of %d, the largest first", first+1, last, len(members)))
	}
	return root, nil
}

// sum gives what some members used together.
func (g *Group) sum(label string, members []Member, zone *calendar.Zone) *Node {
	n := &Node{Label: label, Unit: g.Carrier.Unit().String(), Op: Sum, How: "sum of those that are not listed", From: zone.Start(g.Days.From), To: zone.Start(g.Days.To)}
	var quantity, estimated exact.Sum
	for i := range members {
		m := &members[i]
		quantity.Add(int64(m.Quantity))
		estimated.Add(int64(m.Estimated))
		n.Known += m.Known
		n.Expected += m.Expected
	}
	if n.Known == 0 {
		n.Notes = append(n.Notes, "nothing is known of this stretch")
		return n
	}
	micro := big.NewInt(schema.Micro)
	n.Value, n.Estimated = new(big.Rat).SetFrac(quantity.Int(), micro), new(big.Rat).SetFrac(estimated.Int(), micro)
	return n
}
