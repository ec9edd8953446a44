// Package jsonfile reads JSON files that people write: plans, factor sets,
// standards, rules of line mappings.
//
// It answers what such a file says, and refuses what its writer did not mean: names
// that the reader does not know, which are misspelt ones, and text behind the value,
// which would be passed over. Errors tell the line. Readings and other messages of
// programs are read by jouleline/schema/codec and by the rooms that ask for them,
// which take unknown names as the future's.
package jsonfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// bom is the byte order mark that some editors put before UTF-8.
const bom = "\xef\xbb\xbf"

// Decode reads the one JSON value of a file into what v points at.
func Decode(text []byte, v any) error {
	text = bytes.TrimPrefix(text, []byte(bom))
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return explain(text, err)
	}
	if rest := bytes.TrimLeft(text[decoder.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return fmt.Errorf("%smore text after its end", line(text, len(text)-len(rest)))
	}
	return nil
}

// explain says in which line something is wrong, where the library tells it.
func explain(text []byte, err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("got no text, want a JSON value")
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%sunexpected end of JSON input", line(text, len(text)))
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("%s%w", line(text, int(e.Offset)-1), err)
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		where := ""
		if e.Field != "" {
			where = e.Field + ": "
		}
		return fmt.Errorf("%s%sgot %s, want %s", line(text, int(e.Offset)-1), where, e.Value, want(e.Type))
	}
	if text, ok := strings.CutPrefix(err.Error(), "json: "); ok {
		return errors.New(text)
	}
	return err // of a type that reads itself
}

// want names what JSON a type is read from.
func want(t reflect.Type) string {
	if t == reflect.TypeFor[json.Number]() {
		return "a number"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	}
	return "a number"
}

// line tells in which line a byte stands, from 1; nothing of a text of one line.
func line(text []byte, at int) string {
	newline := []byte("\n")
	if !bytes.Contains(bytes.TrimSpace(text), newline) {
		return ""
	}
	return fmt.Sprintf("line %d: ", 1+bytes.Count(text[:max(0, min(at, len(text)))], newline))
}
