package page

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"jouleline/schema/plan"
)

// Config is what a site needs; all fields but Version are required.
type Config struct {
	Answers Answers
	// Problem turns an error into a status, the stable word for its cause and a
	// sentence in English.
	Problem func(r *http.Request, err error) (status int, code, detail string)
	// Plan is the one whose path is shown.
	Plan *plan.Plan
	Now  func() time.Time
	// Version is the program's.
	Version string
	// Demo shows on every page what was made up.
	Demo bool
	// FinePoints bounds meters x hours of one question.
	FinePoints int
}

// Site answers the routes of all pages. It is safe for concurrent use.
type Site struct {
	config    Config
	templates *template.Template
	assets    map[string]*asset
	outlines  []outline
}

// New makes a site. The error names what the configuration lacks.
func New(config Config) (*Site, error) {
	if config.Answers == nil || config.Problem == nil || config.Plan == nil || config.Now == nil || config.FinePoints <= 0 {
		return nil, errors.New("page: Answers, Problem, Plan, Now and FinePoints are required")
	}
	s := &Site{config: config}
	var err error
	if s.templates, err = template.ParseFS(templateFiles, "template/*.html"); err != nil {
		return nil, fmt.Errorf("page: templates: %w", err)
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	if s.outlines, err = decodeOutlines(shandong()); err != nil {
		return nil, fmt.Errorf("page: outline of Shandong: %w", err)
	}
	return s, nil
}

// Routes gives the handlers by their patterns.
func (s *Site) Routes() map[string]http.Handler {
	page := func(build func(*visit) (string, any, error)) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.show(w, r, build) })
	}
	return map[string]http.Handler{
		"GET /{$}":                      page((*visit).home),
		"GET /region/{id}":              page((*visit).region),
		"GET /region/{id}/path":         page((*visit).cities),
		"GET /region/{id}/institutions": page((*visit).institutions),
		"GET /region/{id}/quality":      page(func(v *visit) (string, any, error) { return v.quality(Region) }),
		"GET /institution/{id}":         page(func(v *visit) (string, any, error) { return v.place(Institution) }),
		"GET /institution/{id}/quality": page(func(v *visit) (string, any, error) { return v.quality(Institution) }),
		"GET /building/{id}":            page(func(v *visit) (string, any, error) { return v.place(Building) }),
		"GET /building/{id}/quality":    page(func(v *visit) (string, any, error) { return v.quality(Building) }),
		"GET /meter/{id}":               page(func(v *visit) (string, any, error) { return v.place(Meter) }),
		"GET /meter/{id}/readings":      page((*visit).readings),
		"GET /explain":                  page((*visit).explain),
		"POST /mute":                    http.HandlerFunc(s.mute),
		"POST /unmute":                  http.HandlerFunc(s.unmute),
		"GET /assets/{version}/{file}":  http.HandlerFunc(s.serveAsset),
		"GET /sign-in":                  http.HandlerFunc(s.signInForm),
		"POST /sign-in":                 http.HandlerFunc(s.signIn),
		"POST /sign-out":                http.HandlerFunc(s.signOut),
	}
}

// show builds a page and writes it.
func (s *Site) show(w http.ResponseWriter, r *http.Request, build func(*visit) (string, any, error)) {
	v, err := s.visit(w, r)
	if err != nil {
		s.Refuse(w, r, err)
		return
	}
	name, data, err := build(v)
	if err != nil {
		s.Refuse(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, name, data)
}

// Refuse answers with the page of an error: for a caller who is not known, the
// form to sign in.
func (s *Site) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, code, detail := s.config.Problem(r, err)
	if status == http.StatusUnauthorized {
		s.askToSignIn(w, r, status, "")
		return
	}
	f := s.frame(w, r)
	f.Title = f.T("error.title")
	if code == "no_such_page" {
		f.Title = f.T("error.missing")
	}
	p := &errorPage{frame: f, Status: status, Phrase: http.StatusText(status), Detail: detail}
	if f.Lang != english {
		p.Phrase, p.Sentence = f.T("problem"), f.word("problem", code)
		if !tellsMore[code] {
			p.Detail = ""
		}
	}
	s.render(w, r, status, "error", p)
}

type errorPage struct {
	*frame
	Status   int
	Phrase   string
	Sentence string // by the cause; empty where Detail says it in the language
	Detail   string // in English
}

// tellsMore are the causes of which the English sentence tells what a caller
// needs beyond the cause and the address: which part is wrong with a question.
var tellsMore = map[string]bool{"bad_question": true, "malformed": true, "bad_registry": true, "bad_file": true, "missing_partitions": true, "unavailable": true}

// securityPolicy lets a page use what this server gives, and no script or style
// that stands in the page itself.
const securityPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func (s *Site) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var body bytes.Buffer
	if err := s.templates.ExecuteTemplate(&body, name+".html", data); err != nil {
		panic(fmt.Sprintf("page: template %s: %v", name, err)) // our own fault, caught and logged by the server
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", securityPolicy)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Language, Cookie")
	writeBody(w, r, status, body.Bytes())
}
