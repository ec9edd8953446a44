package kafka

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kversion"

	"jouleline/ingest"
)

func TestConfig_Validate(t *testing.T) {
	f := func(c Config, want string) {
		t.Helper()
		err := c.Validate()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %q", c, err, want)
		}
		if _, err2 := NewClient(c); (err2 == nil) != (err == nil) {
			t.Errorf("%+v: NewClient: got %v", c, err2)
		}
	}
	at := []string{"a:9092", "[::1]:9092"}
	f(Config{Brokers: at}, "")
	f(Config{Brokers: at, SASL: SASL{Plain, "u", "p"}}, "")
	f(Config{Brokers: at, SASL: SASL{ScramSHA512, "u", ""}}, "")
	f(Config{}, "brokers: got none")
	f(Config{Brokers: []string{"a"}}, `got "a", want host:port`)
	f(Config{Brokers: at, SASL: SASL{"GSSAPI", "u", "p"}}, `got mechanism "GSSAPI"`)
	f(Config{Brokers: at, SASL: SASL{"", "u", ""}}, "a user without a mechanism")
	f(Config{Brokers: at, SASL: SASL{Plain, "", "p"}}, "no user")
	f(Config{Brokers: at, Partitions: -1}, "partitions: got -1")
	f(Config{Brokers: at, Timeout: -1}, "timeout: got -1")
}

func mustCluster(t testing.TB, opts ...kfake.Opt) *kfake.Cluster {
	t.Helper()
	cluster, err := kfake.NewCluster(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return cluster
}

// wayThrough makes the topics, and sends and reads records in all partitions.
func wayThrough(t *testing.T, c *Client, partitions int) {
	t.Helper()
	if err := c.EnsureTopics(testContext(t)); err != nil {
		t.Fatal(err)
	}
	p := mustProducer(t, c)
	var push []ingest.Record
	for i := range 10 * partitions {
		push = append(push, numbered(i%partitions, i))
	}
	mustProduce(t, p, push...)
	if err := p.Reject(testContext(t), []Rejection{{Record: push[0], Reason: "r"}}); err != nil {
		t.Error(err)
	}
	for partition := range partitions {
		got := readUntil(t, mustOpen(t, c, partition, 0), 10)
		for i, r := range got {
			if want := numbered(partition, partitions*i+partition); string(r.Value) != string(want.Value) || r.Received != want.Received {
				t.Fatalf("partition %d offset %d: got %q, want %q", partition, i, r.Value, want.Value)
			}
		}
	}
}

func TestClient_ClusterOfThree(t *testing.T) {
	cluster := mustCluster(t, kfake.NumBrokers(3))
	c := mustClient(t, Config{Brokers: cluster.ListenAddrs()[:1], Partitions: 6})
	wayThrough(t, c, 6)
	if got, err := c.Retention(testContext(t)); got != 7*24*time.Hour || err != nil {
		t.Errorf("retention: got %v, %v; want a week", got, err)
	}
	// A second time there is nothing to make.
	if err := c.EnsureTopics(testContext(t)); err != nil {
		t.Error(err)
	}
	err := mustClient(t, Config{Brokers: cluster.ListenAddrs(), Partitions: 4}).EnsureTopics(testContext(t))
	var count *PartitionCount
	if !errors.As(err, &count) || *count != (PartitionCount{ingest.TopicReadings, 4, 6}) {
		t.Errorf("other count: got %v", err)
	}
	if err := mustClient(t, Config{Brokers: cluster.ListenAddrs()}).EnsureTopics(testContext(t)); err != nil {
		t.Errorf("any count: got %v", err)
	}
}

// A leader that moved is found again, by producer and reader.
func TestClient_LeaderMoves(t *testing.T) {
	cluster := mustCluster(t, kfake.NumBrokers(3))
	c := mustClient(t, Config{Brokers: cluster.ListenAddrs(), Partitions: 1})
	if err := c.EnsureTopics(testContext(t)); err != nil {
		t.Fatal(err)
	}
	p := mustProducer(t, c)
	r := mustOpen(t, c, 0, 0)
	for i := range 3 {
		if err := cluster.MoveTopicPartition(ingest.TopicReadings, 0, int32(i)); err != nil {
			t.Fatal(err)
		}
		mustProduce(t, p, numbered(0, i))
		got := readUntil(t, r, int64(i)+1)
		if len(got) != 1 || string(got[0].Value) != string(numbered(0, i).Value) {
			t.Fatalf("leader %d: got %d records, want number %d", i, len(got), i)
		}
	}
}

func TestClient_OlderBrokers(t *testing.T) {
	f := func(name string, versions *kversion.Versions, wantID bool) {
		t.Run(name, func(t *testing.T) {
			cluster := mustCluster(t, kfake.NumBrokers(1), kfake.MaxVersions(versions))
			c := mustClient(t, Config{Brokers: cluster.ListenAddrs(), Partitions: 2})
			wayThrough(t, c, 2)
			_, id, n, err := c.Identity(testContext(t))
			if err != nil || n != 2 || (id != [16]byte{}) != wantID {
				t.Errorf("got id %x, %d partitions, %v; want an id: %v", id, n, err, wantID)
			}
		})
	}
	f("2.4", kversion.V2_4_0(), false)
	f("2.8", kversion.V2_8_0(), true) // topic ids, but not in fetches
	f("3.9", kversion.V3_9_0(), true)
}

func selfSigned(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(certificate)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}}, &tls.Config{RootCAs: pool}
}

