package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// fileResolver reads the configuration file that the arguments or the
// environment name. Its keys are flag names; a flag or an environment variable
// that is set comes first, and a key that no flag has is an error.
func fileResolver(args []string) *configFile {
	return &configFile{path: configPath(args)}
}

// configPath finds the file before the arguments are parsed, since its values
// take part in the parsing.
func configPath(args []string) string {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--config="); ok {
			return value
		}
		if arg == "--config" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return os.Getenv("JOULELINE_CONFIG")
}

// configFile is a JSON object of flag names.
type configFile struct {
	path   string
	values map[string]any
}

// Validate reads the file and refuses unknown keys.
func (f *configFile) Validate(app *kong.Application) error {
	if f.path == "" {
		return nil
	}
	known := map[string]bool{}
	for _, node := range append([]*kong.Node{app.Node}, app.Leaves(false)...) {
		for _, group := range node.AllFlags(false) {
			for _, flag := range group {
				known[flag.Name] = true
			}
		}
	}
	if err := f.read(); err != nil {
		return err
	}
	for key := range f.values {
		if !known[key] {
			return fmt.Errorf("configuration %s: unknown key %q, want the name of a flag", f.path, key)
		}
	}
	if rules, ok := f.values[lineMappingFlag].([]any); ok { // checked whatever the command is
		content, err := json.Marshal(rules)
		if err != nil {
			return fmt.Errorf("configuration %s: %w", f.path, err)
		}
		if err := new(lineMapping).read(content); err != nil {
			return fmt.Errorf("configuration %s: %w", f.path, err)
		}
	}
	return nil
}

func (f *configFile) read() error {
	if f.path == "" || f.values != nil {
		return nil
	}
	content, err := os.ReadFile(f.path)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	if err := json.Unmarshal(content, &f.values); err != nil {
		return fmt.Errorf("configuration %s: %w", f.path, err)
	}
	return nil
}

// Resolve gives the file's value of a flag, nil where the environment has one.
func (f *configFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if err := f.read(); err != nil {
		return nil, err
	}
	for _, name := range flag.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return nil, nil
		}
	}
	value, ok := f.values[flag.Name]
	if !ok {
		return nil, nil
	}
	return value, nil
}
