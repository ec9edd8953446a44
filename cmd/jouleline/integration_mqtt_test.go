//go:build integration && linux

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// mosquitto is a Mosquitto that wants TLS and a password.
type mosquitto struct {
	folder, program, address string
	daemon
}

func startMosquitto(t testing.TB) *mosquitto {
	t.Helper()
	program, err := exec.LookPath("mosquitto")
	if err != nil {
		t.Skip("no mosquitto is installed (Debian's package of that name has it)")
	}
	m := &mosquitto{folder: t.TempDir(), program: program, address: freeAddresses(t, 1)[0]}
	m.daemon = daemon{t: t, log: m.file("log")}
	makeCertificates(t, m.folder)
	writeFile(t, m.file("password"), "secret-of-the-test\n")
	if out, err := exec.Command("mosquitto_passwd", "-b", "-c", m.file("users"), "jouleline", "secret-of-the-test").CombinedOutput(); err != nil {
		t.Fatalf("mosquitto_passwd: %v: %s", err, out)
	}
	host, port, err := net.SplitHostPort(m.address)
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("listener %s %s\nallow_anonymous false\npassword_file %s\ncertfile %s\nkeyfile %s\npersistence true\npersistence_location %s/\nmax_queued_messages 0\n",
		port, host, m.file("users"), m.file("node.pem"), m.file("node.pem"), m.folder)
	if os.Getuid() == 0 {
		config += "user root\n" // so that it can read the test's folder
	}
	writeFile(t, m.file("conf"), config)
	m.start()
	t.Cleanup(func() { m.kill() })
	return m
}

func (m *mosquitto) file(name string) string { return filepath.Join(m.folder, name) }

func (m *mosquitto) start() {
	m.run(exec.Command(m.program, "-c", m.file("conf")), func(ctx context.Context) bool {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", m.address)
		if err != nil {
			return false
		}
		return c.Close() == nil
	})
}

// publish publishes the climber's next readings as a gateway does, and returns once
// Mosquitto has acknowledged them.
func (m *mosquitto) publish(t testing.TB, gateway *climber, n int) {
	t.Helper()
	trust, err := trusting(m.file("ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	client := paho.NewClient(paho.NewClientOptions().AddBroker("tls://" + m.address).SetClientID("GW1").SetUsername("jouleline").SetPassword("secret-of-the-test").SetTLSConfig(trust))
	wait := func(token paho.Token) {
		t.Helper()
		if !token.WaitTimeout(daemonStart) || token.Error() != nil {
			t.Fatalf("publish: %v", token.Error())
		}
	}
	wait(client.Connect())
	for range n {
		wait(client.Publish("meters/GW1/readings", 1, false, reading(gateway.acknowledged)))
		gateway.acknowledged++
	}
	client.Disconnect(250)
}

// Against Mosquitto, over TLS with a password: what gateways publish is booked once,
// although server and broker go and come.
func TestIntegrationMQTT_Mosquitto(t *testing.T) {
	m := startMosquitto(t)
	folder, gateway := t.TempDir(), &climber{}
	serve := func() *child {
		return startChild(t, folder, "--mqtt-url", "tls://"+m.address, "--mqtt-topics", "meters/+/readings",
			"--mqtt-user", "jouleline", "--mqtt-password-file", m.file("password"), "--mqtt-ca", m.file("ca.pem"))
	}
	connected := func(s *child) {
		t.Helper()
		until(t, "the server subscribes", func() bool {
			body, err := s.get(t.Context(), "/metrics", nil, "text/plain")
			return err == nil && strings.Contains(string(body), "jouleline_mqtt_connected 1")
		})
	}
	s := serve()
	importExample(t, s.Remote)
	connected(s)
	m.publish(t, gateway, 100)
	s.kill(t)
	m.publish(t, gateway, 100) // it is away: Mosquitto keeps them
	s = serve()
	connected(s)
	m.stop()
	m.start()
	connected(s)
	m.publish(t, gateway, 100)
	gateway.check(t, s.Remote)
	s.kill(t)
	m.publish(t, gateway, 50)
	m.stop() // writes what it keeps
	m.start()
	began := time.Now()
	s = serve()
	defer s.kill(t)
	gateway.check(t, s.Remote)
	t.Logf("50 readings that both were away for: booked after %s", time.Since(began).Round(time.Millisecond))
}
