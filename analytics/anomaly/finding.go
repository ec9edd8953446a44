package anomaly

// Cause is the class of a finding. The set is closed.
type Cause string

const (
	Silent        Cause = "silent"
	Stuck         Cause = "stuck"
	ZeroRun       Cause = "zero_run"
	Spike         Cause = "spike"
	Leak          Cause = "leak"
	BaseLoadStep  Cause = "base_load_step"
	NightSchedule Cause = "night_schedule"
	Swap          Cause = "swap"
	Weekend       Cause = "weekend"
	PeakGrowth    Cause = "peak_growth"
	Unusual       Cause = "unusual"
	Drift         Cause = "drift"
	RegisterJump  Cause = "register_jump"
)

// Severity orders findings.
type Severity int

const (
	Info    Severity = iota // worth a look
	Warning                 // costs energy or water: act
	Alarm                   // data are lost or wrong, or much is lost: act now
)

// String returns info, warning or alarm.
func (s Severity) String() string { return [...]string{"info", "warning", "alarm"}[s] }

// Point is one value that shows a finding.
type Point struct {
	Time     int64   // Unix seconds, start of the interval or of the local day
	Value    float64 // what was measured; of a day or night, its typical hour
	Expected float64 // what usually is
}

// Finding is one thing that looks wrong.
type Finding struct {
	Cause    Cause
	Severity Severity
	From, To int64 // Unix seconds, [From, To)
	// PerHour is by how much an hour differs from what is usual, in the meter's
	// unit; above 0 where too much is used.
	PerHour float64
	// Total is that over the hours concerned: the cost, once a price is put to it.
	// 0 where nothing was measured.
	Total float64
	// P is how probable as much is on a day on which nothing is wrong, of an Unusual
	// finding: a portfolio reports such only as [Discover] allows. 0 of all others,
	// which are held to a rate of false alarms by their limits.
	P        float64
	Evidence []Point // some of the values, in order of time
	Detail   string  // one sentence
}

func (f *Finding) overlaps(o *Finding) bool { return f.From < o.To && o.From < f.To }

// maxEvidence bounds the points of a finding: enough to draw it.
const maxEvidence = 24

// addEvidence keeps the first points.
func (f *Finding) addEvidence(p Point) {
	if len(f.Evidence) < maxEvidence {
		f.Evidence = append(f.Evidence, p)
	}
}
