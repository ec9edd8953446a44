package gateway

import (
	"mime"
	"net/http"

	"jouleline/ingest"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// Verdicts is the answer to POST /api/v1/readings. Every element of the body is
// counted once: as accepted, parked or rejected. Indexes count the elements of
// the body from 0.
type Verdicts struct {
	Accepted int               `json:"accepted"`
	Parked   []ParkedVerdict   `json:"parked"`
	Rejected []RejectedVerdict `json:"rejected"`
}

// ParkedVerdict names a reading whose meter is not registered yet.
type ParkedVerdict struct {
	Index int    `json:"index"`
	Meter string `json:"meter"`
}

// RejectedVerdict says why an element was rejected.
type RejectedVerdict struct {
	Index  int         `json:"index"`
	Code   schema.Code `json:"code"`
	Detail string      `json:"detail"`
}

// Readings handles POST /api/v1/readings: JSON, NDJSON, CSV or an Arrow stream
// by Content-Type, packed by gzip or zstd or not at all.
//
// It answers 200 with [Verdicts] once Kafka has the readings; 400 where the
// body holds no reading at all, 413 beyond a limit, 415 for another type, 503
// where Kafka does not take them, each with a [Problem].
func (g *Gateway) Readings() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, f := g.readings(w, r)
		if f != nil {
			g.config.Telemetry.Refused(FromReadings, f.status)
			problem(w, f, nil)
			return
		}
		rejected := make([]RejectedVerdict, len(out.rejected))
		for i, r := range out.rejected {
			rejected[i] = RejectedVerdict{r.index, r.Code, r.Detail}
		}
		if out.hopeless() {
			f := malformed("nothing in the body could be read as a reading: %s", rejected[0].Detail)
			f.code = rejected[0].Code
			g.config.Telemetry.Refused(FromReadings, f.status)
			problem(w, f, rejected)
			return
		}
		answer(w, http.StatusOK, "application/json", Verdicts{out.accepted, out.parked, rejected})
	})
}

func (g *Gateway) readings(w http.ResponseWriter, r *http.Request) (*outcome, *failure) {
	if r.Method != http.MethodPost {
		return nil, &failure{http.StatusMethodNotAllowed, codeMethod, "got " + r.Method + ", want POST"}
	}
	contentType := r.Header.Get("Content-Type")
	if media, _, _ := mime.ParseMediaType(contentType); media == "application/x-www-form-urlencoded" {
		contentType = "" // what curl says where nobody told it better
	}
	format, err := ingest.FormatOf(contentType, nil)
	if err != nil {
		return nil, unsupported("%v", err)
	}
	if format.Encoding == codec.Line && contentType != "" {
		return nil, unsupported("content type: got %q, want application/json, application/x-ndjson, text/csv or %s; line protocol goes to /api/v2/write", contentType, ingest.ArrowStream)
	}
	body, f := g.body(w, r)
	if f != nil {
		return nil, f
	}
	if contentType == "" {
		format = ingest.Sniff(body, codec.CSV)
	}
	return g.take(r.Context(), &intake{
		source: FromReadings, format: format, body: body, received: g.config.Now(), sender: g.identity(r),
	})
}
