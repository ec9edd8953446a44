package plan

import (
	"embed"
	"fmt"
	"io/fs"
	"math/big"
	"strings"
)

//go:embed data/*.json
var data embed.FS

// Default is the plan that counts where none is named.
const Default = "14fyp"

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

// Target gives the promised reduction of an indicator in percent. The rational
// must not be written to.
func (p *Plan) Target(indicator string) (percent *big.Rat, ok bool) {
	for _, t := range p.Targets {
		if t.Indicator == indicator {
			return t.Percent, true
		}
	}
	return nil, false
}

// Cap gives the cap on a total of a region, "" being the nation. ok is false
// where the plan sets none.
func (p *Plan) Cap(total, region string) (limit Cap, ok bool) {
	for _, c := range p.Caps {
		if c.Total == total && c.Region == region && c.Value != nil {
			return c, true
		}
	}
	return Cap{}, false
}
