package peer

import (
	"jouleline/metrics/frozen"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
)

// kind is what a question asks for. Its word is the end of the path.
type kind string

const (
	hello          kind = "hello"
	points         kind = "points"
	codes          kind = "codes"
	ledger         kind = "ledger"
	usages         kind = "usage"
	bookedSince    kind = "booked-since"
	receivedSince  kind = "received-since"
	latest         kind = "latest"
	rejected       kind = "rejected"
	rejectedCounts kind = "rejected-counts"
	parked         kind = "parked"
	seal           kind = "seal"
	reportsAfter   kind = "reports-after"
	addReport      kind = "add-report"
	verifying      kind = "verify"
	recompute      kind = "recompute"
	importing      kind = "import"
)

// isWork tells that a question changes something or goes through all books, so
// that it takes as long as its caller lets it.
func (k kind) isWork() bool { return k == verifying || k == recompute || k == importing }

// question is put to one instance. Of its fields each kind uses some.
type question struct {
	meters       []string
	stretches    []posting.Stretch // of meters, by position
	days         schema.Validity
	from, to     schema.Instant
	moment       schema.Instant // known at, since, or at least
	registry     string         // fingerprint
	institutions []int32        // indices in the registry
	whole        bool           // all institutions, or all meters
	after        int64
	limit        int
	dryRun       bool
	tables       []file
	sample       int
	seed         int64
	report       frozen.Report
}

func (q *question) code(c *coder) {
	list(c, &q.meters, name)
	list(c, &q.stretches, stretch)
	days(c, &q.days)
	number(c, &q.from)
	number(c, &q.to)
	number(c, &q.moment)
	text(c, &q.registry)
	list(c, &q.institutions, func(c *coder, i *int32) { number(c, i) })
	flag(c, &q.whole)
	number(c, &q.after)
	number(c, &q.limit)
	flag(c, &q.dryRun)
	list(c, &q.tables, table)
	number(c, &q.sample)
	number(c, &q.seed)
	report(c, &q.report)
}

// head is who answers.
type head struct {
	cluster, topic string
	partitions     int
	owned          []int
	registry       string // fingerprint of what holds now
}

func (h *head) code(c *coder) {
	text(c, &h.cluster)
	text(c, &h.topic)
	number(c, &h.partitions)
	list(c, &h.owned, partition)
	text(c, &h.registry)
}

// answer is one instance's. Rows name meters by position in the question's list
// of names, or in names where the question had none.
type answer struct {
	head
	names    []string
	readings []posting.Reading
	codes    []posting.Code
	entries  []posting.Entry
	usage    []indicator.Usage
	booked   []frozen.Booked
	received []frozen.Received
	known    []posting.Known
	rejects  []Reject
	counts   []counted
	reports  []frozen.Report
	moment   schema.Instant
	number   int64
	imported Imported
	verified verify.Report
}

func (a *answer) code(c *coder) {
	a.head.code(c)
	list(c, &a.names, name)
	list(c, &a.readings, reading)
	list(c, &a.codes, code)
	list(c, &a.entries, entry)
	list(c, &a.usage, usage)
	list(c, &a.booked, booked)
	list(c, &a.received, received)
	list(c, &a.known, known)
	list(c, &a.rejects, reject)
	list(c, &a.counts, count)
	list(c, &a.reports, report)
	number(c, &a.moment)
	number(c, &a.number)
	imported(c, &a.imported)
	v := &a.verified
	for _, n := range []*int{&v.Meters, &v.Registered, &v.Waiting, &v.Readings, &v.Checked, &v.Months, &v.More} {
		number(c, n)
	}
	list(c, &v.Differences, difference)
}
