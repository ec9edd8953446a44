package kafka

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"jouleline/ingest"
)

// The folder of an embedded broker:
//
//	lock         held while a broker is open; its text is the holder's process id
//	broker.json  what must never change: cluster id and partition count
//	log/         kfake's own: topics.json, partitions/<topic>-<n>/<offset>.dat, ...
const (
	lockFile     = "lock"
	identityFile = "broker.json"
	logFolder    = "log"
)

// identityVersion is the version of broker.json.
const identityVersion = 1

// identity is what a folder's offsets and books hang on.
type identity struct {
	Version    int    `json:"version"`
	ClusterID  string `json:"cluster_id"`
	Partitions int    `json:"partitions"`
}

// openIdentity reads the identity of a folder, or gives a fresh folder one.
// partitions 0 takes what is stored.
func openIdentity(dir string, partitions int) (identity, error) {
	path := filepath.Join(dir, identityFile)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return newIdentity(dir, partitions)
	case err != nil:
		return identity{}, err
	}
	var id identity
	if err := json.Unmarshal(text, &id); err != nil {
		return id, fmt.Errorf("%s: %w", path, err)
	}
	if id.Version != identityVersion || id.ClusterID == "" || id.Partitions < 1 {
		return id, fmt.Errorf("%s: got version %d, cluster id %q, %d partitions; want version %d, an id and at least 1",
			path, id.Version, id.ClusterID, id.Partitions, identityVersion)
	}
	if partitions != 0 && partitions != id.Partitions {
		return id, fmt.Errorf("%s: %w", dir, &PartitionCount{Topic: ingest.TopicReadings, Want: partitions, Got: id.Partitions})
	}
	return id, nil
}

// newIdentity makes a cluster id as Kafka's own are: 16 random bytes in base64.
func newIdentity(dir string, partitions int) (identity, error) {
	if _, err := os.Stat(filepath.Join(dir, logFolder)); err == nil {
		return identity{}, fmt.Errorf("%s: has a log but no %s: without it the log's offsets cannot be told from others", dir, identityFile)
	}
	if partitions == 0 {
		partitions = DefaultPartitions
	}
	var random [16]byte
	rand.Read(random[:])
	id := identity{identityVersion, base64.RawURLEncoding.EncodeToString(random[:]), partitions}
	text, err := json.MarshalIndent(id, "", "  ")
	if err != nil {
		return id, err
	}
	return id, writeSafely(filepath.Join(dir, identityFile), append(text, '\n'))
}

// writeSafely puts a file in place whole or not at all, and on the disk.
func writeSafely(path string, text []byte) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
