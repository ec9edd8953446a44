package contract

import (
	"bytes"
	"fmt"
	"io"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/table"
)

// htmlType is the media type of a page.
const htmlType = "text/html"

// WantsPage tells whether an Accept header asks for a page before all else, as
// browsers do.
func WantsPage(accept string) bool { return Negotiate(accept) == htmlType }

// Workbook is an answer that is a workbook of its own, not a table. base is the
// address of the server, to which its links lead.
type Workbook interface {
	FileName() string
	WriteXLSX(w io.Writer, base string) error
}

// Document is one that is a page, too.
type Document interface {
	Workbook
	WriteHTML(w io.Writer, base string) error
	// Policy is what the page may load, as a Content-Security-Policy.
	Policy() string
}

// documentContent describes the forms of a document.
func documentContent(sample any, success *huma.Response) {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	if _, ok := sample.(Workbook); ok {
		success.Content[table.XLSXType] = &huma.MediaType{Schema: binary}
	}
	if _, ok := sample.(Document); ok {
		success.Content[htmlType] = &huma.MediaType{Schema: binary}
	}
}

// respondDocument writes a document as a page or workbook where that is asked
// for: by the parameter format, else by what was negotiated. done is false where
// it is not.
func (b *Builder) respondDocument(ctx huma.Context, status int, answer any) (done bool) {
	media := ctx.Header("Accept")
	if form := ctx.Query("format"); form != "" {
		media = map[string]string{"html": htmlType, "xlsx": table.XLSXType}[form]
	}
	var write func(io.Writer, string) error
	kind := ""
	if d, ok := answer.(Document); ok && media == htmlType {
		write, kind = d.WriteHTML, "inline"
		ctx.SetHeader("Content-Security-Policy", d.Policy())
		ctx.SetHeader("Referrer-Policy", "same-origin")
		media = htmlType + "; charset=utf-8"
	} else if b, ok := answer.(Workbook); ok && media == table.XLSXType {
		write, kind = b.WriteXLSX, "attachment"
	} else {
		return false
	}
	var made bytes.Buffer
	if err := write(&made, baseOf(ctx)); err != nil {
		b.refuse(ctx, err)
		return true
	}
	name := answer.(Workbook).FileName()
	if kind == "attachment" {
		name += ".xlsx"
	} else {
		name += ".html"
	}
	ctx.SetHeader("Content-Type", media)
	ctx.SetHeader("Content-Disposition", fmt.Sprintf("%s; filename=%q", kind, name))
	ctx.SetHeader("Cache-Control", "no-store")
	ctx.SetStatus(status)
	if _, err := made.WriteTo(ctx.BodyWriter()); err != nil {
		b.Problems.Logger.Debug("answer cut off", "error", err) // the caller is gone
	}
	return true
}

// baseOf gives the address under which the server was called, so that the links
// of a document that was saved still lead there.
func baseOf(ctx huma.Context) string {
	u := url.URL{Scheme: "http", Host: ctx.Host()}
	if ctx.TLS() != nil || ctx.Header("X-Forwarded-Proto") == "https" {
		u.Scheme = "https"
	}
	return u.String()
}
