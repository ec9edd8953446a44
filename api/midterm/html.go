package midterm

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"time"
)

//go:embed document.html
var documentText string

//go:embed style.css
var styleText string

// Policy lets the page use its own style, and nothing else at all.
func (*Document) Policy() string {
	sum := sha256.Sum256([]byte(styleText))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// sheet is what the template lays out.
type sheet struct {
	*Document
	words
	Style  template.CSS
	Charts []chart
	base   string
}

// WriteHTML writes the document as one page that stands for itself. base is the
// address of the server before its paths, as http://host:8080; its links lead
// there. The error is that of w.
func (d *Document) WriteHTML(w io.Writer, base string) error {
	s := &sheet{Document: d, words: words(d.Language), Style: template.CSS(styleText), base: strings.TrimSuffix(base, "/")}
	s.Charts = d.charts(s.words)
	page, err := template.New("document").Parse(documentText)
	if err != nil {
		panic("midterm: " + err.Error()) // ours, and every test writes one
	}
	var made bytes.Buffer
	if err := page.Execute(&made, s); err != nil {
		panic("midterm: " + err.Error()) // likewise
	}
	if _, err := made.WriteTo(w); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// At makes a path an address of the server.
func (s *sheet) At(path string) string { return s.base + path }

// The forms of figures in the page.

func (s *sheet) Amount(v *float64, unit string) string { return s.amount(v, unit) }
func (s *sheet) Percent(v *float64) string             { return percent(v) }
func (s *sheet) Official(text *string) string          { return official(text) }
func (s *sheet) Day(t *time.Time) string               { return t.Format(time.DateOnly) }

// Share says why there is none: nothing is, or should be, metered.
func (s *sheet) Share(v *float64) string {
	if v == nil {
		return none + " " + s.T("not_metered")
	}
	return share(v)
}

// Mark is the class of a verdict.
func (s *sheet) Mark(onPace *bool) string {
	switch {
	case onPace == nil:
		return "open"
	case *onPace:
		return "good"
	}
	return "behind"
}

// FileName names the document's file, without what follows the dot.
func (d *Document) FileName() string { return "midterm-" + strconv.Itoa(d.Year) + "-" + d.Language }
