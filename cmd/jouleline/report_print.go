package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// reportAnswer is what the table shows of a report.
type reportAnswer struct {
	reportHead
	Progress  *progressAnswer `json:"progress"`
	Breakdown *struct {
		Total reportRow   `json:"total"`
		Rows  []reportRow `json:"rows"`
	} `json:"breakdown"`
}

type reportHead struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Created  string `json:"created"`
	KnownAt  string `json:"known_at"`
	Versions struct {
		Program       string `json:"program"`
		FactorSet     string `json:"factor_set"`
		FactorVersion string `json:"factor_version"`
		Registry      string `json:"registry"`
		Plan          struct {
			Name string `json:"name"`
		} `json:"plan"`
	} `json:"versions"`
}

type reportRow struct {
	Scope      reportScope         `json:"scope"`
	Indicators []progressIndicator `json:"indicators"`
}

// reportScope names what a figure speaks of.
type reportScope struct {
	Region, Department, Class, Institution, Name string
	Own                                          bool
}

// String names the scope for people.
func (s reportScope) String() string {
	id := s.Region + s.Department + s.Class + s.Institution
	text := strings.TrimSpace(id + " " + s.Name)
	if s.Own {
		text += " itself"
	}
	return text
}

func (h *reportHead) print(out io.Writer) {
	fmt.Fprintf(out, "report %d %s, frozen %s, knows the books up to %s\n", h.ID, h.Name, h.Created, h.KnownAt)
	fmt.Fprintf(out, "plan %s, factors %s version %s, registry of %s, program %s\n\n",
		h.Versions.Plan.Name, h.Versions.FactorSet, h.Versions.FactorVersion, h.Versions.Registry, h.Versions.Program)
}

func printReport(out io.Writer, body []byte) error {
	var a reportAnswer
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	a.print(out)
	if a.Progress != nil {
		return printIndicators(out, a.Progress.Indicators)
	}
	if a.Breakdown == nil {
		return fmt.Errorf("read the server's answer: got neither progress nor breakdown")
	}
	for _, row := range append([]reportRow{a.Breakdown.Total}, a.Breakdown.Rows...) {
		fmt.Fprintln(out, row.Scope)
		var text bytes.Buffer
		if err := printIndicators(&text, row.Indicators); err != nil {
			return err
		}
		for line := range strings.Lines(text.String()) {
			fmt.Fprint(out, "  "+line)
		}
	}
	return nil
}
