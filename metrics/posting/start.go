package posting

// Start is what the pipeline needs to know to go on where the books stand.
type Start struct {
	Meters   []Meter
	Accounts []Account
	Known    []Known
	// Codes are the verdicts that hold, plain ones left out.
	Codes []Code
	// Retired are the meters whose older readings were let go.
	Retired []Retired
	// Recompute are the meters whose books must be computed anew.
	Recompute []int32
	// Offsets are the next ones of each partition of the log Log; nil where
	// nothing was ever read.
	Offsets map[int]int64
	Log     *Log
}
