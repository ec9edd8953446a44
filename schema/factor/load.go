package factor

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed data/*.json
var data embed.FS

// Default is the set that counts where none is named.
const Default = "gbt2589-2020"

// Load gives a set that ships with the program. Each call gives a set of its own.
func Load(name string) (*Set, error) {
	text, err := data.ReadFile("data/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("unknown factor set: got %q, want %s", name, strings.Join(Names(), ", "))
	}
	return Parse(text)
}

// Names lists the sets that ship with the program, in order.
func Names() []string {
	files, _ := fs.Glob(data, "data/*.json")
	for i, file := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(file, "data/"), ".json")
	}
	return files
}
