package kafka

import (
	"fmt"
	"iter"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// produceBatches gives the record batches that a produce request carries, without
// its length; they alias it. Unlike the protocol library it believes no count: a
// request of 300 bytes that claims 2^32 tagged fields keeps the library busy for
// seconds, and the broker with it. What it cannot read to the end is an error.
func produceBatches(request []byte) ([][]byte, error) {
	in := &produceReader{Reader: kbin.Reader{Src: request}}
	in.Int16() // key
	version := in.Int16()
	in.Int32() // correlation
	in.NullableString()
	asked := kmsg.ProduceRequest{Version: version}
	in.flexible = asked.IsFlexible()
	in.tags()
	if version >= 3 {
		in.nullable() // transactional id
	}
	in.Int16() // acks
	in.Int32() // timeout
	var batches [][]byte
	for range in.array() {
		if version >= 13 {
			in.Uuid()
		} else {
			in.text()
		}
		for range in.array() {
			in.Int32() // partition
			if records := in.records(); records != nil {
				batches = append(batches, records)
			}
			in.tags()
		}
		in.tags()
	}
	in.tags()
	if err := in.Complete(); err != nil {
		return nil, fmt.Errorf("kafka: read a produce request of version %d, %d bytes: %w", version, len(request), err)
	}
	return batches, nil
}

// produceReader reads the two ways in which the protocol writes each kind.
type produceReader struct {
	kbin.Reader
	flexible bool
}

func (in *produceReader) text() {
	if in.flexible {
		in.CompactString()
		return
	}
	_ = in.Reader.String()
}

func (in *produceReader) nullable() {
	if in.flexible {
		in.CompactNullableString()
		return
	}
	in.NullableString()
}

func (in *produceReader) records() []byte {
	if in.flexible {
		return in.CompactNullableBytes()
	}
	return in.NullableBytes()
}

// array yields once for each element, until the bytes end.
func (in *produceReader) array() iter.Seq[int] {
	return func(yield func(int) bool) {
		var n int32
		if in.flexible {
			n = in.CompactArrayLen()
		} else {
			n = in.ArrayLen()
		}
		for i := 0; i < int(n) && in.Ok(); i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func (in *produceReader) tags() {
	if !in.flexible {
		return
	}
	for n := in.Uvarint(); n > 0 && in.Ok(); n-- {
		in.Uvarint()
		in.Span(int(in.Uvarint()))
	}
}
