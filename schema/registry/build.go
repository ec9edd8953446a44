package registry

import (
	"fmt"
	"io/fs"
	"strings"
	"time"
	_ "time/tzdata" // a zone's name means the same on every machine

	"jouleline/schema"
)

// Options are the defaults that tables may leave out. The zero value means the
// values named here.
type Options struct {
	// TimeZone is the IANA name of the calendar of buildings that name none:
	// Asia/Shanghai.
	TimeZone string
	// Interval is the expected distance of readings in milliseconds: one hour,
	// and 31 days for bills, whatever stands here.
	Interval int64
	// GapIntervals is how many intervals a meter's gap limit has: 3.
	GapIntervals int64
}

// DefaultTimeZone is the calendar of a deployment that names none.
const DefaultTimeZone = "Asia/Shanghai"

func (o Options) filled() Options {
	if o.TimeZone == "" {
		o.TimeZone = DefaultTimeZone
	}
	if o.Interval == 0 {
		o.Interval = schema.Hour
	}
	if o.GapIntervals == 0 {
		o.GapIntervals = 3
	}
	return o
}

// Load reads and builds a folder or archive of tables. The error is an *Errors
// where the tables are at fault.
func Load(fsys fs.FS, opt Options) (*Registry, error) {
	tables, err := ReadTables(fsys)
	if err != nil {
		return nil, err
	}
	return Build(tables, opt)
}

// Build makes a registry of raw tables; tables that are missing are empty. One
// bad row refuses all of them: the error then is an *Errors, or a plain error
// where the options are at fault.
func Build(tables Tables, opt Options) (*Registry, error) {
	if opt.Interval < 0 || opt.GapIntervals < 0 {
		return nil, fmt.Errorf("default interval and gap limit: got %d ms and %d intervals, want none negative", opt.Interval, opt.GapIntervals)
	}
	opt = opt.filled()
	zone, err := loadZone(opt.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("default time zone: %w", err)
	}
	b := &builder{
		opt: opt, tables: tables, reg: &Registry{TimeZone: zone},
		texts: map[string]string{}, zones: map[string]*time.Location{"": zone},
		refused: map[string]map[string]bool{}, unread: map[string]bool{},
	}
	for name := range tables {
		if !isTable(name) {
			b.errs.add(Problem{File: name, Reason: "unknown table: want " + strings.Join(Files(), ", ")})
		}
	}
	for _, read := range []func(){
		b.regions, b.departments, b.stations, b.institutions, b.buildings, b.floorArea, b.headcount,
		b.meters, b.shares, b.learned, b.profiles, b.events, b.weather, b.declared, b.baselines, b.adjustments, b.tariffs,
	} {
		read()
		b.locate()
	}
	if len(b.errs.Problems) > 0 {
		return nil, &b.errs
	}
	return b.reg, nil
}

// builder fills a registry table by table, in the order in which tables refer to
// each other.
type builder struct {
	opt     Options
	tables  Tables
	reg     *Registry
	errs    Errors
	located int // problems before this one have their column
	texts   map[string]string
	zones   map[string]*time.Location
	// refused holds the ids of refused rows by table, unread the tables whose
	// header was wrong: a reference to one of them is no second problem.
	refused map[string]map[string]bool
	unread  map[string]bool
}

// read visits the rows of a table. Where a visit refuses its row, the id that it
// gave back is remembered.
func (b *builder) read(file string, visit func(*row) (id string)) {
	for _, s := range sheets {
		if s.file != file {
			continue
		}
		ok := s.scan(b.tables[file], &b.errs, func(r *row) {
			id := visit(r)
			if !r.failed {
				return
			}
			if b.refused[file] == nil {
				b.refused[file] = map[string]bool{}
			}
			b.refused[file][strings.Clone(id)] = true
		})
		b.unread[file] = !ok
	}
}

// keep gives a copy of a text that outlives its row; equal texts share one.
func (b *builder) keep(text string) string {
	if text == "" {
		return ""
	}
	if kept, ok := b.texts[text]; ok {
		return kept
	}
	kept := strings.Clone(text)
	b.texts[kept] = kept
	return kept
}

// known tells whether an id stands in a table, by its index or among the rows
// that were refused for another reason.
func (b *builder) known(file string, index map[string]int32, id string) bool {
	if _, ok := index[id]; ok {
		return true
	}
	return b.refused[file][id] || b.unread[file]
}

// reference gives a field that must name a row of another table; empty is no
// reference.
func (b *builder) reference(r *row, c int, file string, index map[string]int32) string {
	id := r.text(c)
	if id != "" && !b.known(file, index, id) {
		r.bad(c, "got %q, which is not in %s", id, file)
	}
	return b.keep(id)
}

// badLine reports a problem that was found after all rows were read.
func (b *builder) badLine(file string, line int32, field, format string, args ...any) {
	b.errs.add(Problem{File: file, Line: int(line), Field: field, Reason: fmt.Sprintf(format, args...)})
}

// locate finds the columns of the problems that were added since the last call.
func (b *builder) locate() {
	for _, s := range sheets {
		var problems []*Problem
		for i := b.located; i < len(b.errs.Problems); i++ {
			p := &b.errs.Problems[i]
			if p.File == s.file && p.Line > 0 && p.Column == 0 && p.Field != "" && !b.unread[s.file] {
				problems = append(problems, p)
			}
		}
		if len(problems) > 0 {
			s.locate(b.tables[s.file], problems)
		}
	}
	b.located = len(b.errs.Problems)
}

// zone gives a time zone by its IANA name.
func (b *builder) zone(name string) (*time.Location, error) {
	if zone, ok := b.zones[name]; ok {
		return zone, nil
	}
	zone, err := loadZone(name)
	if err == nil {
		b.zones[strings.Clone(name)] = zone
	}
	return zone, err
}

func loadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "" {
		return nil, fmt.Errorf("got %q, want an IANA time zone, as Asia/Shanghai", name)
	}
	return zone, nil
}
