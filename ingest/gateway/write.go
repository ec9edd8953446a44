package gateway

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"jouleline/ingest"
	"jouleline/schema/codec"
)

// mostNamed bounds the bad lines that one answer names: the sender's log, where
// the message ends up, has lines of a limited length.
const mostNamed = 20

// HeaderUnmapped tells in an answer how many fields of the lines mean nothing
// here: no rule of the mapping speaks of them.
const HeaderUnmapped = "X-Unmapped-Fields"

// Write handles POST /api/v2/write?precision=ns|us|ms|s: Influx line protocol
// as Telegraf's outputs.influxdb_v2 and the InfluxDB clients send it. Bucket and
// organisation are ignored.
//
// It answers 204 once Kafka has every line; 400 with an [InfluxError] naming
// the bad lines once Kafka has all others, so that the sender drops the batch
// and nothing good is lost; 413 beyond a limit and 503 where Kafka does not
// take them, upon which the sender tries again. Lines that name no meter are
// read by [Config.Mapping]; fields that it does not speak of are counted, told
// to the log once, and told to the sender in [HeaderUnmapped].
func (g *Gateway) Write() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, out, f := g.write(w, r)
		if f == nil && out.unmapped > 0 {
			w.Header().Set(HeaderUnmapped, strconv.Itoa(out.unmapped))
		}
		switch {
		case f != nil:
			g.config.Telemetry.Refused(FromWrite, f.status)
			influxError(w, f)
		case len(out.rejected) > 0:
			influxError(w, malformed("%s", badLines(body, out)))
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	})
}

func (g *Gateway) write(w http.ResponseWriter, r *http.Request) ([]byte, *outcome, *failure) {
	if r.Method != http.MethodPost {
		return nil, nil, &failure{http.StatusMethodNotAllowed, codeMethod, "got " + r.Method + ", want POST"}
	}
	precision, err := codec.ParsePrecision(r.URL.Query().Get("precision"))
	if err != nil {
		return nil, nil, malformed("%v", err)
	}
	body, f := g.body(w, r)
	if f != nil {
		return nil, nil, f
	}
	out, f := g.take(r.Context(), &intake{
		source: FromWrite, format: ingest.Format{Format: codec.Format{Encoding: codec.Line, Precision: precision}},
		body: body, received: g.config.Now(), sender: g.identity(r),
	})
	return body, out, f
}

// badLines names the rejected lines by their number, from 1.
func badLines(body []byte, out *outcome) string {
	var text strings.Builder
	fmt.Fprintf(&text, "partial write: %d of %d lines rejected, the others are stored", len(out.rejected), out.total)
	line, at := 1, 0
	for i, r := range out.rejected {
		if i == mostNamed {
			fmt.Fprintf(&text, "; and %d more", len(out.rejected)-i)
			break
		}
		line += bytes.Count(body[at:r.offset], []byte("\n"))
		at = r.offset
		fmt.Fprintf(&text, "; line %d: %s: %s", line, r.Code, r.Detail)
	}
	return text.String()
}
