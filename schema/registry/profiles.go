package registry

import (
	"cmp"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"jouleline/schema"
)

var profileColumns = []column{
	{"meter", true}, {"valid_from", true}, {"day_type", true}, {"hour", true}, {"weight", true},
	{"version", true}, {"author", true}, {"reason", true},
}

// profileRow is one hour of a profile.
type profileRow struct {
	meter                   string
	from                    schema.Day
	day                     schema.DayType
	hour                    int
	weight                  schema.Quantity
	version, author, reason string
}

func (r *profileRow) sameProfile(s *profileRow) bool { return r.meter == s.meter && r.from == s.from }

func (r *profileRow) place() string { return fmt.Sprintf("%s hour %d", r.day, r.hour) }

// profiles reads the profiles of meters, one row an hour and type of day. A
// profile that lacks an hour is refused: nobody said what passes in it.
func (b *builder) profiles() {
	const (
		meter = iota
		from
		dayType
		hour
		weight
		version
		author
		reason
	)
	d := &lined[profileRow]{compare: func(p, q *profileRow) int {
		return cmp.Or(strings.Compare(p.meter, q.meter), cmp.Compare(p.from, q.from), cmp.Compare(p.day, q.day), cmp.Compare(p.hour, q.hour))
	}}
	failed := false
	b.read(ProfilesFile, func(r *row) string {
		p := profileRow{
			meter:   b.reference(r, meter, MetersFile, b.reg.meters),
			from:    r.day(from, schema.Always),
			day:     word(r, dayType, schema.ParseDayType),
			hour:    word(r, hour, parseHour),
			version: b.keep(r.text(version)),
			author:  b.keep(r.text(author)),
			reason:  b.keep(r.text(reason)),
		}
		p.weight, _ = r.amount(weight)
		if !r.failed && (p.weight > schema.MaxProfileWeight || p.weight%schema.ProfileWeightStep != 0) {
			r.bad(weight, "got %s, want at most %s with at most three decimals: only the ratios of weights count", p.weight, schema.MaxProfileWeight)
		}
		if failed = failed || r.failed; !r.failed {
			d.add(p, r.line)
		}
		return ""
	})
	d.settle(func(p *profileRow, line, earlier int32) {
		failed = true
		b.badLine(ProfilesFile, line, "hour", "the %s of the profile of %q from this day stands in line %d already", p.place(), p.meter, earlier)
	})
	if failed {
		return // an hour that is missing may stand in a refused row
	}
	for first := 0; first < len(d.rows); {
		end := first + 1
		for end < len(d.rows) && d.rows[end].sameProfile(&d.rows[first]) {
			end++
		}
		b.profile(d.rows[first:end], d.lines[first:end])
		first = end
	}
}

// profile makes a profile of its rows, which are sorted and differ.
func (b *builder) profile(rows []profileRow, lines []int32) {
	first := &rows[0]
	p := schema.Profile{Meter: first.meter, From: first.from, Version: first.version, Author: first.author, Reason: first.reason}
	next := 0
	var missing []string
	for day := schema.Workday; day < schema.DayTypes; day++ {
		for hour := range p.Weights[day] {
			want := profileRow{day: day, hour: hour}
			if next == len(rows) || rows[next].day != day || rows[next].hour != hour {
				missing = append(missing, want.place())
				continue
			}
			r := &rows[next]
			if r.version != p.Version || r.author != p.Author || r.reason != p.Reason {
				b.badLine(ProfilesFile, lines[next], "version", "the profile of %q from %s has version %q by %q (%s) in line %d, want one version, author and reason in all its rows",
					p.Meter, p.From, p.Version, p.Author, p.Reason, lines[0])
			}
			p.Weights[day][hour] = r.weight
			next++
		}
	}
	if missing != nil {
		b.badLine(ProfilesFile, lines[0], "hour", "the profile of %q from %s lacks %d of 48 hours: %s", p.Meter, p.From, len(missing), strings.Join(missing, ", "))
	}
	b.reg.Profiles = append(b.reg.Profiles, p)
}

func parseHour(text string) (int, error) {
	hour, err := strconv.ParseUint(text, 10, 8)
	if err != nil || hour > 23 {
		return 0, fmt.Errorf("got %q, want an hour from 0 to 23", text)
	}
	return int(hour), nil
}

// ProfilesOf gives the profiles of a meter in order of time.
func (r *Registry) ProfilesOf(meter string) []schema.Profile {
	from := sort.Search(len(r.Profiles), func(i int) bool { return r.Profiles[i].Meter >= meter })
	to := sort.Search(len(r.Profiles), func(i int) bool { return r.Profiles[i].Meter > meter })
	return r.Profiles[from:to]
}

func writeProfile(w *csvText, p *schema.Profile) {
	for day := schema.Workday; day < schema.DayTypes; day++ {
		for hour, weight := range p.Weights[day] {
			w.row(p.Meter, p.From.String(), day.String(), strconv.Itoa(hour), weight.String(), p.Version, p.Author, p.Reason)
		}
	}
}
