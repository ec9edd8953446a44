package jsonfile_test

import (
	"encoding/json"
	"strings"
	"testing"

	"jouleline/schema/jsonfile"
)

type plan struct {
	Name  string `json:"name"`
	Years []int  `json:"years"`

	Share json.Number `json:"share"`
}

func TestDecode(t *testing.T) {
	good := func(text string) {
		t.Helper()
		var p plan
		if err := jsonfile.Decode([]byte(text), &p); err != nil || p.Name != "a" || len(p.Years) != 1 {
			t.Errorf("%q: got %+v, %v", text, p, err)
		}
	}
	good(`{"name":"a","years":[1]}`)
	good("\xef\xbb\xbf\r\n{\"name\":\"a\",\"years\":[1]}\r\n\t ")

	bad := func(text string, want string) {
		t.Helper()
		var p plan
		if err := jsonfile.Decode([]byte(text), &p); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	bad(``, `got no text, want a JSON value`)
	bad(" \n ", `got no text, want a JSON value`)
	bad(`{"name":"a","year":[1]}`, `unknown field "year"`)
	bad("{\"name\":\"a\",\n\"years\":[1,]}", `line 2: invalid character ']' looking for beginning of value`)
	bad("{\"name\":\"a\",\n\n\"years\":[\"1\"]}", `line 3: years: got string, want a whole number`)
	bad(`{"name":"a"`, `unexpected end of JSON input`)
	bad(`[1]`, `got array, want an object`)
	bad("{\"name\":\"a\"}\n{\"name\":\"b\"}", `line 2: more text after its end`)
	bad("{\"name\":\"a\"}\n[\n\n1]", `line 2: more text after its end`)
	bad(`{"name":5}`, `name: got number, want text`)
	bad(`{"share":{}}`, `share: got object, want a number`)
	bad(`{"years":{}}`, `years: got object, want an array`)
	bad("{\"name\":\"a\"}\n]", `line 2: more text after its end`)
}

// FuzzDecode asserts that what is taken is one JSON value and no more, and that
// every refusal is one line.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"name":"a","years":[1]}`, `{"name":"a"} x`, `{"Name":null}`, "\xef\xbb\xbfnull", `{"years":[1e999]}`, `{"x":{"y":[`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var p plan
		err := jsonfile.Decode(text, &p)
		if bare := strings.TrimPrefix(string(text), "\xef\xbb\xbf"); err == nil && !json.Valid([]byte(bare)) {
			t.Errorf("%q: taken, and is no JSON value", text)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got an error of several lines: %v", text, err)
		}
	})
}
