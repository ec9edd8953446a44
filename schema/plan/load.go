package plan

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"path"
	"slices"
	"strings"
)

//go:embed data/*.json
var data embed.FS

// Default is the plan that counts where none is named.
const Default = "14fyp"

// Limits of a folder of plans.
const (
	MaxFileBytes = 4 << 20 // targets of 45,000 institutions
	MaxFiles     = 100
)

// Load gives a plan that ships with the program. Each call gives a plan of its
// own.
func Load(name string) (*Plan, error) {
	text, err := data.ReadFile("data/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("unknown plan: got %q, want %s", name, strings.Join(Names(), ", "))
	}
	return Parse(text)
}

// Names lists the plans that ship with the program, in order.
func Names() []string {
	files, _ := fs.Glob(data, "data/*.json")
	for i, file := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(file, "data/"), ".json")
	}
	return files
}

// Shipped gives all plans that ship with the program, [Default] first.
func Shipped() ([]*Plan, error) {
	var plans []*Plan
	names := Names()
	slices.SortStableFunc(names, func(a, b string) int {
		switch Default {
		case a:
			return -1
		case b:
			return 1
		}
		return 0
	})
	for _, name := range names {
		p, err := Load(name)
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	return plans, nil
}

// Folder reads the plans of a folder: every file that ends in .json, in order of
// names. A file is named after its plan, and no plan takes the name of one that
// ships: what an answer calls 14fyp is the same everywhere.
func Folder(fsys fs.FS) ([]*Plan, error) {
	files, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	if len(files) > MaxFiles {
		return nil, fmt.Errorf("plans: got %d files, want at most %d", len(files), MaxFiles)
	}
	var plans []*Plan
	var problems []error
	for _, file := range files {
		p, err := readFile(fsys, file)
		if err != nil {
			problems = append(problems, fmt.Errorf("plan file %s: %w", file, err))
			continue
		}
		plans = append(plans, p)
	}
	return plans, errors.Join(problems...)
}

func readFile(fsys fs.FS, file string) (*Plan, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if len(text) > MaxFileBytes {
		return nil, fmt.Errorf("got more than %d bytes", MaxFileBytes)
	}
	p, err := Parse(text)
	if err != nil {
		return nil, err
	}
	if want := strings.TrimSuffix(path.Base(file), ".json"); p.Name != want {
		return nil, fmt.Errorf("got the name %q, want %q as the file", p.Name, want)
	}
	for _, shipped := range Names() {
		if p.Name == shipped {
			return nil, fmt.Errorf("%q ships with the program: want another name", p.Name)
		}
	}
	return p, nil
}

// Target gives the target of an indicator that binds everybody. Its rationals
// must not be written to.
func (p *Plan) Target(indicator string) (percent *big.Rat, ok bool) {
	t, ok := p.TargetOf(indicator, Place{})
	if !ok {
		return nil, false
	}
	return t.Percent, true
}

// TargetOf gives the target of an indicator that is set for the first of the
// places that has one; it must not be written to. A caller who asks what binds a place lists the place and
// then those above it, [Place] zero last.
func (p *Plan) TargetOf(indicator string, places ...Place) (t *Target, ok bool) {
	for _, place := range places {
		if at, ok := p.targets[targetKey{indicator, place}]; ok {
			return &p.Targets[at], true
		}
	}
	return nil, false
}

// HasTargets tells whether any target is set for places of a level, "" meaning
// everybody.
func (p *Plan) HasTargets(level string) bool {
	for i := range p.Targets {
		if p.Targets[i].Place.Level == level {
			return true
		}
	}
	return false
}

// Cap gives the cap on a total of a place, the zero place being the nation. ok is
// false where the plan sets none.
func (p *Plan) Cap(total string, place Place) (limit Cap, ok bool) {
	for _, c := range p.Caps {
		if c.Total == total && c.Place == place && c.Value != nil {
			return c, true
		}
	}
	return Cap{}, false
}
