package api

import (
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// tokenScheme is the name of the way in which callers say who they are.
const tokenScheme = "token"

const contractText = `How far public institutions have come in using less energy, water and carbon, and what each meter used.

All times are RFC 3339 with an offset, in and out; intervals are half-open (from is in, to is not); a bucket is labelled by its start. Calendars are local: the building's, else the deployment's. A number that is not known is null, never 0, and a state says why. Every error is a problem document of RFC 9457. Tables are also given as CSV (Accept: text/csv), as an Arrow IPC stream (application/vnd.apache.arrow.stream: typed columns, a unit in each field's metadata) and as an Excel workbook (application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: times in the answer's time zone, which the header names). Where no header can be sent, as by a link, the address asks: as=json, csv or xlsx.`

// contractConfig is what the OpenAPI library starts from: no routes and no pages
// of its own, and JSON only, since other encodings are ours to write.
func contractConfig(version string) huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Jouleline", Version: version, Description: contractText},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{tokenScheme: {
					Type: "http", Scheme: "bearer",
					Description: "A token with the scope that x-scope of the operation names; admin includes all. Callers on the same machine need none where the server listens there only.",
				}},
			},
			Tags: []*huma.Tag{
				{Name: tagPlan, Description: "Indicators and progress towards a plan"},
				{Name: tagUse, Description: "Readings and consumption"},
				{Name: tagPush, Description: "Sending readings"},
				{Name: tagWorld, Description: "Registry, meter events, and work on the books"},
				{Name: tagPanel, Description: "Series for panels, as Prometheus' HTTP API gives them; the address of a data source is that of the server with /prometheus"},
				{Name: tagServer, Description: "The server itself"},
			},
		},
		Formats:                      map[string]huma.Format{jsonType: huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                jsonType,
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{ownProblems},
	}
}

// schemaName names the schema of a type. Types of other rooms carry the room's
// name, since several have an Answer or a Problem.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	room := path.Base(t.PkgPath())
	if t.PkgPath() == "" || room == "api" {
		return name
	}
	return strings.ToUpper(room[:1]) + room[1:] + name
}

// The tags of operations.
const (
	tagPlan   = "plan"
	tagUse    = "use"
	tagPush   = "push"
	tagWorld  = "world"
	tagServer = "server"
	tagPanel  = "panel"
)

// finishContract says of lists what the library cannot know: that they may be
// empty, but are never null. And it takes out the library's own errors, which
// nobody gets to see.
func (s *Server) finishContract() {
	schemas := s.api.OpenAPI().Components.Schemas.Map()
	delete(schemas, schemaName(reflect.TypeFor[huma.ErrorModel](), ""))
	delete(schemas, schemaName(reflect.TypeFor[huma.ErrorDetail](), ""))
	for _, schema := range schemas {
		for _, property := range schema.Properties {
			if property.Type == huma.TypeArray {
				property.Nullable = false
			}
		}
	}
}

// schemaOf gives the schema of a type in the document.
func schemaOf[T any](s *Server, hint string) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, hint)
}
