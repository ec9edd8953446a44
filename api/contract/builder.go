// Package contract writes the OpenAPI document and gives answers in the encodings
// that it promises: JSON, and where an answer is a table CSV, Arrow and Excel.
//
// An operation without a rule, an example or a schema is a broken promise and
// panics when it is registered, which a test does. It refuses to know what an
// answer means. A number is a float only in the text of an answer.
package contract

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"jouleline/api/access"
	"jouleline/api/problem"
)

// Builder registers operations, each with its entry in the document.
type Builder struct {
	api huma.API
	Config
}

// Config is what a contract is built with.
type Config struct {
	// Router takes the handlers.
	Router interface {
		humago.Mux
		Handle(pattern string, handler http.Handler)
	}
	// Scope gives what a route demands of its caller.
	Scope func(route string) access.Scope
	// Problems makes problems of errors, Fail answers a mounted handler's.
	Problems problem.Reporter
	Fail     func(w http.ResponseWriter, r *http.Request, err error)
	// Examples holds the documented answer of each operation as <id>.json, and as
	// <id>.txt where it is given as text for readers, too.
	Examples fs.FS
	Version  string
}

// New begins a contract without operations.
func New(config Config) *Builder {
	return &Builder{Config: config, api: humago.New(config.Router, contractConfig(config.Version))}
}

// OpenAPI gives the document as it stands. It must not be written to.
func (b *Builder) OpenAPI() *huma.OpenAPI { return b.api.OpenAPI() }

// Finish gives the document as JSON, once all operations are registered.
func (b *Builder) Finish() ([]byte, error) {
	b.finishContract()
	text, err := json.Marshal(b.api.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("write the contract: %w", err)
	}
	return text, nil
}

// Example gives the documented answer of an operation.
func (b *Builder) Example(id string) []byte { return b.example(id + ".json") }

func (b *Builder) example(file string) []byte {
	content, err := fs.ReadFile(b.Examples, file)
	if err != nil {
		panic("contract: example: " + err.Error()) // a test asks for each
	}
	return content
}
