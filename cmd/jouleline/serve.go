package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"jouleline/schema/registry"
)

// ServerFlags say what a server is.
type ServerFlags struct {
	// Demo tells the pages to say what was made up; the command demo sets it.
	Demo   bool   `kong:"-"`
	Data   string `help:"Folder of the books and of the embedded broker's log (data; the demo's is demo-data)." type:"path" placeholder:"DIR"`
	Listen string `help:"Address of the API (127.0.0.1:8080)." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	// Insecure lets a server without tokens listen beyond the loopback.
	Insecure bool `help:"Listen beyond the loopback although nobody is asked who he is."`

	TLSCert   string  `name:"tls-cert" help:"Certificate file of the API." type:"existingfile"`
	TLSKey    string  `name:"tls-key" help:"Key file of the API." type:"existingfile"`
	TokenRate float64 `help:"Requests a second that each token may make; 0 means no limit." default:"0"`

	Kafka           string        `help:"embedded, or the brokers of a cluster as host:port,host:port." default:"embedded"`
	TopicPartitions int           `help:"Partitions of the topic when it is made; fixed from then on." default:"4"`
	Partitions      string        `help:"Partitions that this instance owns, as 0-3 or 0,2; empty means all."`
	Peers           []string      `help:"Addresses of all other instances, as http://host:port,...: with them every instance answers for all." placeholder:"URL"`
	PeerToken       string        `name:"peer-token-file" help:"File with the token that all instances share; with it this one answers the others." type:"existingfile"`
	PeerCA          string        `name:"peer-ca" help:"File of the certificates that the other instances' are checked against." type:"existingfile"`
	KafkaTLS        bool          `name:"kafka-tls" help:"Speak TLS to the cluster."`
	KafkaCA         string        `name:"kafka-ca" help:"File of the certificates that the cluster's is checked against." type:"existingfile"`
	KafkaSASL       string        `name:"kafka-sasl" help:"PLAIN or SCRAM-SHA-512." enum:",PLAIN,SCRAM-SHA-512" default:""`
	KafkaUser       string        `help:"User of the cluster."`
	KafkaPassword   string        `name:"kafka-password-file" help:"File with the user's password." type:"existingfile"`
	Plans           string        `help:"Folder of plan files (JSON) beside the plan that ships; see docs/plans.md." type:"existingdir" placeholder:"DIR"`
	LineMapping     lineMapping   `help:"JSON file of rules by which lines that name no meter, as of Telegraf's inputs, become readings; the configuration file may hold the list itself (docs/telegraf.md)." placeholder:"FILE"`
	TimeZone        string        `help:"Calendar of buildings that name none (IANA name)." default:"Asia/Shanghai"`
	Memory          string        `help:"Memory that the books may use, as 2GiB." default:"1GiB"`
	BatchReadings   int           `help:"Readings in one transaction at most." default:"250000"`
	Linger          time.Duration `help:"How long a transaction waits for more readings." default:"50ms"`
	BackupHold      time.Duration `help:"How long the embedded topic keeps what came after the latest backup, so that a restored one finds it." default:"192h"`
	KeepReadings    time.Duration `help:"How long readings are kept, as 17520h; the books are kept for good. 0 keeps all." default:"0"`
	LogLevel        string        `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info"`
	InfluxFlags
	MQTTFlags
}

// ServeCmd runs the server.
type ServeCmd struct{ ServerFlags }

// Help teaches what --help of the command shows below the flags.
func (c *ServeCmd) Help() string {
	return `Everything is embedded by default: a broker that speaks the Kafka protocol and writes
to disk, the books in DuckDB, the API and its page. With --kafka host:port,... the same
program reads a cluster's topic. Stop it with Ctrl-C or SIGTERM: it stops taking
readings, books what is on the way, and closes the books.`
}

