package mqtt_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"

	broker "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
)

// guest is a broker of another kind in the test's process.
type guest struct {
	*broker.Server
	address string
	// acknowledged gets the id of the client of each message of quality 1 that was
	// acknowledged.
	acknowledged chan string
	leave        func() error // closes it; again does nothing
}

// openGuest opens a broker; an address of an earlier one may be given.
func openGuest(t *testing.T, address string, rights *rights) *guest {
	t.Helper()
	g := &guest{Server: broker.New(&broker.Options{InlineClient: true, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}), acknowledged: make(chan string, 10_000)}
	if rights == nil {
		rights = &allRights
	}
	if err := g.AddHook(&watch{rights: rights, acknowledged: g.acknowledged}, nil); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	g.address = listener.Addr().String()
	if err := g.AddListener(listeners.NewNet("guest", listener)); err != nil {
		t.Fatal(err)
	}
	if err := g.Serve(); err != nil {
		t.Fatal(err)
	}
	g.leave = sync.OnceValue(g.Close)
	t.Cleanup(func() {
		if err := g.leave(); err != nil {
			t.Errorf("close the broker: %v", err)
		}
	})
	return g
}

func (g *guest) publish(t *testing.T, topic, body string, quality byte) {
	t.Helper()
	if err := g.Publish(topic, []byte(body), false, quality); err != nil {
		t.Fatal(err)
	}
}

// rights say who may connect and what may be subscribed.
type rights struct{ user, password, topic string }

var allRights rights

// watch is a hook that grants rights and sees acknowledgements.
type watch struct {
	broker.HookBase
	rights       *rights
	acknowledged chan<- string
}

func (w *watch) ID() string { return "watch" }

func (w *watch) Provides(b byte) bool {
	return bytes.Contains([]byte{broker.OnConnectAuthenticate, broker.OnACLCheck, broker.OnQosComplete}, []byte{b})
}

func (w *watch) OnConnectAuthenticate(_ *broker.Client, pk packets.Packet) bool {
	return w.rights.user == "" || string(pk.Connect.Username) == w.rights.user && string(pk.Connect.Password) == w.rights.password
}

func (w *watch) OnACLCheck(_ *broker.Client, topic string, write bool) bool {
	return write || w.rights.topic == "" || topic == w.rights.topic
}

func (w *watch) OnQosComplete(client *broker.Client, _ packets.Packet) { w.acknowledged <- client.ID }
