package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/problem"
)

// Mount registers a handler that is not the OpenAPI library's and documents it.
func (b *Builder) Mount(o Operation, handler http.Handler, body *huma.RequestBody, success *huma.Response) *huma.Operation {
	if handler == nil {
		handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b.Fail(w, r, fmt.Errorf("%w: %s is not served here", problem.ErrUnavailable, r.URL.Path))
		})
	}
	op := b.document(o)
	op.RequestBody = body
	status := "200"
	if o.Status == http.StatusNoContent {
		status = "204"
	}
	op.Responses[status] = success
	op.Parameters = o.Parameters
	b.api.OpenAPI().AddOperation(op)
	b.Router.Handle(o.Route, handler)
	return op
}

// AnswerJSON documents an answer that is JSON.
func AnswerJSON[T any](b *Builder, id, description string) *huma.Response {
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
		JSONType: {Schema: b.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, id), Example: json.RawMessage(b.Example(id))},
	}}
}

// DescribedOnly documents an answer that has no schema.
func DescribedOnly(description string) *huma.Response {
	return &huma.Response{Description: description}
}
