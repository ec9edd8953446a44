package gateway

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory that a zstd frame may ask for. RFC 8878 asks
// decoders for 8 MiB, and encoders keep to it unless told otherwise.
const maxWindow = 8 << 20

// body reads and unpacks the body of a request within the limit.
func (g *Gateway) body(w http.ResponseWriter, r *http.Request) ([]byte, *failure) {
	limit := g.config.MaxBody
	if r.ContentLength > limit {
		return nil, tooLarge("got a body of %d bytes, at most %d are taken: send fewer readings at once", r.ContentLength, limit)
	}
	packed := http.MaxBytesReader(w, r.Body, limit)
	var plain io.Reader
	switch coding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); coding {
	case "", "identity":
		plain = packed
	case "gzip", "x-gzip":
		unpack, err := gzip.NewReader(packed)
		if err != nil {
			return nil, g.unreadable("gzip", err)
		}
		defer unpack.Close()
		plain = unpack
	case "zstd":
		unpack, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(uint64(max(limit, maxWindow))))
		if err != nil {
			return nil, g.unreadable("zstd", err)
		}
		defer unpack.Close()
		plain = unpack
	default:
		return nil, unsupported("content encoding: got %.40q, want gzip, zstd or none", coding)
	}
	var body bytes.Buffer
	// A caller who announces much and sends nothing shall not cost much.
	body.Grow(int(min(max(r.ContentLength, 0), 1<<20)) + bytes.MinRead)
	if _, err := body.ReadFrom(io.LimitReader(plain, limit+1)); err != nil {
		return nil, g.unreadable(r.Header.Get("Content-Encoding"), err)
	}
	if int64(body.Len()) > limit {
		return nil, tooLarge("got a body of more than %d bytes unpacked: send fewer readings at once", limit)
	}
	if len(bytes.TrimSpace(body.Bytes())) == 0 {
		return nil, malformed("the body is empty")
	}
	return body.Bytes(), nil
}

// unreadable says why a body could not be read to its end.
func (g *Gateway) unreadable(coding string, err error) *failure {
	var passed *http.MaxBytesError
	switch {
	case errors.As(err, &passed):
		return tooLarge("got a body of more than %d bytes: send fewer readings at once", passed.Limit)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return tooLarge("the zstd frame asks for more than the %d bytes that are taken, or for a window of more than %d", g.config.MaxBody, maxWindow)
	case coding == "":
		return malformed("the body ends early: %v", err)
	}
	return malformed("unpack the body as %.20s: %v", coding, err)
}
