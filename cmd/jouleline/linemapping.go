package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"jouleline/schema/codec"
	"jouleline/schema/jsonfile"
)

const lineMappingFlag = "line-mapping"

// lineMapping is the flag --line-mapping: a JSON file of rules, or in the
// configuration file the list of rules itself. They are checked when they are
// read, and an unknown key is an error.
type lineMapping struct {
	mapping *codec.Mapping // nil where nothing was said
}

// Decode reads the flag's value.
func (l *lineMapping) Decode(ctx *kong.DecodeContext) error {
	var content []byte
	switch value := ctx.Scan.Pop().Value.(type) {
	case string:
		if value == "" {
			return nil
		}
		var err error
		if content, err = os.ReadFile(value); err != nil {
			return err
		}
	case []any: // from the configuration file
		var err error
		if content, err = json.Marshal(value); err != nil {
			return err
		}
	default:
		return fmt.Errorf("got %T, want a file or a list of rules", value)
	}
	return l.read(content)
}

// read reads a JSON list of rules.
func (l *lineMapping) read(content []byte) error {
	var rules []codec.Rule
	if err := jsonfile.Decode(content, &rules); err != nil {
		return fmt.Errorf("line mapping: %w", err)
	}
	mapping, err := codec.NewMapping(rules)
	if err != nil {
		return err
	}
	l.mapping = mapping
	return nil
}
