package page

import (
	"net/http"

	"golang.org/x/text/language"

	"jouleline/api/wording"
)

// The languages of the site.
const (
	english = wording.English
	chinese = wording.Chinese
)

// langCookie remembers the language that a visitor chose.
const langCookie = "jouleline_lang"

// words speaks one language.
type words struct{ Lang string }

// T gives a message, with values in its places.
func (w words) T(key string, values ...any) string { return messages.Say(w.Lang, key, values...) }

// word gives the message of one of the closed sets, the word itself where the
// table has none.
func (w words) word(set, name string) string { return messages.Word(w.Lang, set, name) }

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
