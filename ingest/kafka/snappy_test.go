package kafka

import "testing"

func TestSnappyFits(t *testing.T) {
	header := "\x82SNAPPY\x00\x00\x00\x00\x01\x00\x00\x00\x01"
	f := func(packed string, want bool) {
		t.Helper()
		if got := snappyFits([]byte(packed)); got != want {
			t.Errorf("%q: got %v, want %v", packed, got, want)
		}
	}
	f(header+"\x00\x00\x00\x03\x01\x00k", true)
	f(header+"\xcd\xcd\xcd\xcd0000", false)                 // a block of 3.4 GB in 8 bytes
	f(header+"\x00\x00\x00\x05\xff\xff\xff\xff\x0f", false) // a block that says it unpacks to 4 GB
	f(header+"\x00\x00", false)
	f("\x01\x00k", true)
	f("\xff\xff\xff\xff\x0f", false)
	f("\x82SNAPPY\x00", false)
	f("", false)
}
