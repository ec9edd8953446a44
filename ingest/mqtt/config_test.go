package mqtt

import (
	"context"
	"crypto/tls"
	"strings"
	"testing"
)

type nothing struct{}

func (nothing) Take(context.Context, []Message) error { return nil }

func TestConfig_Validate(t *testing.T) {
	f := func(wrong string, change func(*Config)) {
		t.Helper()
		c := Config{URL: "tcp://127.0.0.1:1883", Topics: []string{"a/+/b"}, ClientID: "x", Taker: nothing{}}
		change(&c)
		_, err := New(c)
		switch {
		case wrong == "" && err != nil:
			t.Errorf("got %v, want no error", err)
		case wrong != "" && (err == nil || !strings.Contains(err.Error(), wrong)):
			t.Errorf("got %v, want an error that speaks of %q", err, wrong)
		}
	}
	f("", func(*Config) {})
	f("", func(c *Config) { c.URL, c.TLS = "tls://broker.example:8883", &tls.Config{MinVersion: tls.VersionTLS12} })
	f("", func(c *Config) { c.Topics = []string{"#", "$share/jouleline/meters/#", "+"} })
	f("tls://", func(c *Config) { c.TLS = &tls.Config{MinVersion: tls.VersionTLS12} })
	f("want tcp://", func(c *Config) { c.URL = "http://127.0.0.1:1883" })
	f("want tcp://", func(c *Config) { c.URL = "tcp://127.0.0.1" })
	f("broker", func(c *Config) { c.URL = "tcp://127.0.0.1:x" })
	f("got none", func(c *Config) { c.Topics = nil })
	f("+ alone", func(c *Config) { c.Topics = []string{"a/b+"} })
	f("# alone", func(c *Config) { c.Topics = []string{"a/#/b"} })
	f("want a filter", func(c *Config) { c.Topics = []string{""} })
	f("want a filter", func(c *Config) { c.Topics = []string{"$share/group"} })
	f("client id", func(c *Config) { c.ClientID = "" })
	f("taker", func(c *Config) { c.Taker = nil })
	f("room", func(c *Config) { c.MaxQueuedBytes = -1 })
	c := Config{URL: "tcp://u:secret@127.0.0.1:1883", Topics: []string{"a"}, ClientID: "x", Taker: nothing{}}
	if err := c.Validate(); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, want an error without the password", err)
	}
}

func TestSenderOf(t *testing.T) {
	f := func(topic, want string, filters ...string) {
		t.Helper()
		var cut [][]string
		for _, filter := range filters {
			cut = append(cut, levelsOf(filter))
		}
		if got := senderOf(cut, topic); got != want {
			t.Errorf("%s by %q: got %q, want %q", topic, filters, got, want)
		}
	}
	f("meters/G1/readings", "G1", "meters/+/readings")
	f("meters/G1/readings", "G1", "$share/jouleline/meters/+/readings")
	f("meters/G1/a/b", "G1", "meters/+/#")
	f("meters/G1/a", "G1", "meters/+/+")
	f("meters/G1", "", "meters/#")
	f("meters", "", "meters/#") // # stands for its parent too
	f("meters", "", "meters")
	f("meters/G1/readings/x", "", "meters/+/readings")
	f("meters/G1", "", "meters/+/readings")
	f("other/G2/readings", "G2", "meters/+/readings", "other/+/readings")
	f("", "", "meters/+/readings")
	f("/G3", "", "/+/x", "#")
}

func FuzzSenderOf(f *testing.F) {
	f.Add("meters/+/#", "meters/G1/readings")
	f.Add("$share/g/+", "x")
	f.Fuzz(func(t *testing.T, filter, topic string) {
		if checkFilter(filter) != nil {
			t.Skip("not a filter")
		}
		sender := senderOf([][]string{levelsOf(filter)}, topic)
		if strings.Contains(sender, "/") || !strings.Contains(topic, sender) || sender != "" && !strings.Contains(filter, "+") {
			t.Errorf("%q by %q: got %q", topic, filter, sender)
		}
	})
}
