package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"jouleline/cmd/jouleline/columns"
	"jouleline/schema/registry"
)

// Remote is a running server and how its answer is shown.
type Remote struct {
	Server string `help:"Address of the server." default:"http://127.0.0.1:8080" placeholder:"URL"`
	Token  string `help:"Access token." placeholder:"TOKEN"`
	Format string `help:"Form of the answer: table, json or csv." enum:"table,json,csv" default:"table"`
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 30

// get asks the server and hands over the answer's body.
func (r *Remote) get(ctx context.Context, path string, query url.Values, accept string) ([]byte, error) {
	request, err := r.request(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", accept)
	return r.do(request)
}

// send posts or puts a body.
func (r *Remote) send(ctx context.Context, method, path, contentType string, body io.Reader) ([]byte, error) {
	request, err := r.request(ctx, method, path, nil, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", contentType)
	return r.do(request)
}

// request begins a question.
func (r *Remote) request(ctx context.Context, method, path string, query url.Values, body io.Reader) (*http.Request, error) {
	if u, err := url.Parse(r.Server); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, usageError{fmt.Errorf("server: got %q, want an address as http://127.0.0.1:8080", r.Server)}
	}
	address := strings.TrimSuffix(r.Server, "/") + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return http.NewRequestWithContext(ctx, method, address, body)
}

func (r *Remote) do(request *http.Request) ([]byte, error) {
	response, err := r.roundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the server's answer: %w", err)
	}
	return body, nil
}

// roundTrip asks, and makes an error of a problem. The body is the caller's to
// close.
func (r *Remote) roundTrip(request *http.Request) (*http.Response, error) {
	if r.Token != "" {
		request.Header.Set("Authorization", "Bearer "+r.Token)
	}
	client := http.Client{Timeout: 30 * time.Minute}
	response, err := client.Do(request)
	if err != nil {
		return nil, r.unreached(err)
	}
	if response.StatusCode < 300 {
		return response, nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the server's answer: %w", err)
	}
	return nil, problemOf(response, body)
}

// unreached tells that a server did not answer, and what to do where none is
// there at all.
func (r *Remote) unreached(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err // without the whole address
	}
	hint := ""
	if errors.Is(err, syscall.ECONNREFUSED) {
		hint = ` (start one with "jouleline serve", or name another with --server)`
	}
	return fmt.Errorf("ask the server at %s: %w%s", r.Server, err, hint)
}

// problemOf turns a problem+json answer (RFC 9457) into an error.
func problemOf(response *http.Response, body []byte) error {
	var problem struct {
		Title    string             `json:"title"`
		Detail   string             `json:"detail"`
		Problems []registry.Problem `json:"problems"`
		Errors   []struct {
			Message  string `json:"message"`
			Location string `json:"location"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &problem) != nil || (problem.Title == "" && problem.Detail == "") {
		return fmt.Errorf("the server answered %s", response.Status)
	}
	text := []string{problem.Title}
	if problem.Detail != "" {
		text = []string{problem.Detail}
	}
	for _, p := range problem.Problems {
		text = append(text, "  "+p.String())
	}
	if len(problem.Errors) > 0 { // the detail is the first of them
		text = nil
	}
	for _, e := range problem.Errors {
		text = append(text, flagOf(e.Location)+": "+e.Message)
	}
	err := errors.New(strings.Join(text, "\n"))
	if response.StatusCode == http.StatusBadRequest || response.StatusCode == http.StatusUnprocessableEntity {
		return usageError{err}
	}
	return err
}

// flagOf names the flag that became a parameter of a question.
func flagOf(location string) string {
	if name, ok := strings.CutPrefix(location, "query."); ok {
		return "--" + strings.ReplaceAll(name, "_", "-")
	}
	return location
}

// show asks for a path and prints the answer as the format says. A table is
// printed from the JSON by the given function, or, where there is none, from the
// answer's own CSV.
func (r *Remote) show(ctx context.Context, std streams, path string, query url.Values, table func(io.Writer, []byte) error) error {
	accept := "application/json"
	if r.Format == "csv" || (r.Format == "table" && table == nil) {
		accept = "text/csv"
	}
	body, err := r.get(ctx, path, query, accept)
	switch {
	case err != nil:
		return err
	case r.Format != "table":
		_, err = std.out.Write(body)
		return err
	case table == nil:
		return alignCSV(std.out, body)
	}
	return table(std.out, body)
}

// alignCSV prints CSV in columns.
func alignCSV(out io.Writer, body []byte) error {
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	w := columns.New(out)
	for _, row := range rows {
		for i := range row {
			if !slices.Contains(nameColumns, rows[0][i]) {
				row[i] = compact(row[i])
			}
			if row[i] == "" {
				row[i] = "-"
			}
		}
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

// nameColumns hold ids and names, which are no numbers even where they look so.
var nameColumns = []string{"id", "name", "meter", "version", "plan"}

// decimals are what a table shows behind the point: the books keep no more.
const decimals = 6

// compact rounds a decimal number for the eyes to six decimals, or six digits
// where it is below one. JSON and CSV have all digits.
func compact(cell string) string {
	whole, behind, found := strings.Cut(cell, ".")
	if !found || len(behind) <= decimals || strings.Trim(strings.TrimPrefix(whole, "-")+behind, "0123456789") != "" {
		return cell
	}
	value, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return cell
	}
	places := decimals
	if strings.Trim(whole, "-0") == "" {
		places += len(behind) - len(strings.TrimLeft(behind, "0"))
	}
	text := strconv.FormatFloat(value, 'f', places, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// set adds a query parameter that was given.
func set(query url.Values, name, value string) {
	if value != "" {
		query.Set(name, value)
	}
}
