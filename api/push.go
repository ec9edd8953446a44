package api

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/contract"
	"jouleline/schema"
	"jouleline/schema/arrow"
)

// PushAnswer documents the answer to pushed readings. The handler that gives it
// is mounted, not ours; a test of both holds them together.
type PushAnswer struct {
	Accepted int           `json:"accepted" doc:"Readings that Kafka has, of registered meters" example:"95"`
	Parked   []PushParked  `json:"parked" doc:"Readings that Kafka has, of meters that are not registered yet"`
	Rejected []PushRefused `json:"rejected" doc:"Elements that cannot be understood; they are kept with the reason"`
}

// PushParked names a reading whose meter is not registered yet.
type PushParked struct {
	Index int    `json:"index" doc:"Position in the body, from 0" example:"3"`
	Meter string `json:"meter" example:"370102-0007-E02"`
}

// PushRefused says why an element was rejected.
type PushRefused struct {
	Index  int         `json:"index" doc:"Position in the body, from 0" example:"7"`
	Code   schema.Code `json:"code" doc:"Stable short word for the reason" example:"unknown_unit"`
	Detail string      `json:"detail" doc:"The reason in words"`
}

// mountPush mounts the handlers of pushed readings and documents them.
func (s *Server) mountPush() {
	text := &huma.Schema{Type: huma.TypeString}
	s.build.Mount(contract.Operation{
		ID: "push", Route: "POST /api/v1/readings", Tag: contract.TagPush,
		Summary: "Push readings",
		Text: "A verdict for each reading, once Kafka has acknowledged them and never before. Anything may be sent again at any time without harm. " +
			"JSON, NDJSON, CSV with the same names as columns, or an Arrow IPC stream with columns of these names (meter utf8 or a dictionary of it, time and start timestamps with a time zone, " +
			"value decimal128 or float64), packed by gzip or zstd or not at all. The header X-Gateway names the sender.",
	}, s.config.Push, &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		contract.JSONType:      {Schema: &huma.Schema{Type: huma.TypeObject}, Example: json.RawMessage(s.build.Example("push_body"))},
		"application/x-ndjson": {Schema: text, Example: `{"meter":"E1","time":"2024-05-01T08:15:00+08:00","value":123456.7}` + "\n"},
		contract.CSVType:       {Schema: text, Example: "meter,time,value\nE1,2024-05-01T08:15:00+08:00,123456.7\n"},
		arrow.ContentType:      {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}, &huma.Response{Description: "A verdict for each reading", Content: map[string]*huma.MediaType{
		contract.JSONType: {Schema: contract.SchemaOf[PushAnswer](s.build, "push"), Example: json.RawMessage(s.build.Example("push"))},
	}})
	s.build.Mount(contract.Operation{
		ID: "write", Route: "POST /api/v2/write", Tag: contract.TagPush, Status: http.StatusNoContent,
		Parameters: []*huma.Param{
			{Name: "precision", In: "query", Description: "Unit of the timestamps", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"ns", "us", "ms", "s"}}, Example: "s"},
		},
		Summary: "Write line protocol",
		Text: "Influx line protocol as Telegraf's outputs.influxdb_v2 sends it: tag meter and field value, or whatever the server's line mapping makes readings of. Fields that mean nothing here are counted in the header X-Unmapped-Fields. 204 once Kafka has every line; " +
			"400 with InfluxDB's error document, naming the bad lines, when Kafka has all others. Query parameters: precision (ns, us, ms or s; left out: ns); bucket and org are ignored.",
	}, s.config.Write, &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"text/plain": {Schema: text, Example: "meters,meter=E1 value=123456.7 1714522500\n"},
	}}, &huma.Response{Description: "Kafka has every line"})
}
