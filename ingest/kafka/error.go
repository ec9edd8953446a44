package kafka

import (
	"errors"
	"fmt"
)

// ErrClosed is what a closed Producer or Reader answers.
var ErrClosed = errors.New("kafka: closed")

// TopicChanged says that a topic was deleted and made anew under a Reader, so
// its offsets mean other records.
type TopicChanged struct {
	Topic     string
	Want, Got [16]byte // topic ids
}

func (e *TopicChanged) Error() string {
	return fmt.Sprintf("kafka: topic %s was made anew: want id %x, got %x", e.Topic, e.Want, e.Got)
}

// PartitionCount says that a topic does not have the partitions it should have.
// The books of a meter belong to its partition, so the count is fixed.
type PartitionCount struct {
	Topic     string
	Want, Got int
}

func (e *PartitionCount) Error() string {
	return fmt.Sprintf("kafka: topic %s: want %d partitions, it has %d; the count cannot change, since it decides where a meter's books are",
		e.Topic, e.Want, e.Got)
}

// ErrInUse is why a folder cannot be opened that another broker holds.
var ErrInUse = errors.New("in use")