func TestClient_TLSAndSASL(t *testing.T) {
	server, trust := selfSigned(t)
	for _, mechanism := range []string{Plain, ScramSHA512} {
		t.Run(mechanism, func(t *testing.T) {
			cluster := mustCluster(t, kfake.NumBrokers(1), kfake.TLS(server), kfake.EnableSASL(), kfake.Superuser(mechanism, "meter", "secret"))
			at := cluster.ListenAddrs()
			wayThrough(t, mustClient(t, Config{Brokers: at, Partitions: 1, TLS: trust, SASL: SASL{mechanism, "meter", "secret"}}), 1)
			f := func(name string, config Config) {
				t.Helper()
				config.Brokers, config.Timeout = at, 500*time.Millisecond
				if err := mustClient(t, config).EnsureTopics(testContext(t)); err == nil {
					t.Errorf("%s: got no error", name)
				}
			}
			f("wrong password", Config{TLS: trust, SASL: SASL{mechanism, "meter", "wrong"}})
			f("no sasl", Config{TLS: trust})
			f("unknown authority", Config{TLS: &tls.Config{}, SASL: SASL{mechanism, "meter", "secret"}})
			f("no tls", Config{SASL: SASL{mechanism, "meter", "secret"}})
		})
	}
}

func TestClient_SaysWhatIsWrong(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c := mustClient(t, Config{Brokers: []string{address}, Timeout: 500 * time.Millisecond})
	_, errLatest := c.Latest(testContext(t), 3)
	_, _, _, errIdentity := c.Identity(testContext(t))
	for what, err := range map[string]error{
		"offsets of readings/3": errLatest, "describe topic readings": errIdentity,
	} {
		if err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("got %v, want %q and connection refused", err, what)
		}
	}

	cluster := mustCluster(t, kfake.NumBrokers(1))
	c = mustClient(t, Config{Brokers: cluster.ListenAddrs(), Timeout: 500 * time.Millisecond})
	if _, err := c.Producer(testContext(t)); !errors.Is(err, kafka.UnknownTopicOrPartition) {
		t.Errorf("producer without a topic: got %v", err)
	}
	if _, err := c.Latest(testContext(t), 0); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("topic=%q partition=0", ingest.TopicReadings)) {
		t.Errorf("latest without a topic: got %v", err)
	}
}
