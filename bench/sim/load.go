package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"jouleline/schema"
)

// LoadConfig says how a load of register readings looks. The zero value of a
// field means the default named there.
type LoadConfig struct {
	Seed   uint64
	Meters int // 1000
	// Readings is how many readings the registers give, over all meters:
	// repeats and corrections come on top, gaps are taken off.
	Readings int // a day of every meter
	// Interval is the distance of a meter's readings in milliseconds.
	Interval int64 // one hour
	// Start is the time of the first readings.
	Start schema.Instant // 2024-01-01T00:00:00+08:00
	// PerInstitution is how many meters an institution has, in one building.
	PerInstitution int // 10
	Disorder       Disorder
}

// Disorder is what goes wrong on the way, as parts of all readings (0.03 is 3 %).
// The zero value is a load in order.
type Disorder struct {
	// Repeats come once more, exactly, a moment later.
	Repeats float64
	// LateDay come up to a day late, LateWeek up to a week.
	LateDay, LateWeek float64
	// Corrections come once more with another value: half of them with the next
	// revision, half with the same revision, later.
	Corrections float64
	// Gaps never come. Spikes show an absurd value; the register itself is well.
	Gaps, Spikes float64
	// Swaps and Rollovers are parts of the meters: whose register is replaced
	// halfway, with an event that knows both ends; whose register passes its
	// greatest value early.
	Swaps, Rollovers float64
}

// RealMix is the mix of faults by which throughput is judged.
var RealMix = Disorder{Repeats: 0.03, LateDay: 0.02, LateWeek: 0.001, Corrections: 0.001}

// Validate tells what is out of range.
func (c LoadConfig) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(c.Meters >= 0 && c.Meters <= 10_000_000, "meters: got %d, want 1 to 10000000", c.Meters)
	check(c.Readings >= 0, "readings: got %d, want none negative", c.Readings)
	check(c.Interval == 0 || c.Interval >= schema.Minute && c.Interval <= 24*schema.Hour, "interval: got %d ms, want a minute to a day", c.Interval)
	check(c.PerInstitution >= 0, "meters of an institution: got %d, want none negative", c.PerInstitution)
	d := c.Disorder
	for _, part := range []float64{d.Repeats, d.LateDay, d.LateWeek, d.Corrections, d.Gaps, d.Spikes, d.Swaps, d.Rollovers} {
		check(part >= 0 && part <= 1, "disorder: got the part %g, want 0 to 1", part)
	}
	check(d.Repeats+d.LateDay+d.LateWeek+d.Corrections+d.Gaps+d.Spikes <= 1, "disorder: the parts of readings add up to more than 1")
	return errors.Join(errs...)
}

func (c LoadConfig) filled() LoadConfig {
	if c.Meters == 0 {
		c.Meters = 1000
	}
	if c.Interval == 0 {
		c.Interval = schema.Hour
	}
	if c.Readings == 0 {
		c.Readings = c.Meters * int(24*schema.Hour/c.Interval)
	}
	if c.Start == 0 {
		c.Start = localMidnight(schema.DayOf(2024, 1, 1))
	}
	if c.PerInstitution == 0 {
		c.PerInstitution = 10
	}
	return c
}

// Sample is a reading with the moment at which the gateway took it.
type Sample struct {
	schema.Reading
	Received schema.Instant
}

// Load is a stream of readings of many meters, time step after time step, shaped
// like hourly kWh at 0.01. It is not safe for concurrent use.
type Load struct {
	config LoadConfig
	ids    []string
	// shown is what each register shows, in hundredths of a kWh, moduli its
	// modulus likewise.
	shown, moduli []int64
	counted       []int64 // since the first reading, unrolled
	steps         int

	step, meter int
	time        schema.Instant
	shape       int64 // of this step
	swaps       map[int][]int32

	faults *faults // nil: all in order
}

// NewLoad makes a load.
func NewLoad(config LoadConfig) (*Load, error) {
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	config = config.filled()
	l := &Load{
		config: config, ids: meterIDs(config.Meters, config.PerInstitution),
		steps: (config.Readings + config.Meters - 1) / config.Meters,
		shown: make([]int64, config.Meters), moduli: make([]int64, config.Meters),
		counted: make([]int64, config.Meters), swaps: map[int][]int32{},
	}
	for m := range l.shown {
		l.shown[m], l.moduli[m] = l.register(m)
		if step, ok := l.swapStep(m); ok {
			l.swaps[step] = append(l.swaps[step], int32(m))
		}
	}
	if d := config.Disorder; d.Repeats+d.LateDay+d.LateWeek+d.Corrections+d.Gaps+d.Spikes > 0 {
		l.faults = newFaults(config, rand.New(rand.NewPCG(config.Seed, 2)))
	}
	l.begin(0)
	return l, nil
}

