package main

import (
	"encoding/json"
	"fmt"
	"io"

	"jouleline/cmd/jouleline/columns"
)

// breakdownAnswer is what the table shows of a progress that is broken down.
type breakdownAnswer struct {
	progressAnswer
	By    string         `json:"by"`
	Total progressPart   `json:"total"`
	Rows  []progressPart `json:"rows"`
}

type progressPart struct {
	Scope      map[string]any      `json:"scope"`
	Expected   int                 `json:"institutions_expected"`
	Counted    int                 `json:"institutions_counted"`
	Indicators []progressIndicator `json:"indicators"`
}

// text gives a name or an id of the part, which may have none.
func (p *progressPart) text(field string) string {
	if text, ok := p.Scope[field].(string); ok && text != "" {
		return text
	}
	return "-"
}

// printBreakdown prints the indicators of the whole and of each part, which
// names itself in the first columns.
func printBreakdown(out io.Writer, body []byte) error {
	var a breakdownAnswer
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	a.Counted, a.Expected = a.Total.Counted, a.Total.Expected
	a.head(out)
	w := columns.New(out)
	fmt.Fprintf(w, "%s\tname\tcounted\t%s\n", a.By, indicatorColumns)
	print := func(id string, part *progressPart) {
		for k := range part.Indicators {
			fmt.Fprintf(w, "%s\t%s\t%d/%d\t%s\n", id, part.text("name"), part.Counted, part.Expected, part.Indicators[k].line())
		}
	}
	print("total", &a.Total)
	for k := range a.Rows {
		part := &a.Rows[k]
		id := part.text(a.By)
		if part.Scope["own"] == true {
			id += " (own)"
		}
		print(id, part)
	}
	return w.Flush()
}
