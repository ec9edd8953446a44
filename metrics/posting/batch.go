// Package posting holds what one transaction of the books is made of: readings,
// ledger entries, verdicts, rejects and the offsets they came from.
//
// It is the word that the pipeline and the store share, and computes nothing.
// Its invariant: a batch is stored as a whole or not at all, and everything in
// it carries the batch's own recorded-at.
package posting

import (
	"jouleline/metrics/books"
	"jouleline/schema"
)

// Batch is one transaction.
type Batch struct {
	// Recorded is when the books took it. It only grows from batch to batch.
	Recorded schema.Instant
	Readings []Reading
	Entries  []Entry
	Codes    []Code
	Rejected []Rejected
	Parked   []Parked
	Offsets  []Offset
	// Registry is a new version of the world, nil where there is none.
	Registry *Registry
	// Recompute adds meters to the list of those whose books must be computed
	// anew, Recomputed takes them off it. The list outlives a crash.
	Recompute, Recomputed []int32
	// Gaps are stretches of the log that were gone before they were read; Log
	// names the log that the offsets belong to where it changed.
	Gaps []Gap
	Log  *Log
}

// Registry is a new version of the world as the store keeps it.
type Registry struct {
	// Tables are the CSV files that changed, by file name.
	Tables map[string][]byte
	// Meters and Accounts are new; their ids are never given again.
	Meters   []Meter
	Accounts []Account
	// Attribution replaces what held before.
	Attribution []Attribution
	// Moved tells that sums moved between accounts: roll-ups are built anew.
	Moved bool
	// Unparked names meters whose parked readings are among the batch's
	// readings.
	Unparked []string
}

// Meter ties a meter's name to the number that its rows carry.
type Meter struct {
	ID  int32
	Key string
}

// Gap is a stretch of messages [First, Next) that nobody read.
type Gap struct {
	Partition   int
	First, Next int64
}

// Log identifies the topic that offsets belong to (rule 7).
type Log struct {
	Cluster, Topic string
	Partitions     int
}

// Reading is a stored reading of a meter. Recorded is set when it is read back.
type Reading struct {
	Meter    int32
	Recorded schema.Instant
	books.Point
}

// Entry is a line of the ledger. Account is the account that the meter's
// consumption of that day counts to, NoAccount where it counts to none.
type Entry struct {
	Meter   int32
	Account int32
	books.Entry
}

// NoAccount marks consumption that no institution's total holds: sub-meters, or
// meters without an institution.
const NoAccount int32 = -1

// Code is a verdict of judging on one reading; the latest one holds.
type Code struct {
	Meter int32
	books.CodeChange
}

// Rejected is what could not be understood, as it came.
type Rejected struct {
	Received  schema.Instant
	Source    string
	Partition int
	Offset    int64
	Code      schema.Code
	Detail    string
	Original  []byte
}

// Parked is a reading of a meter that is not registered yet.
type Parked struct {
	Received schema.Instant
	schema.Reading
}

// Offset tells that the messages [First, Next) of a partition are in the batch.
type Offset struct {
	Partition   int
	First, Next int64
}

// Account is what one institution uses of one carrier for one use.
type Account struct {
	ID          int32
	Institution string
	Carrier     schema.Carrier
	Use         schema.Use
}

// Attribution tells which account a meter's consumption counts to on the local
// days [From, To).
type Attribution struct {
	Meter   int32
	Account int32
	schema.Validity
}

// Stretch asks for all stored readings of a meter in [From, To].
type Stretch struct {
	Meter    int32
	From, To schema.Instant
}

// Known is what the store knows of a meter's readings: the times of the first
// and the latest.
type Known struct {
	Meter       int32
	First, Seen schema.Instant
}

// CodeCount counts readings on which a verdict holds.
type CodeCount struct {
	Code schema.Code
	// Readings are how many there are, Meters of how many meters.
	Readings, Meters int64
}
