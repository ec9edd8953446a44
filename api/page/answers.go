package page

import (
	"context"
	"errors"
	"net/http"
	"time"

	"jouleline/analytics/outlook"
	"jouleline/analytics/progress"
	"jouleline/analytics/standing"
	"jouleline/metrics/calendar"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// Answers is what pages are made of. All methods hold what is asked against the
// rights of the caller in the context, except World, whose parts are shown only
// of places that Permit lets past. They are safe for concurrent use.
type Answers interface {
	Entrance
	Planning
	Metering
}

// Entrance tells who asks, of which world, and whether the server can answer.
type Entrance interface {
	// World gives the registry as it stands.
	World(ctx context.Context) (*registry.Registry, error)
	// Reach gives the region or institution to which the caller is limited, the
	// zero Subject where there is no limit.
	Reach(ctx context.Context) Subject
	// Permit refuses a place that the caller may not see.
	Permit(ctx context.Context, about Subject) error
	// NotReady gives the reasons why the server cannot do its work.
	NotReady(ctx context.Context) []string
	// SignIn tells whether a request's token is worth anything.
	SignIn(r *http.Request) error
}

// Planning answers planners.
type Planning interface {
	Progress(ctx context.Context, about Subject, year int) (*progress.Answer, error)
	Breakdown(ctx context.Context, about Subject, by indicator.Level, year int) (*progress.Parts, error)
	// Outlook forecasts as of the end of a year.
	Outlook(ctx context.Context, about Subject, lastYear int) (*outlook.Answer, error)
	// Standing compares an institution in its energy per area.
	Standing(ctx context.Context, about Subject, year int) (*standing.Answer, error)
	Explain(ctx context.Context, about Subject, q ExplainQuery) (*Explained, error)
}

// Metering answers managers.
type Metering interface {
	Course(ctx context.Context, about Subject, q CourseQuery) (*Course, error)
	// LastDay gives the last local day of which something is known; ok is false
	// where nothing is.
	LastDay(ctx context.Context, about Subject, carrier schema.Carrier) (day schema.Day, ok bool, err error)
	Quality(ctx context.Context, about Subject, s Stretch) (*Quality, error)
	Findings(ctx context.Context, about Subject, s Stretch) (*Findings, error)
	Readings(ctx context.Context, meter string, s Stretch, limit int) (*Readings, error)
	// Mute hides findings from who must act, Unmute shows them again.
	Mute(ctx context.Context, m NewMute) error
	Unmute(ctx context.Context, id int64) error
}

// ErrForm is wrapped where a form holds what it cannot; [Config].Problem gets to see
// it.
var ErrForm = errors.New("form")

// NewMute says that nobody need act on findings of one cause at one meter.
type NewMute struct {
	Meter, Cause, Reason string
	Until                schema.Instant
}

// Subject is what is asked about.
type Subject struct {
	Kind Kind
	ID   string
}

// Kind is the kind of a subject, as the API's parameters name it.
type Kind string

// The kinds of subjects that have pages.
const (
	Region      Kind = "region"
	Institution Kind = "institution"
	Building    Kind = "building"
	Meter       Kind = "meter"
)

// Stretch is a half-open stretch of time.
type Stretch struct{ From, To schema.Instant }

// CourseQuery asks for a course of consumption.
type CourseQuery struct {
	Carrier schema.Carrier
	Stretch
	Step calendar.Step
}

// Course is what was used, bucket by bucket.
type Course struct {
	Unit   schema.Unit
	Points []Point
}

// Point is one bucket, in local time. What is not known is nil.
type Point struct {
	Start, End               time.Time
	Quantity                 *float64 // in the course's unit
	EnergyKGCE               *float64
	Coverage, EstimatedShare *float64
}

// Quality tells how well a stretch is known.
type Quality struct {
	Totals []QualityRow // by carrier
	Worst  []QualityRow // meters or institutions, the least known first
	Fresh  *Fresh       // nil where it was not asked
	// Verdicts count the readings of the stretch that were not plainly accepted.
	Verdicts []Verdict
	// Waiting is nil for callers who may see a part only.
	Waiting *Waiting
}

// QualityRow is how well a part is known. Of a total, Subject is the zero value.
type QualityRow struct {
	Subject
	Carrier                  schema.Carrier
	Expected, Silent         int // of a total
	Quantity                 *float64
	Coverage, EstimatedShare *float64
}

// Fresh is how lately the meters that should report were read, now.
type Fresh struct {
	Meters, Late, Never int
	Newest              *time.Time
	Gateways            []Silence // all of whose meters are late
	Oldest              []Silence // meters that are late, the longest silent first
}

// Silence is a gateway or a meter that gives no readings.
type Silence struct {
	ID      string
	Gateway string // of a meter
	Meters  int    // of a gateway
	Last    *time.Time
}

// Verdict counts the readings of one code.
type Verdict struct {
	Code             schema.Code
	Readings, Meters int64
}

// Waiting counts the readings of the whole server that are not in the books.
type Waiting struct {
	Meters   int // that are not registered
	Readings int64
	Rejected []RejectedCount
}

// RejectedCount counts rejected readings of one code.
type RejectedCount struct {
	Code     schema.Code
	Readings int64
}

// Findings lists what looks wrong.
type Findings struct {
	Searched int // meters
	List     []Finding
	More     bool
	Skipped  int // meters that are read too seldom
}

// Finding is one thing that looks wrong with a meter.
type Finding struct {
	Meter          string
	Unit           schema.Unit
	Cause          string
	Severity       string
	From, To       time.Time
	PerHour, Total *float64
	Cost           *float64 // in Currency; nil where no price is known, or InDoubt
	Currency       string
	PriceSource    string
	InDoubt        bool   // the readings are, so that nobody knows what was used
	Message        string // in English
	Muted          *Muted // nil where nobody muted it
}

// Muted is a mute that is in force.
type Muted struct {
	ID             int64
	Reason, Author string
	Until          time.Time
}

// Readings is some readings of a meter, with their verdicts.
type Readings struct {
	List []Reading
	Next *time.Time // from which more can be asked for
}

// Reading is one version of one reading, in local time.
type Reading struct {
	Time     time.Time
	Start    *time.Time
	Value    string
	Unit     schema.Unit
	Kind     schema.Kind
	Revision int
	Received time.Time
	Code     schema.Code
}
