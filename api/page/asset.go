package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"jouleline/third_party/echarts"
)

var (
	//go:embed template/*.html
	templateFiles embed.FS
	//go:embed asset/*
	assetFiles embed.FS
)

// chartScript is the name of the charting library among the assets.
const chartScript = "echarts.min.js"

// shandong is the outline of the cities.
func shandong() []byte { return echarts.Shandong() }

// asset is a file that pages load, plain and packed. Its version is in its
// address, so that browsers may keep it for ever.
type asset struct {
	kind, version string
	plain         []byte
	packed        func() ([]byte, error) // packs when first asked
}

func loadAssets() (map[string]*asset, error) {
	files := map[string][]byte{chartScript: echarts.Script()}
	entries, err := fs.ReadDir(assetFiles, "asset")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if files[e.Name()], err = assetFiles.ReadFile("asset/" + e.Name()); err != nil {
			return nil, err
		}
	}
	assets := map[string]*asset{}
	for name, content := range files {
		sum := sha256.Sum256(content)
		a := &asset{kind: mime.TypeByExtension(path.Ext(name)), version: hex.EncodeToString(sum[:6]), plain: content}
		if a.kind == "" {
			return nil, fmt.Errorf("asset %s: no media type for its name", name)
		}
		a.packed = sync.OnceValues(func() ([]byte, error) { return pack(content, gzip.BestCompression) })
		assets[name] = a
	}
	return assets, nil
}

func pack(content []byte, level int) ([]byte, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, level)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err = w.Close()
	return packed.Bytes(), err
}

// takesGzip tells whether a request allows a packed answer.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" && strings.TrimSpace(quality) != "q=0" {
			return true
		}
	}
	return false
}

func (s *Site) serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := s.assets[r.PathValue("file")]
	if !ok || a.version != r.PathValue("version") {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := a.plain
	if takesGzip(r) {
		if packed, err := a.packed(); err == nil {
			h.Set("Content-Encoding", "gzip")
			body = packed
		}
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	_, _ = w.Write(body) // an error means that the caller is gone
}

// writeBody writes a page, packed where that is allowed and worth while.
func writeBody(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	const worth = 1400 // what fits one packet gains nothing
	w.Header().Add("Vary", "Accept-Encoding")
	if len(body) > worth && takesGzip(r) {
		if packed, err := pack(body, gzip.BestSpeed); err == nil {
			w.Header().Set("Content-Encoding", "gzip")
			body = packed
		}
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the caller is gone
	}
}
