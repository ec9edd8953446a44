package api_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api"
	"jouleline/api/access"
)

// document is as much of OpenAPI as the tests look at.
type document struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Summary     string
		Description string
		Tags        []string
		Scope       string `json:"x-scope"`
		Security    []map[string][]string
		Parameters  []struct {
			Name, Description string
			Schema            *struct{ Examples []any }
			Example           any
		}
		RequestBody *struct{ Content map[string]media }
		Responses   map[string]struct {
			Description string
			Content     map[string]media
		}
	}
	Components struct{ Schemas map[string]json.RawMessage }
}

type media struct {
	Schema  json.RawMessage
	Example any
}

func contract(t *testing.T) (d document) {
	t.Helper()
	w := get(t, serve(t, newConfig(t)), "/openapi.json")
	if w.Code != 200 {
		t.Fatalf("got status %d", w.Code)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Every route but the pages and what instances say to each other is in the document, and tells what a reader needs.
func TestContract_IsComplete(t *testing.T) {
	d := contract(t)
	if d.OpenAPI != "3.1.0" {
		t.Errorf("got OpenAPI %q, want 3.1.0", d.OpenAPI)
	}
	ids := map[string]bool{}
	for _, pattern := range api.Routes() {
		method, path, _ := strings.Cut(pattern, " ")
		if api.IsPage(pattern) || strings.HasPrefix(path, "/docs") || strings.HasPrefix(path, "/peer/") {
			continue
		}
		op, ok := d.Paths[path][strings.ToLower(method)]
		if !ok {
			t.Errorf("%s: not in the document", pattern)
			continue
		}
		if op.Summary == "" || op.Description == "" || len(op.Tags) != 1 || op.OperationID == "" || ids[op.OperationID] {
			t.Errorf("%s: got %+v, want a summary, a description, one tag and an id of its own", pattern, op)
		}
		ids[op.OperationID] = true
		if op.Scope != string(scopes[pattern]) || (len(op.Security) == 0) != (scopes[pattern] == access.Public) {
			t.Errorf("%s: got scope %q and security %v, want %s", pattern, op.Scope, op.Security, scopes[pattern])
		}
		for _, p := range op.Parameters {
			if p.Description == "" || p.Schema == nil || (p.Example == nil && len(p.Schema.Examples) == 0) {
				t.Errorf("%s: parameter %s: want a description and an example", pattern, p.Name)
			}
		}
		success := 0
		for status, response := range op.Responses {
			if response.Description == "" {
				t.Errorf("%s %s: no description", pattern, status)
			}
			if strings.HasPrefix(status, "2") {
				success++
			}
			for kind, m := range response.Content {
				if m.Example == nil && !strings.Contains(string(m.Schema), `"format":"binary"`) { // bytes have none that JSON could hold
					t.Errorf("%s %s %s: no example", pattern, status, kind)
				}
			}
		}
		if success != 1 || op.Responses["default"].Content["application/problem+json"].Schema == nil {
			t.Errorf("%s: got %d answers of success, want one, and a problem for the rest", pattern, success)
		}
	}
}

// References resolve, and nothing is defined that nobody refers to.
func TestContract_References(t *testing.T) {
	d := contract(t)
	whole, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	raw := get(t, serve(t, newConfig(t)), "/openapi.json").Body.String()
	for name := range d.Components.Schemas {
		if !strings.Contains(raw, `"#/components/schemas/`+name+`"`) {
			t.Errorf("schema %s: nobody refers to it", name)
		}
	}
	for _, part := range strings.Split(string(whole), `"#/components/schemas/`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		if _, ok := d.Components.Schemas[name]; !ok {
			t.Errorf("schema %s: referred to, but not there", name)
		}
	}
}

// Every example of an answer is valid by its own schema, and holds no field that
// the schema does not know.
func TestContract_ExamplesAreValid(t *testing.T) {
	s, err := api.New(newConfig(t))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for id, m := range api.JSONExamples(s) {
		pb, result := huma.NewPathBuffer(nil, 0), &huma.ValidateResult{}
		var value any
		if err := json.Unmarshal(m.Example.(json.RawMessage), &value); err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		huma.Validate(api.Schemas(s), m.Schema, pb, huma.ModeReadFromServer, value, result)
		for _, e := range result.Errors {
			t.Errorf("%s: %v", id, e)
		}
		checked++
	}
	files, err := fs.Glob(os.DirFS("examples"), "*.json")
	if err != nil {
		t.Fatal(err)
	}
	if checked < len(files) {
		t.Errorf("got %d examples in the document, want all %d files", checked, len(files))
	}
}

// The body of events is documented with an example that is taken.
func TestContract_ExamplesOfParametersAreTaken(t *testing.T) {
	h := serve(t, newConfig(t))
	d := contract(t)
	for _, path := range []string{"/api/v1/consumption", "/api/v1/readings", "/api/v1/quality"} {
		var query []string
		for _, p := range d.Paths[path]["get"].Parameters {
			example, _ := p.Example.(string)
			if example == "" && len(p.Schema.Examples) > 0 {
				text, _ := json.Marshal(p.Schema.Examples[0])
				example = strings.Trim(string(text), `"`)
			}
			if slices.Contains([]string{"building", "region", "department", "class", "institution", "known_at"}, p.Name) {
				continue // exactly one of them
			}
			query = append(query, p.Name+"="+strings.ReplaceAll(example, "+", "%2B"))
		}
		if w := get(t, h, path+"?"+strings.Join(query, "&")); w.Code != 200 {
			t.Errorf("%s?%s: got status %d: %s", path, strings.Join(query, "&"), w.Code, w.Body)
		}
	}
}
