package page

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/text/language"
)

// The languages of the site.
const (
	english = "en"
	chinese = "zh"
)

// langCookie remembers the language that a visitor chose.
const langCookie = "jouleline_lang"

// words speaks one language.
type words struct{ Lang string }

// T gives a message, with values in its places. A message that is not in the
// table is a broken promise, which a test looks for.
func (w words) T(key string, values ...any) string {
	m, ok := messages[key]
	if !ok {
		panic(fmt.Sprintf("page: no message %q", key))
	}
	text := m[0]
	if w.Lang == chinese {
		text = m[1]
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}

// word gives the message of one of the closed sets, the word itself where the
// table has none: sets may grow before their words do.
func (w words) word(set, name string) string {
	if _, ok := messages[set+"."+name]; ok {
		return w.T(set + "." + name)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// chooseWords takes the language that the request asks for: by its parameter,
// which is remembered, by what was remembered, or by what the browser prefers.
func chooseWords(w http.ResponseWriter, r *http.Request) words {
	switch asked := r.URL.Query().Get("lang"); asked {
	case english, chinese:
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: asked, Path: "/", MaxAge: 365 * 86400, SameSite: http.SameSiteLaxMode, HttpOnly: true})
		return words{asked}
	}
	if c, err := r.Cookie(langCookie); err == nil && (c.Value == english || c.Value == chinese) {
		return words{c.Value}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return words{english}
	}
	offered := []language.Tag{language.English, language.Chinese}
	if _, index, _ := language.NewMatcher(offered).Match(tags...); index == 1 {
		return words{chinese}
	}
	return words{english}
}
