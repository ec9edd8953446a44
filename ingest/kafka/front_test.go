package kafka

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestFront_StrayBytesHarmNothing(t *testing.T) {
	b := mustOpenBroker(t, BrokerConfig{Partitions: 1})
	f := func(name string, sent []byte) {
		t.Helper()
		c, err := net.Dial("tcp", b.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write(sent); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, net.ErrClosed) || isTimeout(err) {
			t.Errorf("%s: got %v, want the connection closed", name, err)
		}
	}
	f("http", []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
	f("tls", []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"))
	f("unknown request", []byte("\x00\x00\x00\x0a\x7f\xff\x00\x00\x00\x00\x00\x01\xff\xff"))
	f("negative version", []byte("\x00\x00\x00\x0a\x00\x03\xff\xff\x00\x00\x00\x01\xff\xff"))
	f("no request", []byte("\x00\x00\x00\x02\x00\x00\x00\x00"))
	f("negative length", []byte("\xff\xff\xff\xff\x00\x00\x00\x00"))

	c := clientOf(t, b)
	good := rowBatch(0, 3)
	for name, count := range map[string]int32{"no records": 0, "minus five records": -5} {
		batch := wireBatch(0, 0, count-1, count, nil)
		if err := produceRaw(t, c, batch); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	broken := bytes.Clone(good)
	broken[len(broken)-1] ^= 1
	if err := produceRaw(t, c, broken); !errors.Is(err, kafka.InvalidMessage) {
		t.Errorf("wrong checksum: got %v, want %v", err, kafka.InvalidMessage)
	}
	if err := produceRaw(t, c, good); err != nil {
		t.Errorf("sound batch after all that: %v", err)
	}
	if got := readUntil(t, mustOpen(t, c, 0, 0), 3); len(got) != 3 {
		t.Errorf("got %d records, want 3", len(got))
	}
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// A producer that sets the attribute for append time itself makes kfake write a
// wrong checksum, and lose everything after it at the next start.
func TestFront_StampsAndSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	b := mustOpenBroker(t, BrokerConfig{Dir: dir, Partitions: 1})
	before := time.Now().UnixMilli()
	records := wireRecord(wireRecord(nil, 0, 0, nil, []byte("a")), 1, -500_000, nil, []byte("b"))
	for range 3 {
		if err := produceRaw(t, clientOf(t, b), wireBatch(0, attributeAppendTime, 1, 2, records)); err != nil {
			t.Fatal(err)
		}
		if err := produceRaw(t, clientOf(t, b), wireBatch(0, 0, 1, 2, records)); err != nil {
			t.Fatal(err)
		}
	}
	after := time.Now().UnixMilli()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = mustOpenBroker(t, BrokerConfig{Dir: dir})
	if last, err := clientOf(t, b).Latest(testContext(t), 0); last != 12 || err != nil {
		t.Fatalf("after restart: got end %d, %v; want 12", last, err)
	}
	for _, r := range readUntil(t, mustOpen(t, clientOf(t, b), 0, 0), 12) {
		if r.ContentType == Damaged || int64(r.Appended) < before || int64(r.Appended) > after {
			t.Errorf("offset %d: got %q appended %d, want %d to %d", r.Offset, r.ContentType, r.Appended, before, after)
		}
	}
}

// pieces gives bytes a few at a time, as a network may.
type pieces struct {
	net.Conn
	b []byte
	n int
}

func (p *pieces) Read(to []byte) (int, error) {
	if len(p.b) == 0 {
		return 0, io.EOF
	}
	n := copy(to[:min(len(to), p.n)], p.b)
	p.b = p.b[n:]
	return n, nil
}

// Three hundred bytes may claim four thousand million tagged fields, which the
// protocol library counts one by one.
func TestFront_BelievesNoCount(t *testing.T) {
	head := []byte("\x00\x00\x00\x09\x00\x00\x00\x01\xff\xff\x00")             // key, version, correlation, client, tags
	body := []byte("\x00\x00\x01\x00\x00\x00\x01\x01\xff\xff\xff\xff\x0f\x01") // ids, acks, timeout, no topic, tags
	request := append(head, body...)
	if got, err := produceBatches(request); err == nil {
		t.Errorf("got %d batches of a request that claims more fields than it has bytes", len(got))
	}
	sound := append(bytes.Clone(request[:len(request)-6]), 0)
	if _, err := produceBatches(sound); err != nil {
		t.Errorf("the same request without fields: %v", err)
	}
}

func FuzzFront(f *testing.F) {
	form := kmsg.NewRequestFormatter(kmsg.FormatterClientID("x"))
	for _, version := range []int16{3, 8, 9, 13} {
		ask := produceRequest(rowBatch(0, 2))
		ask.SetVersion(version)
		f.Add(form.AppendRequest(nil, ask, 1), 7)
	}
	ask := kmsg.NewPtrApiVersionsRequest()
	f.Add(form.AppendRequest(form.AppendRequest(nil, ask, 1), produceRequest(wireBatch(0, 0, -1, 0, nil)), 2), 1)
	f.Add([]byte("GET / HTTP/1.1\r\n"), 3)
	f.Fuzz(func(t *testing.T, sent []byte, n int) {
		c := &frontConn{Conn: &pieces{b: bytes.Clone(sent), n: 1 + abs(n)%4096}}
		got, _ := io.ReadAll(c)
		if len(got) > len(sent) {
			t.Fatalf("got %d bytes of %d", len(got), len(sent))
		}
		// What passes is what was sent, but for the stamps of produce requests.
		for len(got) >= requestHead {
			size := 4 + int(binary.BigEndian.Uint32(got))
			if size < requestHead || size > maxRequest+4 {
				t.Fatalf("passed a request of %d bytes", size)
			}
			size = min(size, len(got))
			if key := int16(binary.BigEndian.Uint16(got[4:])); key != int16(kmsg.Produce) && !bytes.Equal(got[:size], sent[:size]) {
				t.Fatalf("request %d was changed", key)
			}
			got, sent = got[size:], sent[size:]
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
