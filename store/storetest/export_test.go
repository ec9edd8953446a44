package storetest

// TestOnlyRuns makes the runs small in which rows are lined up.
func (c *Crowd) TestOnlyRuns(recent, folded, packs int64) { c.runs = runSizes{recent, folded, packs} }
