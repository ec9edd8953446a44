package ledger

import "jouleline/api/peer"

func withholdConsumption(a *ConsumptionAnswer, gap *peer.Gap) {
	a.MissingPartitions = gap.Partitions()
	for i := range a.Points {
		p := &a.Points[i]
		p.Quantity, p.EnergyKGCE, p.CarbonKG, p.EstimatedShare = nil, nil, nil, nil
		if p.Residual != nil {
			p.Residual.Parts, p.Residual.Quantity = nil, nil
		}
	}
}
