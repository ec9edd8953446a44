package schema

// Tariff is what a unit of a carrier costs in a region, from a local day until the
// next one of the same carrier and region. It serves to put an order of magnitude
// on what is lost; it is no bill.
type Tariff struct {
	Carrier Carrier
	Region  string // code; holds below it too, where nothing nearer is given; "" is everywhere
	From    Day
	// Price is that of the carrier's canonical unit, above zero or zero.
	Price    Decimal
	Currency string // ISO 4217, as CNY
	Source   string // where the price is from
}
