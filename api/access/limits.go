package access

import "time"

// Limits bounds what one request may ask for. A zero means the value named.
type Limits struct {
	// Query bounds the text behind the question mark in bytes: 4096.
	Query int
	// Body bounds the body of a change other than the registry in bytes: 1 MiB.
	// Registry bounds the ZIP of a registry: 64 MiB, some millions of rows.
	Body, Registry int64
	// File bounds a file of bills or forms in bytes: 16 MiB, a year of monthly
	// bills of ten thousand meters.
	File int64
	// Points bounds the buckets of an answer: 40,000, a year of quarters of an
	// hour. GroupPoints bounds those of a group of institutions, each of which is
	// a sum over all their books: 120.
	Points, GroupPoints int
	// Fine bounds meters x points at steps finer than a day: 200,000.
	Fine int
	// Cuts bounds series x steps finer than a day that one selector of a panel's
	// query reads: 1,000,000, some 28 meter-years of quarters of an hour.
	Cuts int
	// Search bounds meters x hours that are looked through for anomalies: 2,000,000,
	// some 230 meter-years.
	Search int
	// Readings bounds the readings of a page: 10,000.
	Readings int
	// Rejected bounds the rejected rows of a page, and of a replay: 1,000.
	Rejected int
	// Events bounds the meter events, and Meters the meters to compute anew, that
	// are sent at once: 1,000 and 10,000.
	Events, Meters int
	// Explained bounds the parts of an explanation: 10,000, a month of quarters of
	// an hour of three meters.
	Explained int
	// Worst bounds the rows of GET /api/v1/quality: 1,000.
	Worst int
	// Ask is how long a question may take: 30 s, since an open reader lets the
	// store's log grow. Change is how long a change may take: 15 minutes.
	Ask, Change time.Duration
}

// Filled gives the limits with their zeros replaced.
func (l Limits) Filled() Limits {
	def := func(value *int, or int) {
		if *value == 0 {
			*value = or
		}
	}
	def(&l.Query, 4096)
	def(&l.Points, 40_000)
	def(&l.GroupPoints, 120)
	def(&l.Fine, 200_000)
	def(&l.Cuts, 1_000_000)
	def(&l.Search, 2_000_000)
	def(&l.Readings, 10_000)
	def(&l.Rejected, 1_000)
	def(&l.Events, 1_000)
	def(&l.Meters, 10_000)
	def(&l.Worst, 1_000)
	def(&l.Explained, 10_000)
	if l.Body == 0 {
		l.Body = 1 << 20
	}
	if l.File == 0 {
		l.File = 16 << 20
	}
	if l.Registry == 0 {
		l.Registry = 64 << 20
	}
	if l.Ask == 0 {
		l.Ask = 30 * time.Second
	}
	if l.Change == 0 {
		l.Change = 15 * time.Minute
	}
	return l
}
