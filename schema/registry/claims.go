package registry

import (
	"cmp"
	"slices"
	"sort"

	"jouleline/schema"
)

// Claim is the part of a meter's consumption that counts to one institution on
// some local days. Share is 1 where the meter is not divided.
type Claim struct {
	Institution string
	Share       schema.Ratio
	schema.Validity
}

// IsWhole tells that nobody else has a part of the meter.
func (c *Claim) IsWhole() bool { return c.Share == schema.One }

// Claims tells to which institutions a version of a meter counts: to its
// building's owner, less what shares.csv gives to others. A meter that does not
// count has no claims. Claims of the same days sum to 1; the owner, who has what
// is left over, comes last.
func (r *Registry) Claims(m *schema.Meter) []Claim {
	owner, ok := r.buildings[m.Building]
	if !ok || !m.Counts() {
		return nil
	}
	institution := r.Buildings[owner].Institution
	shares := r.sharesOf(m.ID)
	if len(shares) == 0 {
		return []Claim{{institution, schema.One, m.Validity}}
	}
	var claims []Claim
	held := map[string]schema.Ratio{}
	from := m.From
	for i := 0; i <= len(shares); i++ {
		until := m.To
		if i < len(shares) {
			until = min(until, max(from, shares[i].From))
		}
		if from < until {
			claims = append(claims, divide(institution, held, schema.Validity{From: from, To: until})...)
			from = until
		}
		if i < len(shares) {
			institution := r.ownerOf(shares[i].Target)
			held[institution] = r.heldBy(shares[:i+1], institution)
		}
	}
	return claims
}

// divide makes the claims of some days: what each institution holds, and the
// rest for the owner.
func divide(owner string, held map[string]schema.Ratio, days schema.Validity) []Claim {
	var claims []Claim
	rest := schema.One
	for institution, share := range held {
		if share.Num == 0 {
			continue
		}
		claims = append(claims, Claim{institution, share, days})
		rest = minus(rest, share)
	}
	slices.SortFunc(claims, func(a, b Claim) int { return cmp.Compare(a.Institution, b.Institution) })
	if rest.Num > 0 {
		claims = append(claims, Claim{owner, rest, days})
	}
	return claims
}

// heldBy sums what the latest shares give to the targets of an institution.
func (r *Registry) heldBy(shares []schema.Share, institution string) schema.Ratio {
	latest := map[string]schema.Ratio{}
	for _, s := range shares {
		if r.ownerOf(s.Target) == institution {
			latest[s.Target] = s.Share
		}
	}
	sum := schema.Ratio{Num: 0, Den: 1}
	for _, share := range latest {
		sum = plus(sum, share)
	}
	return sum
}

// ownerOf gives the institution of a share's target: a building's owner, or the
// institution itself.
func (r *Registry) ownerOf(target string) string {
	if b, ok := r.buildings[target]; ok {
		return r.Buildings[b].Institution
	}
	return target
}

// sharesOf gives a meter's shares in order of time.
func (r *Registry) sharesOf(meter string) []schema.Share {
	from := sort.Search(len(r.Shares), func(i int) bool { return r.Shares[i].Meter >= meter })
	to := sort.Search(len(r.Shares), func(i int) bool { return r.Shares[i].Meter > meter })
	list := slices.Clone(r.Shares[from:to])
	slices.SortStableFunc(list, func(a, b schema.Share) int { return cmp.Compare(a.From, b.From) })
	return list
}

// plus and minus are exact: a share has at most six decimals, so denominators
// stay below 10^6 and their products below 10^12.
func plus(a, b schema.Ratio) schema.Ratio {
	return reduced(a.Num*b.Den+b.Num*a.Den, a.Den*b.Den)
}

func minus(a, b schema.Ratio) schema.Ratio {
	return reduced(a.Num*b.Den-b.Num*a.Den, a.Den*b.Den)
}

func reduced(num, den int64) schema.Ratio {
	a, b := max(num, -num), den
	for b != 0 {
		a, b = b, a%b
	}
	return schema.Ratio{Num: num / max(a, 1), Den: den / max(a, 1)}
}
