// Package wording answers what a message is in English or Chinese, out of a table
// that each room keeps of its own.
//
// It refuses messages that are not in the table: such a key is a broken promise,
// which the tests of a room look for. Words of closed sets stand under the name of
// the set, as state.ok; sets may grow before their words do.
package wording

import (
	"fmt"
	"strings"
)

// The languages.
const (
	English = "en"
	Chinese = "zh"
)

// Table holds every message of a room in English and Chinese. It is only read, so
// it is safe for concurrent use.
type Table map[string][2]string

// Say gives a message with values in its places. Any language but Chinese is
// English. It panics where the table lacks the message.
func (t Table) Say(language, key string, values ...any) string {
	m, ok := t[key]
	if !ok {
		panic(fmt.Sprintf("wording: no message %q", key))
	}
	text := m[0]
	if language == Chinese {
		text = m[1]
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}

// Word gives the message of a member of a closed set, the member itself where the
// table has none.
func (t Table) Word(language, set, name string) string {
	if _, ok := t[set+"."+name]; ok {
		return t.Say(language, set+"."+name)
	}
	return strings.ReplaceAll(name, "_", " ")
}
