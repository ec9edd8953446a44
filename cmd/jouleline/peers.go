package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"jouleline/api"
	"jouleline/api/admin"
	"jouleline/api/monitor"
	"jouleline/api/peer"
	"jouleline/api/proof"
	"jouleline/api/world"
	"jouleline/ingest"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
	"jouleline/schema/registry"
	"jouleline/store"
)

// minPeerToken is the least length of the token that instances share: what a
// person makes up is shorter, what a machine draws is not.
const minPeerToken = 24

// peerToken reads the token that instances share, "" where none is given.
func (f *ServerFlags) peerToken() (string, error) {
	if f.PeerToken == "" {
		if len(f.Peers) > 0 {
			return "", usageError{errors.New("peers: want --peer-token-file, a file with the token that all instances share")}
		}
		return "", nil
	}
	token, err := readSecret(f.PeerToken)
	if err != nil {
		return "", fmt.Errorf("peer-token-file: %w", err)
	}
	if len(token) < minPeerToken || strings.ContainsAny(token, " \t\r\n") {
		return "", usageError{fmt.Errorf("peer-token-file: want one word of at least %d characters, as 'openssl rand -hex 32' prints", minPeerToken)}
	}
	return token, nil
}

// peerClient is the way to the other instances.
func (f *ServerFlags) peerClient() (*http.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // instances stand beside each other
	if f.PeerCA != "" {
		var err error
		if transport.TLSClientConfig, err = trusting(f.PeerCA); err != nil {
			return nil, fmt.Errorf("peer-ca: %w", err)
		}
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, nil
}

// checkFixed refuses to open books with partitions or a partition count that
// they were not kept with: a meter's books would stand in two places (rule 16).
func (s *server) checkFixed(ctx context.Context, now posting.Log, owned []int) error {
	stored, err := s.store.Log(ctx)
	if err != nil || stored == nil || stored.Cluster != now.Cluster || stored.Topic != now.Topic {
		return err // another topic is read from its beginning
	}
	if stored.Partitions != now.Partitions {
		return fmt.Errorf("topic: got %d partitions, and the books were begun with %d: the count is fixed, since it says which meter is whose; make a new topic and read it with new books", now.Partitions, stored.Partitions)
	}
	for partition := range s.store.Offsets() {
		if !slices.Contains(owned, partition) {
			return usageError{fmt.Errorf("partitions: the books in %s hold partition %d, which --partitions does not name: an instance keeps its partitions", s.flags.Data, partition)}
		}
	}
	return nil
}

// instance is this server as other instances see it.
func (s *server) instance(log posting.Log, owned []int, config *api.Config) *peer.Instance {
	slices.Sort(owned)
	return &peer.Instance{
		Books: s.store, World: peerWorld{config.World, s.books}, Work: peerWork{s, config.Desk, config.Verifier},
		Log: log, Owned: slices.Compact(owned), PartitionOf: ingest.PartitionOf,
	}
}

// joinPeers lets the API answer for all instances.
func (s *server) joinPeers(instance *peer.Instance, token string, config *api.Config) error {
	if token == "" {
		return nil
	}
	handler, err := peer.NewHandler(instance, token, s.log)
	if err != nil {
		return err
	}
	config.Peer = handler
	if len(s.flags.Peers) == 0 {
		return nil
	}
	way, err := s.flags.peerClient()
	if err != nil {
		return err
	}
	if s.peers, err = peer.NewClient(instance, peer.Config{Peers: s.flags.Peers, Token: token, HTTP: way, Log: s.log}); err != nil {
		return usageError{err}
	}
	config.Books, config.Archive, config.Verifier, config.Stream = s.peers, s.peers, s.peers, s.peers
	config.Rejects = peerRejects{s.peers}
	if reading, ok := config.Files.(files); ok {
		reading.store = s.peers
		config.Files = reading
	}
	desk := config.Desk.(apiDesk)
	desk.replayer.rejects = s.peers.Rejected
	config.Desk = peerDesk{desk, s.peers}
	return nil
}

// peerWorld adds the names of numbers to the API's world.
type peerWorld struct {
	world.Source
	books *supervisor
}

func (w peerWorld) Name(number int32) (string, bool) {
	world := w.books.known()
	if world == nil {
		return "", false
	}
	return world.EverName(number)
}

// peerWork is what this instance does on its own books.
type peerWork struct {
	server   *server
	desk     admin.Desk
	verifier proof.Verifier
}

func (w peerWork) Rejected(ctx context.Context, after int64, limit int) ([]peer.Reject, error) {
	return ownRejects(w.server.store)(ctx, after, limit)
}

func (w peerWork) Verify(ctx context.Context, o verify.Options) (*verify.Report, error) {
	return w.verifier.Verify(ctx, o)
}

func (w peerWork) Recompute(ctx context.Context, meters []string, days schema.Validity, dryRun bool) (int, error) {
	return w.desk.Recompute(ctx, meters, days, dryRun)
}

func (w peerWork) Import(ctx context.Context, tables registry.Tables, dryRun bool) (peer.Imported, error) {
	done, err := w.desk.Import(ctx, tables, dryRun)
	return peer.Imported(done), err
}

// ownRejects gives the rejected rows of one store.
func ownRejects(books *store.Store) func(context.Context, int64, int) ([]peer.Reject, error) {
	return func(ctx context.Context, after int64, limit int) ([]peer.Reject, error) {
		rows, err := books.Rejected(ctx, after, limit)
		list := make([]peer.Reject, len(rows))
		for i, r := range rows {
			list[i] = peer.Reject(r)
		}
		return list, err
	}
}

// peerRejects gives the API what was rejected or waits at any instance.
type peerRejects struct{ *peer.Client }

func (r peerRejects) Rejected(ctx context.Context, after int64, limit int) ([]monitor.Reject, error) {
	rows, err := r.Client.Rejected(ctx, after, limit)
	return apiRejectsOf(rows), err
}

// apiRejectsOf turns rejected rows into the API's.
func apiRejectsOf(rows []peer.Reject) []monitor.Reject {
	list := make([]monitor.Reject, len(rows))
	for i, x := range rows {
		list[i] = monitor.Reject{
			Sequence: x.Sequence, Received: x.Received, Recorded: x.Recorded, Source: x.Source, Partition: x.Partition,
			Offset: x.Offset, Code: x.Code, Detail: x.Detail, Original: x.Original,
		}
	}
	return list
}

// peerDesk changes what the books of all instances rest on.
type peerDesk struct {
	apiDesk
	peers *peer.Client
}

func (d peerDesk) Import(ctx context.Context, tables registry.Tables, dryRun bool) (admin.Imported, error) {
	done, err := d.peers.Import(ctx, tables, dryRun)
	return admin.Imported(done), err
}

func (d peerDesk) Recompute(ctx context.Context, meters []string, days schema.Validity, dryRun bool) (int, error) {
	return d.peers.Recompute(ctx, meters, days, dryRun)
}

// apiArchive lets the store be an archive of reports.
type apiArchive struct{ *store.Store }

func (a apiArchive) Recorded(context.Context) (schema.Instant, error) { return a.Store.Recorded(), nil }
