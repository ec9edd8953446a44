// Package problem turns errors into the problem documents of RFC 9457 by one table.
//
// Bad input never gives a status of 500. What is ours to mend is logged under the
// name of the request, and the caller gets that name only; what a caller sent is
// shown clipped.
package problem

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jouleline/analytics/progress"
	"jouleline/api/peer"
	"jouleline/metrics/consumption"
	"jouleline/metrics/indicator"
	"jouleline/schema/factor"
	"jouleline/schema/registry"
)

// Errors that whoever is asked may wrap.
var (
	// ErrUnauthorized: the request does not say who sends it.
	ErrUnauthorized = errors.New("not authorized")
	// ErrForbidden: the sender may not do this.
	ErrForbidden = errors.New("forbidden")
	// ErrTooMany: the sender asks more often than it may.
	ErrTooMany = errors.New("too many requests")
	// ErrFile: a file cannot be read as what it should be.
	ErrFile = errors.New("the file cannot be read")
	// ErrUnavailable: not now; the same request may succeed later.
	ErrUnavailable = errors.New("not available")
)

// Errors of questions.
var (
	// ErrNoRoute: no page has this path.
	ErrNoRoute = errors.New("no such page")
	// ErrUnknown: what the question names is not known.
	ErrUnknown = errors.New("not known")
	// ErrQuestion: the question is understood and has no answer.
	ErrQuestion = errors.New("cannot be asked")
	// ErrTooLong: the address is longer than is allowed.
	ErrTooLong = errors.New("too long")
	// ErrSyntax: the body is not what it should be.
	ErrSyntax = errors.New("cannot be read")
	// ErrBroken: a handler panicked; ours to mend.
	ErrBroken = errors.New("something broke")
)

// MethodError tells that a path knows other methods only.
type MethodError struct{ Got, Allowed string }

// Error names the method and those that are known.
func (e *MethodError) Error() string {
	return fmt.Sprintf("method: got %s, want %s", e.Got, e.Allowed)
}

