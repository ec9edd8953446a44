package kafka

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// front stands before the embedded broker, which was written for tests and
// trusts its clients. It
//
//   - closes a connection whose bytes are no request: an unknown one would end
//     the process, and the length of a stray HTTP request would allocate 1 GiB;
//   - closes one whose produce request does not end where it says (produce.go);
//   - closes one that produces a batch without records, which would turn the
//     partition's end backwards;
//   - gives each batch the time of its arrival, as LogAppendTime wants and the
//     broker does not do. It leaves the attribute for it unset: where a producer
//     sets it, the broker writes the time and not the checksum, and loses the
//     batch and all after it when it next starts.
type front struct{ net.Listener }

func (f front) Accept() (net.Conn, error) {
	c, err := f.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &frontConn{Conn: c}, nil
}

// maxRequest bounds one request; Kafka's own bound is 100 MiB. A produce request
// to all partitions at once must fit.
const maxRequest = 64 << 20

// frontConn passes requests on one by one. Reads come from one goroutine.
type frontConn struct {
	net.Conn
	held    []byte // read and checked, not yet passed on
	passing int    // bytes of a request that need no look
	frame   []byte // memory of held
}

// requestHead is the length of a request, its key and its version.
const requestHead = 8

func (c *frontConn) Read(p []byte) (int, error) {
	if len(c.held) == 0 && c.passing == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if len(c.held) > 0 {
		n := copy(p, c.held)
		c.held = c.held[n:]
		return n, nil
	}
	n, err := c.Conn.Read(p[:min(len(p), c.passing)])
	c.passing -= n
	return n, err
}

// next looks at the next request.
func (c *frontConn) next() error {
	c.frame = append(c.frame[:0], make([]byte, requestHead)...)
	if _, err := io.ReadFull(c.Conn, c.frame); err != nil {
		return err
	}
	size := int(int32(binary.BigEndian.Uint32(c.frame)))
	key, version := int16(binary.BigEndian.Uint16(c.frame[4:])), int16(binary.BigEndian.Uint16(c.frame[6:]))
	known := kmsg.RequestForKey(key)
	if size < requestHead-4 || size > maxRequest || known == nil || version < 0 || version > known.MaxVersion() {
		return fmt.Errorf("kafka: got bytes %x, want a Kafka request of at most %d bytes", c.frame, maxRequest)
	}
	rest := size - (requestHead - 4)
	if kmsg.Key(key) != kmsg.Produce {
		c.held, c.passing = c.frame, rest
		return nil
	}
	// The length is the client's word: memory grows with what really comes.
	for rest > 0 {
		at := len(c.frame)
		part := min(rest, max(at, 64<<10))
		c.frame = append(c.frame, make([]byte, part)...)
		if _, err := io.ReadFull(c.Conn, c.frame[at:]); err != nil {
			return unexpected(err)
		}
		rest -= part
	}
	c.held = c.frame
	return stampProduce(c.frame[4:], time.Now().UnixMilli())
}

// stampProduce gives the batches of a produce request a time, in place.
func stampProduce(request []byte, now int64) error {
	batches, err := produceBatches(request)
	if err != nil {
		return err
	}
	for _, batch := range batches {
		if err := stampBatch(batch, now); err != nil {
			return err
		}
	}
	return nil
}

func stampBatch(raw []byte, now int64) error {
	b, err := parseBatch(raw)
	if err != nil {
		return nil // the broker refuses it too
	}
	if b.count < 1 {
		return fmt.Errorf("kafka: got a batch of %d records at offsets %d to %d", b.count, b.first, b.last)
	}
	if b.check() != nil {
		return nil
	}
	binary.BigEndian.PutUint16(raw[21:], uint16(b.attributes&^attributeAppendTime))
	binary.BigEndian.PutUint64(raw[27:], uint64(now))
	binary.BigEndian.PutUint64(raw[35:], uint64(now))
	binary.BigEndian.PutUint32(raw[17:], crc32.Checksum(b.raw[21:], castagnoli))
	return nil
}
