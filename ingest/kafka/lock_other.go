//go:build !unix

package kafka

import (
	"errors"
	"io"
)

// lockFolder refuses: two brokers on one folder would destroy it, and here
// nothing keeps the second one out.
func lockFolder(string) (io.Closer, error) {
	return nil, errors.New("the embedded broker needs a system with flock; use a Kafka cluster")
}
