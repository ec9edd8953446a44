package page

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// frame is what surrounds every page.
type frame struct {
	words
	site *Site
	url  *url.URL

	Title    string
	Crumbs   []Link // from the top down to the page itself
	NotReady []string
	SignedIn bool // by a cookie, so that one can sign out
	Version  string
	HasChart bool
	Demo     bool // what is shown was made up in part
}

// Link is a link with its text.
type Link struct {
	Text, URL string
	Current   bool // it is the page itself, or the choice that is made
}

func (s *Site) frame(w http.ResponseWriter, r *http.Request) *frame {
	_, err := r.Cookie(TokenCookie)
	return &frame{words: chooseWords(w, r), site: s, url: r.URL, SignedIn: err == nil, Version: s.config.Version, Demo: s.config.Demo}
}

// Asset gives the address of a file that the page loads.
func (f *frame) Asset(name string) string {
	return "/assets/" + f.site.assets[name].version + "/" + name
}

// With gives the address of this page with one parameter changed; an empty value
// takes it away.
func (f *frame) With(parameter, value string) string {
	q := f.url.Query()
	if q.Set(parameter, value); value == "" {
		q.Del(parameter)
	}
	// two slashes at its start would make an address of another site
	path := "/" + strings.TrimLeft(f.url.EscapedPath(), "/")
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Here is the address of this page.
func (f *frame) Here() string { return f.url.RequestURI() }

// Languages links this page in each language.
func (f *frame) Languages() []Link {
	return []Link{
		{Text: "中文", URL: f.With("lang", chinese), Current: f.Lang == chinese},
		{Text: "English", URL: f.With("lang", english), Current: f.Lang == english},
	}
}

// visit is one request for a page, with the world at its time.
type visit struct {
	*frame
	site  *Site
	ask   Answers
	req   *http.Request
	world *registry.Registry
	today schema.Day
}

func (s *Site) visit(w http.ResponseWriter, r *http.Request) (*visit, error) {
	world, err := s.config.Answers.World(r.Context())
	if err != nil {
		return nil, err
	}
	v := &visit{frame: s.frame(w, r), site: s, ask: s.config.Answers, req: r, world: world}
	v.today = dayOf(s.config.Now().In(world.TimeZone))
	v.NotReady = v.ask.NotReady(v.context())
	return v, nil
}

// context is that of the request.
func (v *visit) context() context.Context { return v.req.Context() }

// dayOf gives the calendar day of a local time.
func dayOf(t time.Time) schema.Day { return schema.DayOf(t.Date()) }

// subject gives what the page is about, after a look at the caller's rights.
func (v *visit) subject(kind Kind) (Subject, error) {
	about := Subject{kind, v.req.PathValue("id")}
	return about, v.ask.Permit(v.context(), about)
}

// years gives the years that can be shown, and the one that is: the one asked
// for, else the last that has ended.
func (v *visit) years() (list []Link, year int) {
	plan := v.site.config.Plan
	now, _, _ := v.today.Date()
	last := min(plan.TargetYear, now)
	year = min(plan.TargetYear, max(now-1, plan.BaseYear))
	if asked, err := strconv.Atoi(v.req.URL.Query().Get("year")); err == nil && asked >= plan.BaseYear && asked <= last {
		year = asked
	}
	for y := plan.BaseYear; y <= last; y++ {
		list = append(list, Link{Text: strconv.Itoa(y), URL: v.With("year", strconv.Itoa(y)), Current: y == year})
	}
	return list, year
}

// choose marks the link of a text as the choice that is made.
func choose(links []Link, text string) {
	for i := range links {
		links[i].Current = links[i].Text == text
	}
}

// address gives the page of a subject.
func address(about Subject, more ...string) string {
	path := "/" + string(about.Kind) + "/" + url.PathEscape(about.ID)
	for _, m := range more {
		path += m
	}
	return path
}

// crumbs gives the way from the top of what the caller may see down to a subject.
func (v *visit) crumbs(about Subject) {
	var up []Link
	add := func(s Subject, name string) { up = append([]Link{{Text: name, URL: address(s)}}, up...) }
	region := ""
	switch about.Kind {
	case Meter:
		if versions := v.world.MeterVersions(about.ID); versions != nil {
			add(about, about.ID)
			region = v.climb(Subject{Building, versions[len(versions)-1].Building}, add)
		}
	case Building, Institution:
		region = v.climb(about, add)
	default:
		region = about.ID
	}
	reach := v.ask.Reach(v.context())
	for _, code := range v.world.RegionPath(region, v.today) {
		if reach.Kind == Institution {
			break
		}
		area, _ := v.world.Region(code, v.today)
		add(Subject{Region, code}, area.Name)
		if reach.Kind == Region && reach.ID == code {
			break
		}
	}
	if len(up) > 0 {
		up[len(up)-1].Current = true
	}
	v.Crumbs = up
}

// climb adds a building and its institution, or an institution, and gives the
// region of it.
func (v *visit) climb(about Subject, add func(Subject, string)) (region string) {
	if about.Kind == Building {
		b, ok := v.world.Building(about.ID)
		if !ok {
			return ""
		}
		add(about, nameOr(b.Name, b.ID))
		about = Subject{Institution, b.Institution}
	}
	index, ok := v.world.InstitutionIndex(about.ID)
	if !ok {
		return ""
	}
	inst := v.institution(index)
	add(about, nameOr(inst.Name, inst.ID))
	return inst.Region
}

// institution gives the version of an institution that holds, or the last.
func (v *visit) institution(index int32) schema.Institution {
	if inst, ok := v.world.InstitutionAt(index, v.today); ok {
		return inst
	}
	versions := v.world.InstitutionVersions(index)
	return versions[len(versions)-1]
}

func nameOr(name, id string) string {
	if name == "" {
		return id
	}
	return name
}

// zoneText names a calendar with its offset.
func zoneText(zone *time.Location, at time.Time) string {
	return fmt.Sprintf("%s (UTC%s)", zone, at.In(zone).Format("-07:00"))
}

// Legend explains the marks.
func (f *frame) Legend() []legendEntry {
	var list []legendEntry
	for _, m := range []string{"met", "good", "behind", "worse", "unknown"} {
		list = append(list, legendEntry{m, f.T("mark." + m)})
	}
	return list
}

type legendEntry struct{ Mark, Text string }

// Ranked gives a ranking to its template.
func (f *frame) Ranked(r *Ranking) any {
	return struct {
		Frame   *frame
		Ranking *Ranking
	}{f, r}
}
