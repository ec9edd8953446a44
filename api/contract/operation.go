package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/access"
	"jouleline/api/problem"
	"jouleline/api/table"
)

// Operation describes a route in the document.
type Operation struct {
	// ID names the operation, and its example in examples/<id>.json.
	ID      string
	Route   string // as "GET /api/v1/progress"
	Tag     string
	Summary string
	Text    string
	// Status is that of success; 0 means 200.
	Status int
	// Body bounds the request's body, Receive the time in which it must come.
	Body    int64
	Receive time.Duration
	// Parameters are those of a handler that is mounted; others declare theirs.
	Parameters []*huma.Param
}

// Register adds an operation: its route, its entry in the document and its
// handler. rows turns an answer into a table; nil where it is none.
func Register[I, B any](b *Builder, o Operation, rows func(*B) table.Table, handle func(context.Context, *I) (*B, error)) {
	if o.Status == 0 {
		o.Status = http.StatusOK
	}
	op := b.document(o)
	schemas := b.api.OpenAPI().Components.Schemas
	var sample B
	if err := json.Unmarshal(b.Example(o.ID), &sample); err != nil {
		panic(fmt.Sprintf("contract: example of %s: %v", o.ID, err))
	}
	success := &huma.Response{Description: "The answer", Content: map[string]*huma.MediaType{
		JSONType: {Schema: schemas.Schema(reflect.TypeFor[B](), true, o.ID), Example: json.RawMessage(b.Example(o.ID))},
	}}
	if rows != nil {
		for _, e := range encoders {
			media := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
			if e.mediaType == CSVType {
				media.Schema.Format = ""
				var text bytes.Buffer
				if err := e.write(&text, rows(&sample)); err != nil {
					panic(fmt.Sprintf("contract: example of %s as CSV: %v", o.ID, err))
				}
				media.Example = text.String()
			}
			success.Content[e.mediaType] = media
		}
	}
	if _, ok := any(&sample).(plain); ok {
		success.Content[textType] = &huma.MediaType{Schema: &huma.Schema{Type: "string"}, Example: string(b.example(o.ID + ".txt"))}
	}
	documentContent(&sample, success)
	op.Responses[strconv.Itoa(o.Status)] = success
	huma.Register(b.api, *op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		answer, err := handle(ctx, in)
		if err != nil {
			return nil, b.Problems.Of(ctx, err)
		}
		var asTable func() table.Table
		if rows != nil {
			asTable = func() table.Table { return rows(answer) }
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) { b.respond(ctx, o.Status, answer, asTable) }}, nil
	})
}

// document makes the entry of an operation, without its answer.
func (b *Builder) document(o Operation) *huma.Operation {
	method, path, _ := strings.Cut(o.Route, " ")
	op := &huma.Operation{
		OperationID: o.ID, Method: method, Path: path, Tags: []string{o.Tag}, Summary: o.Summary, Description: o.Text,
		DefaultStatus: o.Status, MaxBodyBytes: o.Body, BodyReadTimeout: o.Receive,
		Responses:  map[string]*huma.Response{"default": b.refusal()},
		Extensions: map[string]any{"x-scope": string(b.Scope(o.Route))},
	}
	if b.Scope(o.Route) != access.Public {
		op.Security = []map[string][]string{{tokenScheme: {}}}
	}
	return op
}

// refusal documents what is answered where a request fails.
func (b *Builder) refusal() *huma.Response {
	return &huma.Response{
		Description: "What is wrong, as a problem document of RFC 9457: 400 and 422 the request, 401 and 403 the caller's rights, 404 what it names, 413 and 414 its size, 503 not now",
		Content: map[string]*huma.MediaType{problem.MediaType: {
			Schema:  b.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problem.Problem](), true, ""),
			Example: json.RawMessage(b.Example("problem")),
		}},
	}
}