// The greatest values of the registers, in hundredths of a kWh.
const (
	registerMax      = 99_999_999
	smallRegisterMax = 9_999_999
)

// dayShape is an office's day in thousandths of the mean hour.
var dayShape = [24]int64{
	350, 330, 320, 320, 330, 380, 550, 950, 1450, 1750, 1850, 1850, 1550, 1500, 1800, 1850, 1800, 1550, 1000, 750, 600, 500, 420, 380,
}

// begin prepares a time step.
func (l *Load) begin(step int) {
	l.step, l.meter = step, 0
	l.time = l.timeOf(step)
	l.shape = l.shapeOf(step)
	for _, m := range l.swaps[step] {
		increment := l.increment(int(m), step, l.shape)
		l.shown[m] = l.afterSwap(increment) - increment
	}
}

func (l *Load) timeOf(step int) schema.Instant {
	return l.config.Start + schema.Instant(int64(step)*l.config.Interval)
}

// shapeOf is the weight of a step's hour in thousandths, times the interval in
// minutes.
func (l *Load) shapeOf(step int) int64 {
	hour := (int64(l.timeOf(step)) + zoneOffset) / schema.Hour % 24
	return dayShape[hour] * l.config.Interval / schema.Minute
}

// The draws that a meter makes once; all others are numbered by time step.
const (
	drawBase = iota + 1<<62
	drawShown
	drawRollover
	drawRolloverShown
	drawSwap
	drawSwapStep
)

// increment is what a meter counts before the reading of a step, in hundredths
// of a kWh: at least two, so that a correction by one never makes a register
// fall. Nothing is counted before the first reading.
func (l *Load) increment(m, step int, shape int64) int64 {
	if step == 0 {
		return 0
	}
	base := int64(mix(l.config.Seed, uint64(m), drawBase)&0x7ff) + 200 // 2 to 22.47 kWh in the mean hour
	noise := int64(mix(l.config.Seed, uint64(m), uint64(step))&0xff) + 384
	return base*shape*noise/(512*1000*60) + 2
}

// next moves the registers on by one reading.
func (l *Load) next() (m int, value int64, ok bool) {
	if l.meter == l.config.Meters {
		l.begin(l.step + 1)
	}
	if l.step*l.config.Meters+l.meter >= l.config.Readings {
		return 0, 0, false
	}
	m = l.meter
	l.meter++
	increment := l.increment(m, l.step, l.shape)
	l.counted[m] += increment
	value = l.shown[m] + increment
	if value >= l.moduli[m] {
		value -= l.moduli[m]
	}
	l.shown[m] = value
	return m, value, true
}

// Next writes the next reading to dst; false means that there is none.
func (l *Load) Next(dst *Sample) bool {
	if l.faults != nil {
		return l.faults.next(l, dst)
	}
	m, value, ok := l.next()
	if ok {
		l.sample(dst, m, value)
	}
	return ok
}

// cent is a hundredth of a kWh in micro-units.
const cent = schema.Micro / 100

// sample writes a reading that is taken two seconds after its time.
func (l *Load) sample(dst *Sample, m int, value int64) {
	*dst = Sample{
		Reading:  schema.Reading{Meter: l.ids[m], Time: l.time, Value: schema.Quantity(value) * cent},
		Received: l.time + schema.Instant(2*schema.Second),
	}
}

// Total is what a meter has counted between its first and its last reading so
// far, in kWh: what the books must say where no reading is missing, spoilt or
// corrected, in whatever order they come.
func (l *Load) Total(meter int) schema.Quantity { return schema.Quantity(l.counted[meter]) * cent }

// Follow lets a meter go on where a meter of another load stands: before its next
// reading the register shows what that one showed last. The first reading of a load
// counts nothing, so it shows the same again.
func (l *Load) Follow(meter int, before *Load, of int) { l.shown[meter] = before.shown[of] }

// ID is the id of a meter, counted from 0. It is the same in a load of more meters.
func (l *Load) ID(meter int) string { return l.ids[meter] }

// Time is the time of the readings that Next gives now.
func (l *Load) Time() schema.Instant { return l.time }

// Config is the configuration with its defaults filled in.
func (l *Load) Config() LoadConfig { return l.config }
