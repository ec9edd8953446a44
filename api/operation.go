package api

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// operation describes a route in the document.
type operation struct {
	// id names the operation, and its example in examples/<id>.json.
	id      string
	route   string // as "GET /api/v1/progress"
	tag     string
	summary string
	text    string
	// status is that of success; 0 means 200.
	status int
	// body bounds the request's body, receive the time in which it must come.
	body    int64
	receive time.Duration
	// parameters are those of a handler that is mounted; others declare theirs.
	parameters []*huma.Param
}

//go:embed examples/*.json
var examples embed.FS

// example gives the documented answer of an operation.
func example(id string) []byte {
	content, err := examples.ReadFile("examples/" + id + ".json")
	if err != nil {
		panic("api: " + err.Error()) // a test asks for each
	}
	return content
}

// register adds an operation: its route, its entry in the document and its
// handler. rows turns an answer into a table; nil where it is none.
func register[I, B any](s *Server, o operation, rows func(*B) table, handle func(context.Context, *I) (*B, error)) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	op := s.document(o)
	schemas := s.api.OpenAPI().Components.Schemas
	var sample B
	if err := json.Unmarshal(example(o.id), &sample); err != nil {
		panic(fmt.Sprintf("api: example of %s: %v", o.id, err))
	}
	success := &huma.Response{Description: "The answer", Content: map[string]*huma.MediaType{
		jsonType: {Schema: schemas.Schema(reflect.TypeFor[B](), true, o.id), Example: json.RawMessage(example(o.id))},
	}}
	if rows != nil {
		for _, e := range encoders {
			media := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
			if e.mediaType == csvType {
				media.Schema.Format = ""
				var text bytes.Buffer
				if err := e.write(&text, rows(&sample)); err != nil {
					panic(fmt.Sprintf("api: example of %s as CSV: %v", o.id, err))
				}
				media.Example = text.String()
			}
			success.Content[e.mediaType] = media
		}
	}
	if p, ok := any(&sample).(plain); ok {
		success.Content[textType] = &huma.MediaType{Schema: &huma.Schema{Type: "string"}, Example: p.textExample()}
	}
	documentContent(&sample, success)
	op.Responses[strconv.Itoa(o.status)] = success
	huma.Register(s.api, *op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		answer, err := handle(ctx, in)
		if err != nil {
			return nil, s.problemOf(err, requestOf(ctx))
		}
		var asTable func() table
		if rows != nil {
			asTable = func() table { return rows(answer) }
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) { s.respond(ctx, o.status, answer, asTable) }}, nil
	})
}

// document makes the entry of an operation, without its answer.
func (s *Server) document(o operation) *huma.Operation {
	method, path, _ := strings.Cut(o.route, " ")
	op := &huma.Operation{
		OperationID: o.id, Method: method, Path: path, Tags: []string{o.tag}, Summary: o.summary, Description: o.text,
		DefaultStatus: o.status, MaxBodyBytes: o.body, BodyReadTimeout: o.receive,
		Responses:  map[string]*huma.Response{"default": s.refusal()},
		Extensions: map[string]any{"x-scope": string(rules[o.route].scope)},
	}
	if rules[o.route].scope != Public {
		op.Security = []map[string][]string{{tokenScheme: {}}}
	}
	return op
}

// refusal documents what is answered where a request fails.
func (s *Server) refusal() *huma.Response {
	return &huma.Response{
		Description: "What is wrong, as a problem document of RFC 9457: 400 and 422 the request, 401 and 403 the caller's rights, 404 what it names, 413 and 414 its size, 503 not now",
		Content: map[string]*huma.MediaType{problemType: {
			Schema:  s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, ""),
			Example: json.RawMessage(example("problem")),
		}},
	}
}
