package posting

import "jouleline/schema"

// Rebooked tells that something of a meter's local day was booked out, and what
// follows from its readings now was booked in, at Recorded.
type Rebooked struct {
	Meter    int32
	Day      schema.Day
	Recorded schema.Instant
}

// RebookedQuery asks for what was booked out of the local days Days of meters, at
// moments in [From, To).
type RebookedQuery struct {
	Meters   []int32
	From, To schema.Instant
	Days     schema.Validity
	// Limit bounds the answer: one row more than it tells that there are more.
	Limit int
}