// classes is the only place that turns errors into statuses. The first match
// counts; what matches nothing is ours to mend.
var classes = []struct {
	is     func(error) bool
	status int
	code   string
}{
	{is(ErrUnauthorized), http.StatusUnauthorized, "unauthorized"},
	{is(ErrForbidden), http.StatusForbidden, "forbidden"},
	{is(ErrTooMany), http.StatusTooManyRequests, "too_many"},
	{is(ErrNoRoute), http.StatusNotFound, "no_such_page"},
	{as[*MethodError], http.StatusMethodNotAllowed, "method_not_allowed"},
	{is(indicator.ErrUnknownScope), http.StatusNotFound, "unknown"},
	{is(ErrUnknown), http.StatusNotFound, "unknown"},
	{as[*registry.Errors], http.StatusUnprocessableEntity, "bad_registry"},
	{is(progress.ErrQuery), http.StatusUnprocessableEntity, "bad_question"},
	{is(consumption.ErrPartialDay), http.StatusUnprocessableEntity, "bad_question"},
	{is(factor.ErrUnknown), http.StatusUnprocessableEntity, "bad_question"},
	{is(ErrFile), http.StatusUnprocessableEntity, "bad_file"},
	{is(ErrQuestion), http.StatusUnprocessableEntity, "bad_question"},
	{is(ErrSyntax), http.StatusBadRequest, "malformed"},
	{is(ErrTooLong), http.StatusRequestURITooLong, "too_long"},
	{as[*http.MaxBytesError], http.StatusRequestEntityTooLarge, "too_large"},
	{as[*peer.MissingError], http.StatusServiceUnavailable, "missing_partitions"},
	{is(peer.ErrDivided), http.StatusServiceUnavailable, "divided"},
	{is(ErrUnavailable), http.StatusServiceUnavailable, "unavailable"},
	{is(context.DeadlineExceeded), http.StatusServiceUnavailable, "took_too_long"},
	{is(context.Canceled), http.StatusServiceUnavailable, "interrupted"},
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// Problem is a problem document of RFC 9457.
type Problem struct {
	Type   string `json:"type" doc:"Always about:blank: the status says what kind of problem it is" example:"about:blank"`
	Title  string `json:"title" doc:"The status in words" example:"Unprocessable Entity"`
	Status int    `json:"status" doc:"HTTP status" example:"422"`
	Detail string `json:"detail" doc:"What is wrong, what was got and what is wanted" example:"year 2019: cannot be asked: it lies before the base year 2020"`
	Code   string `json:"code" doc:"Stable short word for the cause" example:"bad_question"`
	// Instance names the request where the fault is ours.
	Instance string `json:"instance,omitempty" doc:"Names the request in the server's log" example:"urn:jouleline:request:2QXE7K3AVN5B"`
	// Errors lists what is wrong with parameters or a body.
	Errors []ProblemDetail `json:"errors,omitempty" nullable:"false" doc:"Each thing that is wrong with the request"`
	// MissingPartitions are those whose books could not be asked.
	MissingPartitions []int `json:"missing_partitions,omitempty" nullable:"false" doc:"Partitions whose books could not be asked, since their instance does not answer" example:"[2,3]"`
	// Problems lists what is wrong with registry tables.
	Problems []registry.Problem `json:"problems,omitempty" nullable:"false" doc:"Each thing that is wrong with the registry's tables, by file, line and column"`
	More     bool               `json:"more,omitempty" doc:"There are more problems than are listed"`
}

// ProblemDetail is one thing that is wrong with a request.
type ProblemDetail struct {
	Location string `json:"location" doc:"Where, such as query.year or body[2].time" example:"query.year"`
	Message  string `json:"message" doc:"What is wrong there" example:"invalid integer"`
}

// Error gives the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the status to the OpenAPI library.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the kind of document to the OpenAPI library.
func (p *Problem) ContentType(string) string { return MediaType }

// MediaType is that of a problem document.
const MediaType = "application/problem+json"

// GetHeaders gives the headers that belong to the status.
func (p *Problem) GetHeaders() http.Header {
	headers := http.Header{}
	switch p.Status {
	case http.StatusUnauthorized:
		headers.Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable:
		headers.Set("Retry-After", "5") // about as long as a restart takes
	}
	return headers
}

// Reporter makes problems, and logs what is ours to mend.
type Reporter struct{ Logger *slog.Logger }

// Of makes a problem of an error. What is ours to mend is logged, and the
// caller gets its name only.
func (r Reporter) Of(ctx context.Context, err error) *Problem {
	request := requestOf(ctx)
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	p := &Problem{Type: "about:blank", Status: http.StatusInternalServerError, Code: "internal"}
	for _, class := range classes {
		if class.is(err) {
			p.Status, p.Code, p.Detail = class.status, class.code, err.Error()
			break
		}
	}
	p.Title = http.StatusText(p.Status)
	if p.Status >= http.StatusInternalServerError {
		p.Instance = "urn:jouleline:request:" + request
	}
	switch p.Code {
	case "internal":
		p.Detail = "the answer could not be made; the log says why"
		r.Logger.Error("request failed", "request", request, "error", err)
	case "missing_partitions":
		missing, _ := errors.AsType[*peer.MissingError](err)
		p.MissingPartitions = missing.Partitions
	case "took_too_long", "interrupted":
		p.Detail = "the answer took too long: ask for less at once, or again later"
		r.Logger.Warn("request given up", "request", request, "error", err)
	case "bad_registry":
		bad, _ := errors.AsType[*registry.Errors](err)
		p.Problems, p.More = bad.Problems, bad.More
		p.Detail = fmt.Sprintf("nothing was changed: %d things are wrong with the tables", len(bad.Problems))
	}
	return p
}

// libraryCodes are the words for what the OpenAPI library refuses by itself.
var libraryCodes = map[int]string{
	http.StatusBadRequest:            "malformed",
	http.StatusRequestTimeout:        "took_too_long",
	http.StatusRequestEntityTooLarge: "too_large",
	http.StatusUnsupportedMediaType:  "unsupported_media_type",
}

// OwnProblems turns what the OpenAPI library found wrong with a request into a
// Problem.
func OwnProblems(_ huma.Context, _ string, body any) (any, error) {
	found, ok := body.(*huma.ErrorModel)
	if !ok {
		return body, nil
	}
	p := &Problem{Type: "about:blank", Title: http.StatusText(found.Status), Status: found.Status, Detail: found.Detail, Code: libraryCodes[found.Status]}
	if p.Code == "" {
		p.Code = "bad_question"
	}
	for i, e := range found.Errors {
		d := ProblemDetail{Location: e.Location, Message: e.Message}
		if text, ok := e.Value.(string); ok && text != "" && !strings.Contains(d.Message, "got ") { // our own parsers say it themselves
			d.Message += fmt.Sprintf(": got %q", Clip(text))
		}
		p.Errors = append(p.Errors, d)
		if i == 0 {
			p.Detail = d.Location + ": " + d.Message
		}
	}
	return p, nil
}

// Clip shortens what a caller sent before it is shown.
func Clip(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	return text[:most] + "..."
}
