package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"jouleline/cmd/jouleline/columns"
	"jouleline/metrics/verify"
	"jouleline/schema/registry"
	"jouleline/store"
)

// VerifyCmd holds the books against the readings.
type VerifyCmd struct {
	Remote
	Sample int    `help:"Meters to draw; 0 means all." default:"0"`
	Seed   uint64 `help:"Draws the sample; 0 takes the clock."`
	Limit  int    `help:"Most differences to list." default:"100"`
}

// verifyAnswer is what the table shows of the answer.
type verifyAnswer struct {
	Sound       bool   `json:"sound"`
	Meters      int    `json:"meters"`
	Registered  int    `json:"registered"`
	Waiting     int    `json:"waiting"`
	Readings    int    `json:"readings"`
	Checked     int    `json:"checked"`
	Months      int    `json:"months"`
	Seed        uint64 `json:"seed"`
	Differences []struct {
		Kind        string      `json:"kind"`
		Meter       string      `json:"meter"`
		Institution string      `json:"institution"`
		Carrier     string      `json:"carrier"`
		Where       string      `json:"where"`
		Stored      string      `json:"stored"`
		Computed    string      `json:"computed"`
		Excess      json.Number `json:"excess"`
	} `json:"differences"`
	More int `json:"more"`
}

// Run asks the server to verify. Differences are a failure.
func (c *VerifyCmd) Run(ctx context.Context, std streams) error {
	question, err := json.Marshal(map[string]any{"sample": c.Sample, "seed": c.Seed, "limit": c.Limit})
	if err != nil {
		return err
	}
	accept := "application/json"
	if c.Format == "csv" {
		accept = "text/csv"
	}
	body, err := c.ask(ctx, http.MethodPost, "/api/v1/verify", question, accept)
	if err != nil {
		return err
	}
	if c.Format == "csv" {
		if _, err := std.out.Write(body); err != nil {
			return err
		}
		if bytes.Count(bytes.TrimSpace(body), []byte("\n")) > 0 {
			return errors.New("the books differ from the readings")
		}
		return nil
	}
	var a verifyAnswer
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	if c.Format == "json" {
		_, err = std.out.Write(body)
	} else {
		err = printVerify(std.out, &a)
	}
	if err == nil && !a.Sound {
		err = fmt.Errorf("the books differ from the readings in %d places", len(a.Differences)+a.More)
	}
	return err
}

func printVerify(out io.Writer, a *verifyAnswer) error {
	fmt.Fprintf(out, "%d of %d meters: %d readings judged anew, %d days and verdicts and %d monthly sums compared (seed %d)\n",
		a.Meters, a.Registered, a.Readings, a.Checked, a.Months, a.Seed)
	if a.Waiting > 0 {
		fmt.Fprintf(out, "%d meters were passed over: their books are to be computed anew\n", a.Waiting)
	}
	if a.Sound {
		fmt.Fprintln(out, "the books are what the readings give")
		return nil
	}
	w := columns.New(out)
	fmt.Fprintln(w, "what\tof\tcarrier\twhere\tstored\tcomputed\texcess")
	for _, d := range a.Differences {
		of := d.Meter
		if of == "" {
			of = d.Institution
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.Kind, of, d.Carrier, d.Where, d.Stored, d.Computed, d.Excess)
	}
	if a.More > 0 {
		fmt.Fprintf(w, "... and %d more\n", a.More)
	}
	return w.Flush()
}

// ask sends a JSON body and wants an encoding back.
func (r *Remote) ask(ctx context.Context, method, path string, body []byte, accept string) ([]byte, error) {
	request, err := r.request(ctx, method, path, nil, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)
	return r.do(request)
}

// storeVerifier verifies what is in the store, and knows nothing else.
type storeVerifier struct {
	store   *store.Store
	options registry.Options
}

func (v storeVerifier) Verify(ctx context.Context, o verify.Options) (*verify.Report, error) {
	o.Registry = v.options
	return verify.Run(ctx, v.store, o)
}
