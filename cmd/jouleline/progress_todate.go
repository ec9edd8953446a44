package main

import (
	"fmt"
	"io"

	"jouleline/cmd/jouleline/columns"
)

// progressToDate is where an indicator stands within the running year.
type progressToDate struct {
	Indicator string `json:"indicator"`
	Unit      string `json:"unit"`
	State     string `json:"state"`
	Reason    string `json:"reason"`
	ToDate    *struct {
		Months    int      `json:"months"`
		Value     *float64 `json:"value"`
		OnPath    *float64 `json:"on_path"`
		Gap       *float64 `json:"gap"`
		Share     float64  `json:"seasonal_share"`
		Projected *float64 `json:"projected"`
	} `json:"to_date"`
}

// printToDate prints the months of the running year against the path.
func printToDate(out io.Writer, list []progressToDate) error {
	fmt.Fprint(out, "\nyear to date, against the share of the path that its months usually hold\n")
	w := columns.New(out)
	fmt.Fprintln(w, "indicator\tunit\tmonths\tvalue\ton path\tgap\tshare %\tprojected year\tstate")
	for _, x := range list {
		months, share := "-", "-"
		var value, onPath, gap, projected *float64
		if y := x.ToDate; y != nil {
			months, share = fmt.Sprint(y.Months), fmt.Sprintf("%.2f", 100*y.Share)
			value, onPath, gap, projected = y.Value, y.OnPath, y.Gap, y.Projected
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s: %s\n", x.Indicator, x.Unit, months, number(value, 6), number(onPath, 6), number(gap, 6), share, number(projected, 6), x.State, x.Reason)
	}
	return w.Flush()
}
