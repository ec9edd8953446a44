package feed_test

import (
	"fmt"
	"strings"
	"time"

	"jouleline/ingest/feed"
	"jouleline/schema"
)

// A file of bills with a gap, a bill that stands twice, and a broken one.
func ExampleReadBills() {
	file := `户号,起始日期,截止日期,用电量（千瓦时）
370102-0007,2024-01-01,2024-01-31,"12,345.6"
370102-0007,2024-03-01,2024-03-31,9876.5
370102-0007,2024-03-01,2024-03-31,9876.5
370102-0008,2024-03-01,2024-03-31,n.a.
`
	bills, err := feed.ReadBills(strings.NewReader(file), feed.BillConfig{
		Zone:     time.FixedZone("Asia/Shanghai", 8*3600),
		Received: schema.InstantOf(time.Date(2024, 4, 8, 0, 0, 0, 0, time.UTC)),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("accepted %d, duplicate %d, corrected %d\n", bills.Accepted, bills.Duplicate, bills.Corrected)
	for _, p := range append(bills.Gaps, bills.Rejected...) {
		fmt.Printf("row %d %s: %s\n", p.Row, p.Column, p.Reason)
	}
	for _, r := range bills.Readings() {
		fmt.Printf("%s %v to %v: %v %v\n", r.Meter, r.Start, r.Time, r.Value, r.Unit)
	}
	// Output:
	// accepted 2, duplicate 1, corrected 0
	// row 3 : no bill covers 2024-02-01 to 2024-02-29, between row 2 and this row
	// row 5 用电量（千瓦时）: not a decimal number: "n.a."
	// 370102-0007 2023-12-31T16:00:00Z to 2024-01-31T16:00:00Z: 12345.6 kWh
	// 370102-0007 2024-02-29T16:00:00Z to 2024-03-31T16:00:00Z: 9876.5 kWh
}
