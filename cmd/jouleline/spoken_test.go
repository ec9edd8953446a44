package main

import (
	"bytes"
	"strings"
	"sync"
	"testing"
)

// spoken is a log that a test waits for words of.
type spoken struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *spoken) contains(words string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.text.String(), words)
}

// mustSay fails where words are not in the log.
func (s *spoken) mustSay(t testing.TB, words string) {
	t.Helper()
	if !s.contains(words) {
		t.Errorf("the log lacks %q:\n%s", words, s.text.String())
	}
}
