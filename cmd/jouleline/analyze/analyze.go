// Package analyze is the command that runs the mathematics on CSV files, without a
// server: savings, change points, decomposition, trend, seasons and degree days.
//
// It reads files, asks analytics and prints the answer with whatever makes it
// doubtful. It refuses files whose times are out of order or twice there, and makes
// up no value: a gap stays one. A mistake of the caller is an [ErrUsage].
package analyze

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"jouleline/analytics"
	"jouleline/analytics/weather"
)

// Cmd groups the analyses that need no server: the mathematics on files.
type Cmd struct {
	Savings     SavingsCmd     `cmd:"" help:"What a measure saved: use before and after it, held against the weather (IPMVP C)."`
	Changepoint ChangepointCmd `cmd:"" help:"At which temperature heating and cooling begin (2P to 5P)."`
	Decompose   DecomposeCmd   `cmd:"" help:"Because of what a total changed (LMDI-I)."`
	Trend       TrendCmd       `cmd:"" help:"Where a series goes and how sure that is."`
	STL         STLCmd         `cmd:"" name:"stl" help:"What of a series is trend, season and rest."`
	DegreeDays  DegreeDaysCmd  `cmd:"" help:"Heating and cooling degree days by month."`
}

// ErrUsage is what every mistake of the caller is: exit code 2.
var ErrUsage = errors.New("wrong usage")

// misuse is a mistake of the caller, in its own words.
type misuse struct{ error }

// Is tells that it is an ErrUsage.
func (misuse) Is(target error) bool { return target == ErrUsage }

// AnswerFlags choose the form of an answer.
type AnswerFlags struct {
	Format string `help:"Form of the answer: table or json." enum:"table,json" default:"table"`
}

// show prints an answer, a pointer to a struct.
func (f *AnswerFlags) show(out io.Writer, answer any) error {
	if f.Format != "json" {
		return printAnswer(out, answer)
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(answer)
}

// ZoneFlags say how times without an offset are meant, and whose midnights bound
// the days.
type ZoneFlags struct {
	TimeZone string `help:"IANA zone of local times and days, as Asia/Shanghai. Without it times need an offset, and days are those of UTC." placeholder:"ZONE"`
}

// zone gives the location; named is false where none was given.
func (f *ZoneFlags) zone() (loc *time.Location, named bool, err error) {
	if f.TimeZone == "" {
		return time.UTC, false, nil
	}
	loc, err = time.LoadLocation(f.TimeZone)
	if err != nil {
		return nil, false, misuse{fmt.Errorf("--time-zone: got %q, want an IANA name, as Asia/Shanghai", f.TimeZone)}
	}
	return loc, true, nil
}

// UnitFlags say in which scale temperatures are.
type UnitFlags struct {
	Unit string `help:"Scale of the temperatures, of balance points and slopes." enum:"C,F" default:"C"`
}

func (f *UnitFlags) scale() weather.Scale {
	if f.Unit == "F" {
		return weather.Fahrenheit
	}
	return weather.Celsius
}

// checkLevel refuses a confidence that is none.
func checkLevel(level float64) error {
	if err := analytics.CheckLevel("--level", level); err != nil {
		return misuse{err}
	}
	return nil
}

// finiteOrNil gives a pointer to a number, nil where JSON has none for it.
func finiteOrNil(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// listed gives warnings for JSON: an empty list, never null.
func listed(lists ...analytics.Warnings) []analytics.Warning {
	out := []analytics.Warning{}
	for _, list := range lists {
		for _, w := range list {
			if finiteOrNil(w.Got) == nil {
				w.Got = 0
			}
			if finiteOrNil(w.Want) == nil {
				w.Want = 0
			}
			out = append(out, w)
		}
	}
	return out
}
