package promql

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// worthPacking is how many bytes an answer has at least that is packed: what fits
// into a few packets arrives no sooner.
const worthPacking = 4 << 10

// packed writes what is written to it in gzip.
type packed struct {
	http.ResponseWriter
	zip *gzip.Writer
}

// Write packs.
func (p packed) Write(b []byte) (int, error) { return p.zip.Write(b) }

// pack gives where to write an answer of so many bytes, packed where the caller
// takes that, as Prometheus does; done ends it.
func pack(w http.ResponseWriter, r *http.Request, size int) (to http.ResponseWriter, done func()) {
	if size < worthPacking {
		return w, func() {}
	}
	w.Header().Add("Vary", "Accept-Encoding")
	if !takesGzip(r.Header.Get("Accept-Encoding")) {
		return w, func() {}
	}
	w.Header().Set("Content-Encoding", "gzip")
	zip := packers.Get().(*gzip.Writer)
	zip.Reset(w)
	return packed{w, zip}, func() {
		_ = zip.Close() // an error means that the caller is gone
		packers.Put(zip)
	}
}

// packers keeps packers from one answer to the next: each has a megabyte of tables.
var packers = sync.Pool{New: func() any {
	zip, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic("promql: " + err.Error()) // the level is one there is
	}
	return zip
}}

// takesGzip reads an Accept-Encoding.
func takesGzip(accepted string) bool {
	for part := range strings.SplitSeq(accepted, ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			weight, given := strings.CutPrefix(strings.ToLower(weight), "q=")
			return !given || strings.Trim(weight, "0.") != "" // 0 is never
		}
	}
	return false
}
