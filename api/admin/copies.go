package admin

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/schema"
)

// Vault makes copies of what is stored, as files to hand over.
type Vault interface {
	// Backup copies the whole books as they stand.
	Backup(ctx context.Context) (*Copy, error)
	// Export copies a stretch of a table.
	Export(ctx context.Context, q ExportQuery) (*Copy, error)
}

// ExportQuery chooses what is exported: table readings or ledger, format parquet
// or csv, of [From, To).
type ExportQuery struct {
	Table, Format string
	From, To      schema.Instant
}

// Copy is a file that is gone once it is closed.
type Copy struct {
	io.ReadCloser
	Name        string
	ContentType string
	Bytes       int64
	// Recorded is the recorded-at of the latest transaction in a backup.
	Recorded schema.Instant
	// Delivered is called once all of it was handed over; nil does nothing.
	Delivered func(ctx context.Context) error
}

// HeaderRecorded says up to which recorded-at a backup goes.
const HeaderRecorded = "Jouleline-Recorded"

const (
	parquetType = "application/vnd.apache.parquet"
	backupType  = "application/octet-stream"
)

// longestExport bounds one export: an open reader lets the store's log grow.
const longestExport = schema.Instant(31 * 24 * schema.Hour)

func (s *Handlers) mountCopies(b *contract.Builder) {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	b.Mount(contract.Operation{
		ID: "backup", Route: "GET /api/v1/backup", Tag: contract.TagWorld,
		Summary: "Take a backup of the books",
		Text: "A copy of the whole books as they stand: readings, ledger, registry, reports, tokens and the position on the topic, which `jouleline restore` turns into a data folder. " +
			"The server goes on meanwhile. The header " + HeaderRecorded + " says up to which moment it goes.",
	}, s.handOver(b, func(ctx context.Context, _ *http.Request) (*Copy, error) { return s.Vault.Backup(ctx) }), nil,
		&huma.Response{Description: "The file of the books", Content: map[string]*huma.MediaType{backupType: {Schema: binary}}})
	b.Mount(contract.Operation{
		ID: "export", Route: "GET /api/v1/export", Tag: contract.TagWorld,
		Summary: "Export readings or the ledger",
		Text: "All stored versions of the readings of a stretch, or the ledger's entries of its local days, at most 31 days at once, as Parquet or CSV, " +
			"in the order of meter and time.",
		Parameters: []*huma.Param{
			{Name: "table", In: "query", Required: true, Description: "What is exported", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"readings", "ledger"}}, Example: "ledger"},
			{Name: "from", In: "query", Required: true, Description: "First moment of the stretch", Schema: &huma.Schema{Type: huma.TypeString}, Example: "2023-05-01T00:00:00+08:00"},
			{Name: "to", In: "query", Required: true, Description: "End of the stretch, which is not in it any more", Schema: &huma.Schema{Type: huma.TypeString}, Example: "2023-06-01T00:00:00+08:00"},
			{Name: "format", In: "query", Description: "Form of the file; left out: parquet", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"parquet", "csv"}}, Example: "parquet"},
		},
	}, s.handOver(b, s.export), nil, &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{parquetType: {Schema: binary}}})
}

// export reads the question.
func (s *Handlers) export(ctx context.Context, r *http.Request) (*Copy, error) {
	asked := r.URL.Query()
	var stretch query.StretchParams
	for _, end := range []struct {
		name string
		at   *query.Moment
	}{{"from", &stretch.From}, {"to", &stretch.To}} {
		if err := end.at.UnmarshalText([]byte(asked.Get(end.name))); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", problem.ErrQuestion, end.name, err)
		}
	}
	if err := stretch.Check(); err != nil {
		return nil, err
	}
	q := ExportQuery{Table: asked.Get("table"), Format: asked.Get("format"), From: stretch.From.At, To: stretch.To.At}
	if q.Format == "" {
		q.Format = "parquet"
	}
	switch {
	case q.Table != "readings" && q.Table != "ledger":
		return nil, fmt.Errorf("%w: table: got %q, want readings or ledger", problem.ErrQuestion, problem.Clip(q.Table))
	case q.Format != "parquet" && q.Format != "csv":
		return nil, fmt.Errorf("%w: format: got %q, want parquet or csv", problem.ErrQuestion, problem.Clip(q.Format))
	case q.To-q.From > longestExport:
		return nil, fmt.Errorf("%w: from and to: got %d days, want at most %d at once", problem.ErrQuestion, (q.To-q.From)/schema.Instant(24*schema.Hour), longestExport/schema.Instant(24*schema.Hour))
	}
	return s.Vault.Export(ctx, q)
}

// handOver answers with a copy.
func (s *Handlers) handOver(b *contract.Builder, make func(ctx context.Context, r *http.Request) (*Copy, error)) http.Handler {
	if s.Vault == nil {
		return nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := make(r.Context(), r)
		if err != nil {
			b.Fail(w, r, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", c.ContentType)
		h.Set("Content-Length", strconv.FormatInt(c.Bytes, 10))
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", c.Name))
		h.Set("Cache-Control", "no-store")
		if c.Recorded != 0 {
			h.Set(HeaderRecorded, c.Recorded.String())
		}
		sent, err := io.Copy(w, c)
		if err == nil && sent == c.Bytes && c.Delivered != nil {
			err = c.Delivered(context.WithoutCancel(r.Context()))
		}
		if closed := c.Close(); err == nil {
			err = closed
		}
		if err != nil {
			s.Logger.Warn("a copy was not handed over", "file", c.Name, "sent", sent, "of", c.Bytes, "error", err)
		}
	})
}
