package analyze

import (
	"io"

	"jouleline/analytics/savings"
)

// SavingsCmd tells what a measure saved.
type SavingsCmd struct {
	AnswerFlags
	ZoneFlags
	UnitFlags
	Usage          string  `help:"CSV of time,value: the use from each time to the next one (hours, days or bills)." required:"" type:"existingfile" placeholder:"FILE"`
	Temperature    string  `help:"CSV of time,value: outdoor temperature, hourly or daily." required:"" type:"existingfile" placeholder:"FILE"`
	BaselineEnd    string  `help:"First moment after the baseline: when the work began." required:"" placeholder:"TIME"`
	BaselineStart  string  `help:"First moment of the baseline; left out: 365 days before its end." placeholder:"TIME"`
	ReportingStart string  `help:"First moment after the measure: when the work was done." required:"" placeholder:"TIME"`
	ReportingEnd   string  `help:"End of the reporting period, not included; left out: the end of the use." placeholder:"TIME"`
	Method         string  `help:"caltrack-daily, caltrack-billing, changepoint or towt (hourly)." enum:"caltrack-daily,caltrack-billing,changepoint,towt" default:"caltrack-daily"`
	NoCooling      bool    `help:"Try no cooling slope: gas and heat."`
	NoHeating      bool    `help:"Try no heating slope."`
	ZeroIsMissing  bool    `help:"Take a use of exactly 0 for a gap: electricity."`
	NormalYear     string  `help:"CSV of time,value: temperatures of a typical year, or of several whole years: also the savings in a year of that weather (caltrack methods)." type:"existingfile" placeholder:"FILE"`
	Level          float64 `help:"Confidence of the bands." default:"0.9"`
}

// Run reads both files and prints the savings.
func (c *SavingsCmd) Run(out io.Writer) error {
	if err := checkLevel(c.Level); err != nil {
		return err
	}
	loc, named, err := c.zone()
	if err != nil {
		return err
	}
	r := seriesReader{loc: loc, named: named}
	q := savings.Question{
		Location: loc, Method: savings.Method(c.Method), Scale: c.scale(), Level: c.Level,
		NoCooling: c.NoCooling, NoHeating: c.NoHeating, ZeroIsMissing: c.ZeroIsMissing,
	}
	if q.BaselineEnd, err = r.moment("baseline-end", c.BaselineEnd); err != nil {
		return err
	}
	if q.BaselineStart, err = r.moment("baseline-start", c.BaselineStart); err != nil {
		return err
	}
	if q.ReportingStart, err = r.moment("reporting-start", c.ReportingStart); err != nil {
		return err
	}
	if q.ReportingEnd, err = r.moment("reporting-end", c.ReportingEnd); err != nil {
		return err
	}
	if q.Usage, err = r.file(c.Usage); err != nil {
		return err
	}
	if q.Temperature, err = r.file(c.Temperature); err != nil {
		return err
	}
	if c.NormalYear != "" {
		if q.Normal, err = r.file(c.NormalYear); err != nil {
			return err
		}
	}
	answer, err := savings.Estimate(q)
	if err != nil {
		return err
	}
	return c.show(out, answer)
}
