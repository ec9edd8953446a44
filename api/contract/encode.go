package contract

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"

	"jouleline/api/problem"
	"jouleline/api/table"
	"jouleline/schema/arrow"
)

const (
	JSONType = "application/json"
	CSVType  = "text/csv"
	textType = "text/plain"
)

// encoder writes the rows of an answer in one encoding. An answer without rows
// has its JSON only.
type encoder struct {
	mediaType string
	write     func(io.Writer, table.Table) error
	// whole is set where nothing useful is written before the last row: then an
	// answer that cannot be written is refused, not cut off.
	whole bool
}

// encoders are the encodings of tables beside JSON.
var encoders = []encoder{
	{mediaType: CSVType, write: table.WriteCSV},
	{mediaType: arrow.ContentType, write: table.WriteArrow},
	{mediaType: table.XLSXType, write: table.WriteXLSX, whole: true},
}

// plain is an answer that is given as text for readers, too.
type plain interface {
	WriteText(io.Writer) error
}

// Negotiate gives the media type that a caller's Accept header asks for, JSON
// where it asks for none that is known.
func Negotiate(accept string) string {
	known := []string{JSONType}
	for _, e := range encoders {
		known = append(known, e.mediaType)
	}
	known = append(known, textType, htmlType)
	if chosen := negotiation.SelectQValue(accept, known); chosen != "" {
		return chosen
	}
	return JSONType
}

// respond writes an answer in the encoding that was negotiated. rows is nil where
// the answer is no table.
func (b *Builder) respond(ctx huma.Context, status int, answer any, rows func() table.Table) {
	ctx.SetHeader("Vary", "Accept")
	if b.respondDocument(ctx, status, answer) {
		return
	}
	if p, ok := answer.(plain); ok && ctx.Header("Accept") == textType {
		ctx.SetHeader("Content-Type", textType+"; charset=utf-8")
		ctx.SetStatus(status)
		if err := p.WriteText(ctx.BodyWriter()); err != nil {
			b.Problems.Logger.Debug("answer cut off", "error", err) // the caller is gone
		}
		return
	}
	if accept := ctx.Header("Accept"); rows != nil && accept != JSONType {
		for _, e := range encoders {
			if e.mediaType == accept {
				b.respondTable(ctx, status, e, rows())
				return
			}
		}
	}
	var body bytes.Buffer
	if err := encodeJSON(&body, answer); err != nil {
		panic("contract: " + err.Error()) // an answer that has no JSON is our own fault
	}
	ctx.SetHeader("Content-Type", JSONType)
	ctx.SetHeader("Content-Length", strconv.Itoa(body.Len()))
	ctx.SetStatus(status)
	_, _ = body.WriteTo(ctx.BodyWriter()) // an error means that the caller is gone
}

// respondTable writes a table in an encoding.
func (b *Builder) respondTable(ctx huma.Context, status int, e encoder, t table.Table) {
	var made bytes.Buffer
	if e.whole {
		if err := e.write(&made, t); err != nil {
			b.refuse(ctx, err)
			return
		}
	}
	ctx.SetHeader("Content-Type", contentType(e.mediaType))
	ctx.SetStatus(status)
	var err error
	if e.whole {
		_, err = made.WriteTo(ctx.BodyWriter())
	} else {
		err = e.write(ctx.BodyWriter(), t)
	}
	if err != nil {
		b.Problems.Logger.Debug("answer cut off", "error", err) // the caller is gone
	}
}

// refuse answers with a problem where the answer was made but cannot be given.
func (b *Builder) refuse(ctx huma.Context, err error) {
	p := b.Problems.Of(ctx.Context(), err)
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Content-Type", problem.MediaType)
	ctx.SetStatus(p.Status)
	_ = encodeJSON(ctx.BodyWriter(), p) // an error means that the caller is gone
}

// encodeJSON writes an answer as one line of JSON.
func encodeJSON(w io.Writer, answer any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(answer)
}

// contentType gives the header of a media type.
func contentType(media string) string {
	if media == CSVType {
		return media + "; charset=utf-8; header=present"
	}
	return media
}
