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

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// kafkaLibs names the folder with the jars of Apache Kafka; deploy/kafka/fetch.sh
// fills and prints it.
const kafkaLibs = "JOULELINE_KAFKA_LIBS"

// Users of the node.
const (
	plainUser, plainPassword = "gateway", "gateway-secret"
	scramUser, scramPassword = "books", "books-secret"
)

// node is one Apache Kafka process, broker and controller, with its log in a
// folder. Each listener has a port of its own.
type node struct {
	folder string
	libs   string
	// plain speaks plain text, tls TLS, sasl plain text with SASL, saslTLS both.
	plain, tls, sasl, saslTLS string
	admin                     *kgo.Client
	daemon
}

// startNode formats a folder and starts a node; it is ended with the test.
func startNode(t testing.TB) *node {
	t.Helper()
	libs := os.Getenv(kafkaLibs)
	if libs == "" {
		t.Skipf("%s names no folder with Apache Kafka (java or mvn is missing, or Maven Central is out of reach): run make integration", kafkaLibs)
	}
	addresses := freeAddresses(t, 5)
	n := &node{folder: t.TempDir(), libs: libs, plain: addresses[0], tls: addresses[1], sasl: addresses[2], saslTLS: addresses[3]}
	n.daemon = daemon{t: t, log: n.file("node.log")}
	makeCertificates(t, n.folder)
	writeFile(t, n.file("server.properties"), n.properties(addresses[4]))
	if out, err := n.java("kafka.tools.StorageTool", "format", "-t", "EjRWeBI0VngSNFZ4EjRWeA", "-c", n.file("server.properties"),
		"--add-scram", fmt.Sprintf("SCRAM-SHA-512=[name=%s,password=%s]", scramUser, scramPassword)).CombinedOutput(); err != nil {
		t.Fatalf("format the node's folder: %v\n%s", err, out)
	}
	n.start()
	t.Cleanup(n.kill)
	var err error
	if n.admin, err = kgo.NewClient(kgo.SeedBrokers(n.plain)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.admin.Close)
	return n
}

func (n *node) file(name string) string { return filepath.Join(n.folder, name) }

func (n *node) java(class string, arguments ...string) *exec.Cmd {
	return exec.Command("java", append([]string{"-Xmx512m", "-cp", n.libs + "/*", class}, arguments...)...)
}

// properties is the node's configuration.
func (n *node) properties(controller string) string {
	login := "org.apache.kafka.common.security.plain.PlainLoginModule required " +
		fmt.Sprintf(`username="%[1]s" password="%[2]s" user_%[1]s="%[2]s";`, plainUser, plainPassword)
	lines := []string{
		"process.roles=broker,controller", "node.id=1",
		"controller.quorum.voters=1@" + controller,
		fmt.Sprintf("listeners=PLAINTEXT://%s,SSL://%s,SASL_PLAINTEXT://%s,SASL_SSL://%s,CONTROLLER://%s", n.plain, n.tls, n.sasl, n.saslTLS, controller),
		"controller.listener.names=CONTROLLER",
		"listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
		"sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512",
		"ssl.keystore.type=PEM", "ssl.keystore.location=" + n.file("node.pem"),
		"log.dirs=" + n.file("log"),
		"offsets.topic.replication.factor=1", "auto.create.topics.enable=false",
		"log.retention.check.interval.ms=1000", "file.delete.delay.ms=1000",
	}
	for _, listener := range []string{"sasl_plaintext", "sasl_ssl"} {
		lines = append(lines,
			"listener.name."+listener+".plain.sasl.jaas.config="+login,
			"listener.name."+listener+".scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;",
		)
	}
	return strings.Join(lines, "\n") + "\n"
}

// start starts the process and waits until it answers.
func (n *node) start() {
	n.t.Helper()
	process := n.java("kafka.Kafka", n.file("server.properties"))
	process.Dir = n.folder
	n.run(process, n.answers)
}

// answers tells whether the node takes requests as a broker.
func (n *node) answers(ctx context.Context) bool {
	client, err := kgo.NewClient(kgo.SeedBrokers(n.plain), kgo.RequestRetries(0), kgo.DialTimeout(time.Second))
	if err != nil {
		n.t.Fatal(err)
	}
	defer client.Close()
	answer, err := kmsg.NewPtrMetadataRequest().RequestWith(ctx, client)
	return err == nil && len(answer.Brokers) == 1
}

// freeAddresses gives ports on the loopback that are free now.
func freeAddresses(t testing.TB, count int) (list []string) {
	t.Helper()
	for range count {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // all at once, so that all differ
		list = append(list, l.Addr().String())
	}
	return list
}
