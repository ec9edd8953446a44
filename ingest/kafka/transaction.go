package kafka

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// transactions tells which batches of an answer belong to transactions that
// were called off. A direct producer may write in transactions; its readings
// count once it committed. The zero value knows of none.
type transactions struct {
	pending []abort            // by first offset
	open    map[int64]struct{} // producers within a transaction that was called off
}

type abort struct{ producer, first int64 }

// newTransactions takes the list that came with an answer.
func newTransactions(list []kmsg.FetchResponseTopicPartitionAbortedTransaction) *transactions {
	t := new(transactions)
	for _, a := range list {
		t.pending = append(t.pending, abort{a.ProducerID, a.FirstOffset})
	}
	slices.SortFunc(t.pending, func(a, b abort) int { return cmp.Compare(a.first, b.first) })
	return t
}

// aborted tells whether a batch was called off. Batches must come in order.
func (t *transactions) aborted(b *batch) bool {
	for len(t.pending) > 0 && t.pending[0].first <= b.last {
		if t.open == nil {
			t.open = make(map[int64]struct{})
		}
		t.open[t.pending[0].producer] = struct{}{}
		t.pending = t.pending[1:]
	}
	if b.attributes&attributeTransaction == 0 {
		return false
	}
	_, called := t.open[b.producer]
	return called
}

// end takes the mark at the end of a transaction: its key is a version and a
// type, 0 for called off, 1 for committed.
func (t *transactions) end(b *batch, key []byte) {
	if len(key) >= 4 && binary.BigEndian.Uint16(key[2:]) == 0 {
		delete(t.open, b.producer)
	}
}
