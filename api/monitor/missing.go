package monitor

import "jouleline/api/peer"

// withholdQuality keeps what is said of meters, and of institutions that lack
// nothing: meters that could not be asked show as unknown by themselves.
func withholdQuality(a *QualityAnswer, gap *peer.Gap) {
	a.MissingPartitions = gap.Partitions()
	a.Parked, a.Rejected = nil, nil
	a.Freshness, a.NotPlain = nil, nil // meters that could not be asked would look silent
	for i := range a.Carriers {
		t := &a.Carriers[i]
		t.Quantity, t.EstimatedShare = nil, nil
	}
	for i := range a.Worst {
		p := &a.Worst[i]
		if p.Institution != "" && gap.Touches(p.Institution) {
			p.Quantity, p.EstimatedShare = nil, nil
		}
	}
}
