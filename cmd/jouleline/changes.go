package main

import (
	"fmt"
	"io"

	"jouleline/cmd/jouleline/columns"
)

// progressChanges is who entered and left, as the table shows it.
type progressChanges struct {
	Entered int `json:"entered"`
	Left    int `json:"left"`
	Effects []struct {
		Indicator string   `json:"indicator"`
		Unit      string   `json:"unit"`
		Entered   *float64 `json:"entered"`
		Left      *float64 `json:"left"`
		Stayed    *float64 `json:"stayed"`
		Matched   *string  `json:"matched_reduction"`
		Reason    string   `json:"reason"`
	} `json:"effects"`
	Institutions []struct {
		Institution string     `json:"institution"`
		Name        string     `json:"name"`
		Change      string     `json:"change"`
		Moved       bool       `json:"moved"`
		Effects     []*float64 `json:"effects"`
	} `json:"institutions"`
}

// print writes what entering and leaving did, and the institutions.
func (c *progressChanges) print(out io.Writer) error {
	fmt.Fprintf(out, "\nentered since: %d institutions, left: %d\n", c.Entered, c.Left)
	w := columns.New(out)
	fmt.Fprintln(w, "indicator\tunit\tby those that entered\tby those that left\tby those that stayed\treduction of those %\tremark")
	for _, e := range c.Effects {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Indicator, e.Unit, number(e.Entered, 6), number(e.Left, 6), number(e.Stayed, 6), text(e.Matched), e.Reason)
	}
	if len(c.Institutions) == 0 {
		return w.Flush()
	}
	fmt.Fprint(w, "\ninstitution\tname\tchange")
	for _, e := range c.Effects {
		fmt.Fprintf(w, "\t%s", e.Indicator)
	}
	fmt.Fprintln(w)
	for _, i := range c.Institutions {
		change := i.Change
		if i.Moved {
			change += " (moved)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s", i.Institution, i.Name, change)
		for _, e := range i.Effects {
			fmt.Fprintf(w, "\t%s", number(e, 6))
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}
