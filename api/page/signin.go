package page

import (
	"net/http"
	"net/url"
	"strings"
)

// TokenCookie keeps a visitor's token. The server takes it in place of an
// Authorization header for requests that change nothing.
const TokenCookie = "jouleline_token"

// mostForm bounds the body of the form in bytes: a token and an address.
const mostForm = 8 << 10

// signInPage is the form for a token.
type signInPage struct {
	*frame
	Next, Wrong string
	Ready       bool
}

func (s *Site) signInForm(w http.ResponseWriter, r *http.Request) {
	s.askToSignIn(w, r, http.StatusOK, "")
}

// askToSignIn shows the form; wrong tells what was wrong with the last try.
func (s *Site) askToSignIn(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	f := s.frame(w, r)
	f.Title = f.T("signin.title")
	f.NotReady = s.config.Answers.NotReady(r.Context())
	next := r.URL.RequestURI()
	if r.URL.Path == "/sign-in" {
		next = ownPage(r.FormValue("next"))
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	s.render(w, r, status, "signin", &signInPage{f, next, wrong, len(f.NotReady) == 0})
}

func (s *Site) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		s.askToSignIn(w, r, http.StatusBadRequest, chooseWords(w, r).T("signin.wrong"))
		return
	}
	token := strings.TrimSpace(r.PostForm.Get("token"))
	asked := r.Clone(r.Context())
	asked.Header.Set("Authorization", "Bearer "+token)
	if token == "" || strings.ContainsAny(token, " \t\r\n;,\"\\") || s.config.Answers.SignIn(asked) != nil {
		s.askToSignIn(w, r, http.StatusUnprocessableEntity, chooseWords(w, r).T("signin.wrong"))
		return
	}
	s.setToken(w, r, token, 0)
	http.Redirect(w, r, ownPage(r.PostForm.Get("next")), http.StatusSeeOther)
}

func (s *Site) signOut(w http.ResponseWriter, r *http.Request) {
	s.setToken(w, r, "", -1)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// setToken keeps a token until the browser closes, away from scripts and from
// requests that come from other sites.
func (s *Site) setToken(w http.ResponseWriter, r *http.Request, token string, age int) {
	secure := r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
	http.SetCookie(w, &http.Cookie{
		Name: TokenCookie, Value: token, Path: "/", MaxAge: age, HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
	})
}

// ownPage gives an address of this site, its start where another one is meant.
func ownPage(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(next, "\\") {
		return "/"
	}
	return u.RequestURI()
}
