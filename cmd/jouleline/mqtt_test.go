package main

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	broker "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"jouleline/schema"
)

// openMQTT opens an MQTT broker in this process.
func openMQTT(t *testing.T) (*broker.Server, string) {
	t.Helper()
	b := broker.New(&broker.Options{InlineClient: true, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err := b.AddHook(new(everyone), nil); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.AddListener(listeners.NewNet("test", listener)); err != nil {
		t.Fatal(err)
	}
	if err := b.Serve(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close the broker: %v", err)
		}
	})
	return b, "tcp://" + listener.Addr().String()
}

// everyone lets everyone in.
type everyone struct{ broker.HookBase }

func (*everyone) ID() string { return "everyone" }

func (*everyone) Provides(b byte) bool {
	return b == broker.OnConnectAuthenticate || b == broker.OnACLCheck
}

func (*everyone) OnConnectAuthenticate(*broker.Client, packets.Packet) bool { return true }

func (*everyone) OnACLCheck(*broker.Client, string, bool) bool { return true }

// What gateways publish over MQTT is booked once, although the server is killed
// again and again between its topic and the broker's acknowledgement.
func TestMQTT_KilledUnderLoad(t *testing.T) {
	b, address := openMQTT(t)
	folder, gateway := t.TempDir(), &climber{}
	serve := func() *child {
		return startChild(t, folder, "--mqtt-url", address, "--mqtt-topics", "meters/+/readings")
	}
	publish := func(n int) {
		for range n {
			if err := b.Publish("meters/GW1/readings", []byte(reading(gateway.acknowledged)), false, 1); err != nil {
				t.Fatal(err)
			}
			gateway.acknowledged++
		}
	}
	s := serve()
	importExample(t, s.Remote)
	until(t, "the server subscribes", func() bool { return len(b.Topics.Subscribers("meters/GW1/readings").Subscriptions) == 1 })
	for range 4 {
		publish(150)
		s.kill(t)
		publish(150)
		s = serve()
	}
	defer s.kill(t)
	gateway.check(t, s.Remote)
}

// A message that is no reading is kept with its reason and its gateway, and what
// comes after it is booked.
func TestMQTT_Rejected(t *testing.T) {
	b, address := openMQTT(t)
	flags := embedded(t.TempDir())
	flags.MQTTFlags = MQTTFlags{MQTTURL: address, MQTTTopics: []string{"meters/+/readings"}, MQTTClientID: "test"}
	s := mustServeWith(t, flags, os.Stderr)
	s.importFolder(exampleRegistry)
	until(t, "the server subscribes", func() bool { return len(b.Topics.Subscribers("meters/GW1/readings").Subscriptions) == 1 })
	gateway := &climber{}
	for range 30 {
		for _, body := range []string{reading(gateway.acknowledged), `{"meter":"E1","time":"never","value":1}`} {
			if err := b.Publish("meters/GW1/readings", []byte(body), false, 1); err != nil {
				t.Fatal(err)
			}
		}
		gateway.acknowledged++
	}
	gateway.mustBeBooked(t, s.Remote)
	s.settle()
	rows := rejectedRows(t, s)
	if len(rows) != 30 || rows[0].Code != schema.BadTime || !strings.Contains(rows[0].Original, "never") {
		t.Errorf("got %d rejected, want 30 for their time: %+v", len(rows), rows)
	}
	body, err := s.get(t.Context(), "/metrics", nil, "text/plain")
	if err != nil || !strings.Contains(string(body), "jouleline_mqtt_connected 1") || !strings.Contains(string(body), `jouleline_gateway_readings_total{source="mqtt",verdict="accepted"} 30`) {
		t.Errorf("got no count of the bridge, %v, in\n%s", err, body)
	}
}

// Wrong settings are told before anything serves.
func TestMQTT_Flags(t *testing.T) {
	f := func(want string, m MQTTFlags) {
		t.Helper()
		flags := embedded(t.TempDir())
		flags.MQTTFlags = m
		s, err := openServer(t.Context(), flags, streams{io.Discard, io.Discard})
		if err == nil {
			s.close()
		}
		if err == nil || !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want wrong usage that speaks of %q", err, want)
		}
	}
	f("topics", MQTTFlags{MQTTURL: "tcp://127.0.0.1:1", MQTTClientID: "x"})
	f("want tcp://", MQTTFlags{MQTTURL: "127.0.0.1:1883", MQTTTopics: []string{"a"}, MQTTClientID: "x"})
	f("mqtt-content-type", MQTTFlags{MQTTURL: "tcp://127.0.0.1:1", MQTTTopics: []string{"a"}, MQTTClientID: "x", MQTTContentType: "image/png"})
	empty := filepath.Join(t.TempDir(), "ca.pem")
	writeFile(t, empty, "no certificate")
	f("mqtt-ca", MQTTFlags{MQTTURL: "tls://127.0.0.1:1", MQTTTopics: []string{"a"}, MQTTClientID: "x", MQTTCA: empty})
}