// Run serves until the context ends.
func (c *ServeCmd) Run(ctx context.Context, std streams) error {
	if err := c.keepIn("data"); err != nil {
		return err
	}
	s, err := openServer(ctx, c.ServerFlags, std)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "jouleline serves on %s, books in %s\n", s.URL(), c.Data)
	return s.Run(ctx)
}

// keepIn gives the folder where nobody named one.
func (f *ServerFlags) keepIn(folder string) (err error) {
	if f.Data == "" {
		f.Data, err = filepath.Abs(folder)
	}
	return err
}

// validate checks what kong cannot.
func (f *ServerFlags) validate() error {
	if _, _, err := net.SplitHostPort(f.Listen); err != nil {
		return usageError{fmt.Errorf("listen: got %q, want host:port", f.Listen)}
	}
	if (f.TLSCert == "") != (f.TLSKey == "") {
		return usageError{errors.New("tls-cert and tls-key: want both or none")}
	}
	if f.KeepReadings != 0 && f.KeepReadings < leastKept {
		return usageError{fmt.Errorf("keep-readings: got %v, want 0 or at least %v, since late readings need their neighbours", f.KeepReadings, leastKept)}
	}
	switch {
	case f.TopicPartitions < 1:
		return usageError{fmt.Errorf("topic-partitions: got %d, want at least 1", f.TopicPartitions)}
	case f.BatchReadings < 0:
		return usageError{fmt.Errorf("batch-readings: got %d, want at least 0 (as many as usual)", f.BatchReadings)}
	case f.Linger < 0:
		return usageError{fmt.Errorf("linger: got %v, want at least 0", f.Linger)}
	case f.BackupHold < 0:
		return usageError{fmt.Errorf("backup-hold: got %v, want at least 0", f.BackupHold)}
	case !(f.TokenRate >= 0):
		return usageError{fmt.Errorf("token-rate: got %v, want at least 0 (no limit)", f.TokenRate)}
	}
	if err := checkZone(f.TimeZone); err != nil {
		return err
	}
	if _, err := f.memoryBytes(); err != nil {
		return usageError{err}
	}
	return nil
}

// checkZone refuses a calendar that a registry would refuse, before books are
// opened with it.
func checkZone(name string) error {
	if _, err := registry.Build(nil, registry.Options{TimeZone: name}); err != nil {
		return usageError{err}
	}
	return nil
}

// leastKept is the shortest time that readings may be kept: 60 days.
const leastKept = 60 * 24 * time.Hour

// isLoopback tells that only programs of the same machine can reach the API.
func (f *ServerFlags) isLoopback() bool {
	host, _, err := net.SplitHostPort(f.Listen)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || (ip != nil && ip.IsLoopback()))
}

// memoryBytes reads sizes such as 512MiB.
func (f *ServerFlags) memoryBytes() (int64, error) {
	for suffix, size := range map[string]int64{"GiB": 1 << 30, "MiB": 1 << 20} {
		if digits, ok := strings.CutSuffix(f.Memory, suffix); ok {
			n, err := strconv.ParseInt(digits, 10, 32)
			if err == nil && n > 0 {
				return n * size, nil
			}
		}
	}
	return 0, fmt.Errorf("memory: got %q, want a size as 512MiB or 2GiB", f.Memory)
}

// owned reads the partitions that the instance owns.
func (f *ServerFlags) owned(partitions int) ([]int, error) {
	var list []int
	if f.Partitions == "" {
		for p := range partitions {
			list = append(list, p)
		}
		return list, nil
	}
	for part := range strings.SplitSeq(f.Partitions, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err := errors.Join(err1, err2); err != nil || from < 0 || to < from || to >= partitions {
			return nil, usageError{fmt.Errorf("partitions: got %q, want numbers from 0 to %d, as 0-1 or 0,2", f.Partitions, partitions-1)}
		}
		for p := from; p <= to; p++ {
			list = append(list, p)
		}
	}
	return list, nil
}

// logger makes the program's logger.
func (f *ServerFlags) logger(std streams) *slog.Logger {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	return slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: levels[f.LogLevel]}))
}
