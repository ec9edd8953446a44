package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"jouleline/cmd/jouleline/columns"
)

// done prints what the server did: its JSON, or, as a table, a line for each
// field in the answer's own order.
func (r *Remote) done(out io.Writer, answer []byte) error {
	if r.Format == "json" {
		_, err := fmt.Fprintf(out, "%s\n", bytes.TrimSpace(answer))
		return err
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return fmt.Errorf("read the server's answer: got %.100q, want a JSON object", answer)
	}
	w := columns.New(out)
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fmt.Errorf("read the server's answer: %w", err)
		}
		var value any
		d.UseNumber()
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("read the server's answer: %w", err)
		}
		fmt.Fprintf(w, "%s\t%s\n", strings.ReplaceAll(fmt.Sprint(name), "_", " "), plain(value))
	}
	return w.Flush()
}

// plain gives a value of JSON as people write it.
func plain(value any) string {
	switch v := value.(type) {
	case nil:
		return "-"
	case bool:
		return yesNo(&v)
	case []any:
		if len(v) == 0 {
			return "-"
		}
		texts := make([]string, len(v))
		for i := range v {
			texts[i] = plain(v[i])
		}
		return strings.Join(texts, ", ")
	}
	return fmt.Sprint(value)
}
