package api

import (
	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/promql"
)

// JSONExamples gives every example of a JSON answer or body in the document.
func JSONExamples(s *Server) map[string]*huma.MediaType {
	found := map[string]*huma.MediaType{}
	for path, item := range s.build.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post} {
			if op == nil {
				continue
			}
			contents := map[string]map[string]*huma.MediaType{}
			if op.RequestBody != nil {
				contents["body"] = op.RequestBody.Content
			}
			for status, response := range op.Responses {
				contents[status] = response.Content
			}
			for part, content := range contents {
				for kind, media := range content {
					if media.Example != nil && (kind == contract.JSONType || kind == problem.MediaType) {
						found[op.Method+" "+path+" "+part] = media
					}
				}
			}
		}
	}
	return found
}

// IsPage tells whether a browser shows what a route answers.
func IsPage(pattern string) bool { return rules[pattern].page }

// Schemas gives the schemas of the document.
func Schemas(s *Server) huma.Registry { return s.build.OpenAPI().Components.Schemas }

// SeriesOf gives the series of a server as whoever else answers PromQL needs them.
func SeriesOf(s *Server) promql.Source { return s.panels }
