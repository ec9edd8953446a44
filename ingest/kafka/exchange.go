package kafka

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/segmentio/kafka-go/protocol"
	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxResponse bounds what a broker may make us allocate for one answer. Batches
// come whole, and no broker is run with batches near this.
const maxResponse = 256 << 20

// exchange is one question to a broker and its answer, in the messages of the
// kmsg package. kafka-go supplies the connections, TLS, SASL and the way to the
// partition's leader; its own messages are older than topic ids, and its fetch
// costs an allocation for every key, value and header.
//
// It is not safe for concurrent use, and after a round trip that did not end
// well its memory may still be written to: throw it away.
type exchange struct {
	request  kmsg.Request
	response kmsg.Response
	max      int16 // the greatest version that the caller understands
	settled  bool  // the version is agreed on
	out, in  []byte
}

// leaderExchange is an exchange with the leader of a partition.
type leaderExchange struct {
	exchange
	topic     string
	partition int32
}

var (
	_ protocol.RawExchanger  = (*exchange)(nil)
	_ protocol.BrokerMessage = (*leaderExchange)(nil)
)

// ApiKey has the name that kafka-go wants.
func (e *exchange) ApiKey() protocol.ApiKey { return protocol.ApiKey(e.request.Key()) }

// Required says that the exchange speaks for itself on the connection.
func (e *exchange) Required(map[protocol.ApiKey]int16) bool { return true }

// Broker gives the leader of the partition.
func (e *leaderExchange) Broker(cluster protocol.Cluster) (none protocol.Broker, err error) {
	p, ok := cluster.Topics[e.topic].Partitions[e.partition]
	if !ok {
		return none, protocol.NewErrNoPartition(e.topic, e.partition)
	}
	b, ok := cluster.Brokers[p.Leader]
	if !ok {
		return none, protocol.NewErrNoLeader(e.topic, e.partition)
	}
	return b, nil
}

// RawExchange asks and waits for the answer, on a connection that is ours
// alone. The first time it asks the broker which versions it knows.
func (e *exchange) RawExchange(rw io.ReadWriter) (protocol.Message, error) {
	if !e.settled {
		if err := e.settle(rw); err != nil {
			return nil, err
		}
	}
	if err := e.roundTrip(rw, e.request, e.response); err != nil {
		return nil, err
	}
	return e, nil
}

// RawExchange answers with the leaderExchange, not with what it embeds.
func (e *leaderExchange) RawExchange(rw io.ReadWriter) (protocol.Message, error) {
	if _, err := e.exchange.RawExchange(rw); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *exchange) settle(rw io.ReadWriter) error {
	ask, answer := kmsg.NewPtrApiVersionsRequest(), kmsg.NewPtrApiVersionsResponse()
	if err := e.roundTrip(rw, ask, answer); err != nil {
		return err
	}
	for _, k := range answer.ApiKeys {
		if k.ApiKey != e.request.Key() {
			continue
		}
		if k.MinVersion > e.max {
			return fmt.Errorf("%s: the broker wants at least version %d, we speak %d",
				kmsg.NameForKey(e.request.Key()), k.MinVersion, e.max)
		}
		e.request.SetVersion(min(e.max, k.MaxVersion))
		e.response.SetVersion(e.request.GetVersion())
		e.settled = true
		return nil
	}
	return fmt.Errorf("%s: the broker does not know this request", kmsg.NameForKey(e.request.Key()))
}

// correlation is the same in every request: a connection has one at a time.
const correlation = 1

func (e *exchange) roundTrip(rw io.ReadWriter, ask kmsg.Request, answer kmsg.Response) error {
	name := kmsg.NameForKey(ask.Key())
	e.out = kmsg.NewRequestFormatter(kmsg.FormatterClientID(clientID)).AppendRequest(e.out[:0], ask, correlation)
	if _, err := rw.Write(e.out); err != nil {
		return fmt.Errorf("send %s: %w", name, err)
	}
	var head [4]byte
	if _, err := io.ReadFull(rw, head[:]); err != nil {
		return fmt.Errorf("receive %s: %w", name, unexpected(err))
	}
	size := int64(binary.BigEndian.Uint32(head[:]))
	if size > maxResponse {
		return fmt.Errorf("receive %s: got an answer of %d bytes, want at most %d", name, size, maxResponse)
	}
	if int64(cap(e.in)) < size || cap(e.in) > maxKept {
		e.in = make([]byte, size)
	}
	e.in = e.in[:size]
	if _, err := io.ReadFull(rw, e.in); err != nil {
		return fmt.Errorf("receive %s: %w", name, unexpected(err))
	}
	b := kbin.Reader{Src: e.in}
	if got := b.Int32(); got != correlation {
		return fmt.Errorf("receive %s: got the answer to request %d, want %d", name, got, correlation)
	}
	if answer.IsFlexible() && answer.Key() != kmsg.ApiVersions.Int16() {
		kmsg.SkipTags(&b)
	}
	if !b.Ok() {
		return fmt.Errorf("receive %s: got an answer of %d bytes, too short", name, size)
	}
	if err := answer.ReadFrom(b.Src); err != nil {
		return fmt.Errorf("receive %s: answer of %d bytes: %w", name, size, err)
	}
	return nil
}

// unexpected makes the end of a connection an error that says so.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
