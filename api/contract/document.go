package contract

import (
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/problem"
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
				{Name: TagPlan, Description: "Indicators and progress towards a plan"},
				{Name: TagUse, Description: "Readings and consumption"},
				{Name: TagPush, Description: "Sending readings"},
				{Name: TagWorld, Description: "Registry, meter events, and work on the books"},
				{Name: TagPanel, Description: "Series for panels, as Prometheus' HTTP API gives them; the address of a data source is that of the server with /prometheus"},
				{Name: TagServer, Description: "The server itself"},
			},
		},
		Formats:                      map[string]huma.Format{JSONType: huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                JSONType,
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{problem.OwnProblems},
	}
}

// schemaName names the schema of a type. Types of other rooms carry the name of
// their package, since several have an Answer or a Problem; so do those of the
// mid-term document, which has a Line and a Row.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	room := path.Base(t.PkgPath())
	if t.PkgPath() == "" || room != "midterm" && under(t.PkgPath(), "jouleline/api") {
		return name
	}
	return strings.ToUpper(room[:1]) + room[1:] + name
}

// under tells whether a package is a room or lies in it.
func under(pkg, room string) bool { return pkg == room || strings.HasPrefix(pkg, room+"/") }

// The tags of operations.
const (
	TagPlan   = "plan"
	TagUse    = "use"
	TagPush   = "push"
	TagWorld  = "world"
	TagServer = "server"
	TagPanel  = "panel"
)

// finishContract says of lists what the library cannot know: that they may be
// empty, but are never null. And it takes out the library's own errors, which
// nobody gets to see.
func (b *Builder) finishContract() {
	schemas := b.api.OpenAPI().Components.Schemas.Map()
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

// SchemaOf gives the schema of a type in the document.
func SchemaOf[T any](b *Builder, hint string) *huma.Schema {
	return b.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, hint)
}
