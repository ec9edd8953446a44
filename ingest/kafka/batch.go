package kafka

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// A record batch on the wire, version 2, big endian:
//
//	 0  first offset       int64
//	 8  length             int32   of all that follows
//	12  leader epoch       int32
//	16  magic              int8    2
//	17  crc                uint32  Castagnoli, of all that follows
//	21  attributes         int16   0-2 codec, 3 append time, 4 transaction, 5 control
//	23  last offset delta  int32
//	27  first time         int64   ms
//	35  greatest time      int64   ms
//	43  producer id        int64
//	51  producer epoch     int16
//	53  first sequence     int32
//	57  records            int32
//	61  the records, compressed
const (
	batchPrefix = 12 // before what length counts
	batchHeader = 61

	attributeCodec       = 0x07
	attributeAppendTime  = 0x08
	attributeTransaction = 0x10
	attributeControl     = 0x20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// batch is a record batch as it lies in an answer.
type batch struct {
	raw        []byte // all of it
	first      int64
	last       int64 // offset of the last record
	attributes int16
	firstTime  int64
	lastTime   int64
	producer   int64
	count      int
}

// errShort says that the bytes end before the batch does.
var errShort = errors.New("batch is cut off")

// parseBatch reads the batch at the start of b. Its error is errShort or says
// that nothing after this can be read either.
func parseBatch(b []byte) (batch, error) {
	if len(b) < batchPrefix {
		return batch{}, errShort
	}
	length := int32(binary.BigEndian.Uint32(b[8:]))
	if length < batchHeader-batchPrefix {
		return batch{}, fmt.Errorf("batch of %d bytes, want at least %d", length, batchHeader-batchPrefix)
	}
	if len(b)-batchPrefix < int(length) {
		return batch{}, errShort
	}
	raw := b[:batchPrefix+int(length)]
	first := int64(binary.BigEndian.Uint64(raw))
	return batch{
		raw:        raw,
		first:      first,
		last:       first + int64(int32(binary.BigEndian.Uint32(raw[23:]))),
		attributes: int16(binary.BigEndian.Uint16(raw[21:])),
		firstTime:  int64(binary.BigEndian.Uint64(raw[27:])),
		lastTime:   int64(binary.BigEndian.Uint64(raw[35:])),
		producer:   int64(binary.BigEndian.Uint64(raw[43:])),
		count:      int(int32(binary.BigEndian.Uint32(raw[57:]))),
	}, nil
}

// check tells what is wrong with the batch as a whole.
func (b *batch) check() error {
	if magic := b.raw[16]; magic != 2 {
		return fmt.Errorf("batch in format %d, want 2", magic)
	}
	if got, want := crc32.Checksum(b.raw[21:], castagnoli), binary.BigEndian.Uint32(b.raw[17:]); got != want {
		return fmt.Errorf("batch checksum: got %08x, want %08x", got, want)
	}
	if b.count < 0 || b.last < b.first || int64(b.count) > b.last-b.first+1 {
		return fmt.Errorf("batch of %d records has offsets %d to %d", b.count, b.first, b.last)
	}
	return nil
}

// time of a record whose time is delta after the batch's first. A batch whose
// first and greatest time are one has one time: that is how the embedded broker
// stamps it, since it cannot write the attribute (see front.go).
func (b *batch) time(delta int64) int64 {
	if b.attributes&attributeAppendTime != 0 || b.firstTime == b.lastTime {
		return b.lastTime
	}
	return b.firstTime + delta
}

// record is a record as it lies in its batch.
type record struct {
	timeDelta, offsetDelta int64
	key, value             []byte
	headers                []byte // count of them, then keys and values
}

// parseRecord reads the record at the start of b and gives what follows.
func parseRecord(b []byte) (r record, rest []byte, err error) {
	s := scan{b: b}
	length := s.varint()
	if s.bad || length < 0 || length > int64(len(s.b)) {
		return r, nil, fmt.Errorf("record of %d bytes, %d are left", length, len(s.b))
	}
	rest = s.b[length:]
	s.b = s.b[:length]
	s.skip(1) // attributes: none are defined
	r.timeDelta = s.varint()
	r.offsetDelta = s.varint()
	r.key = s.bytes()
	r.value = s.bytes()
	r.headers = s.b
	if s.bad {
		return r, nil, errors.New("record is shorter than its key and value")
	}
	return r, rest, nil
}

// scan reads from the front of bytes. After a read that found too little, or
// nonsense, bad is set and all further reads give nothing.
type scan struct {
	b   []byte
	bad bool
}

func (s *scan) skip(n int) {
	if len(s.b) < n {
		s.bad, s.b = true, nil
		return
	}
	s.b = s.b[n:]
}

func (s *scan) varint() int64 {
	if len(s.b) > 0 && s.b[0] < 0x80 { // most lengths and deltas
		v := int64(s.b[0]>>1) ^ -int64(s.b[0]&1)
		s.b = s.b[1:]
		return v
	}
	v, n := binary.Varint(s.b)
	if n <= 0 {
		s.bad, s.b = true, nil
		return 0
	}
	s.b = s.b[n:]
	return v
}

// bytes reads a length and so many bytes; the length -1 means none at all.
func (s *scan) bytes() []byte {
	n := s.varint()
	if n == -1 {
		return nil
	}
	if n < 0 || n > int64(len(s.b)) {
		s.bad, s.b = true, nil
		return nil
	}
	v := s.b[:n:n]
	s.b = s.b[n:]
	return v
}
