package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/promql"
)

// prometheusPrefix is where Prometheus' HTTP API is: the address that Grafana's
// data source is given ends with it.
const prometheusPrefix = "/prometheus/"

// prometheusParameter documents a parameter of Prometheus' API.
type prometheusParameter struct{ name, text, example string }

var (
	promQuery   = prometheusParameter{"query", "Expression in PromQL", "sum by (city) (jouleline_institution_carbon_month_kg)"}
	promTime    = prometheusParameter{"time", "Moment, RFC 3339 or Unix seconds; left out: now", "2023-05-02T00:30:00+08:00"}
	promStart   = prometheusParameter{"start", "First moment, RFC 3339 or Unix seconds", "2023-05-01T00:30:00+08:00"}
	promEnd     = prometheusParameter{"end", "Last moment, included", "2023-05-02T23:30:00+08:00"}
	promStep    = prometheusParameter{"step", "Distance of the answer's points, a duration or seconds", "1h"}
	promMatch   = prometheusParameter{"match[]", "Selector of series; may be given several times", `{institution="S1"}`}
	promLimit   = prometheusParameter{"limit", "Most series or values of the answer; 0 or left out: all", "100"}
	promTimeout = prometheusParameter{"timeout", "Time that the query may take, at most the server's", "10s"}
	promBack    = prometheusParameter{"lookback_delta", "How far back a sample may lie that still counts, at most the server's", "5m"}
)

// prometheusRoutes are the paths of Prometheus' API that are answered, for GET
// and for POST with a form.
var prometheusRoutes = []struct {
	path, id, summary, text string
	parameters              []prometheusParameter
	handler                 func(*promql.Handler) http.HandlerFunc
}{
	{
		"query", "promQuery", "An expression at one moment", "Grafana's Prometheus data source asks this for tables and single values. The series are in docs/series.md.",
		[]prometheusParameter{promQuery, promTime, promTimeout, promLimit, promBack},
		func(h *promql.Handler) http.HandlerFunc { return h.Query },
	},
	{
		"query_range", "promRange", "An expression at every step of a stretch", "Grafana's Prometheus data source asks this for graphs.",
		[]prometheusParameter{promQuery, promStart, promEnd, promStep, promTimeout, promLimit, promBack},
		func(h *promql.Handler) http.HandlerFunc { return h.QueryRange },
	},
	{
		"series", "promSeries", "The series that match selectors", "Series are listed as long as the registry knows what they speak of; start and end do not count.",
		[]prometheusParameter{promMatch, promLimit},
		func(h *promql.Handler) http.HandlerFunc { return h.Series },
	},
	{
		"labels", "promLabels", "The names of labels", "Of all series, or of those that match.",
		[]prometheusParameter{promMatch, promLimit},
		func(h *promql.Handler) http.HandlerFunc { return h.LabelNames },
	},
	{
		"label/{name}/values", "promValues", "The values of a label", "Of all series, or of those that match; of __name__ the names of metrics.",
		[]prometheusParameter{promMatch, promLimit},
		func(h *promql.Handler) http.HandlerFunc { return h.LabelValues },
	},
	{
		"metadata", "promMetadata", "What the metrics mean", "Type, unit and help of each metric.",
		[]prometheusParameter{{"metric", "One metric; left out: all", "jouleline_institution_carbon_month_kg"}, promLimit},
		func(h *promql.Handler) http.HandlerFunc { return h.Metadata },
	},
	{
		"status/buildinfo", "promBuild", "Which engine answers", "The version is that of the Prometheus whose engine this is, so that clients know what they may ask.", nil,
		func(h *promql.Handler) http.HandlerFunc { return h.Build },
	},
}

// mountPrometheus mounts and documents the paths.
func (s *Server) mountPrometheus() error {
	var handler *promql.Handler
	if s.config.Panels != nil {
		var err error
		handler, err = promql.New(promql.Config{
			Source: s.panels, Limits: s.config.Series, Version: s.config.Version, Logger: s.config.Logger, Now: s.config.Now,
			Fault: func(ctx context.Context, err error) (int, string) {
				p := s.problems.Of(ctx, err)
				return p.Status, p.Detail
			},
		})
		if err != nil {
			return err
		}
	}
	envelope := &huma.Schema{
		Type: huma.TypeObject, Required: []string{"status"}, AdditionalProperties: true,
		Properties: map[string]*huma.Schema{"status": {Type: huma.TypeString, Enum: []any{"success", "error"}}},
	}
	for _, r := range prometheusRoutes {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			o := contract.Operation{ID: r.id, Route: method + " " + prometheusPrefix + "api/v1/" + r.path, Tag: contract.TagPanel, Summary: r.summary, Text: r.text}
			var answer http.Handler
			if handler != nil {
				answer = r.handler(handler)
			}
			var body *huma.RequestBody
			if method == http.MethodPost {
				o.ID += "Form"
				body = formOf(r.parameters)
			}
			op := s.build.Mount(o, answer, body, &huma.Response{Description: "The answer in Prometheus' envelope", Content: map[string]*huma.MediaType{
				contract.JSONType: {Schema: envelope, Example: json.RawMessage(s.build.Example("prometheus_" + r.id))},
			}})
			op.Responses["default"].Description = "What is wrong, in Prometheus' envelope: status error, errorType and error"
			op.Responses["default"].Content[contract.JSONType] = &huma.MediaType{Schema: envelope, Example: json.RawMessage(`{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": unknown position: parse error: no expression found in input"}`)}
			if strings.Contains(r.path, "{name}") {
				op.Parameters = append(op.Parameters, &huma.Param{
					Name: "name", In: "path", Required: true, Description: "Name of the label", Schema: &huma.Schema{Type: huma.TypeString}, Example: "city",
				})
			}
			if method == http.MethodGet {
				for _, p := range r.parameters {
					op.Parameters = append(op.Parameters, &huma.Param{Name: p.name, In: "query", Description: p.text, Schema: &huma.Schema{Type: huma.TypeString}, Example: p.example})
				}
			}
		}
	}
	return nil
}

// formOf documents the same parameters in a body.
func formOf(parameters []prometheusParameter) *huma.RequestBody {
	form := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
	sample := map[string]string{}
	for _, p := range parameters {
		form.Properties[p.name] = &huma.Schema{Type: huma.TypeString, Description: p.text}
		sample[p.name] = p.example
	}
	return &huma.RequestBody{Content: map[string]*huma.MediaType{"application/x-www-form-urlencoded": {Schema: form, Example: sample}}}
}

// failPrometheus answers with a problem in Prometheus' shape.
func failPrometheus(w http.ResponseWriter, p *problem.Problem) {
	promql.Refuse(w, p.Status, p.Code, p.Detail)
}
