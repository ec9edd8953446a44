package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"jouleline/analytics/learn"
	"jouleline/schema"
)

// LearnCmd learns the rates of meters without a rating, or the profiles by which
// gaps are filled, as dated facts of the registry.
type LearnCmd struct {
	Remote
	Meters    []string `arg:"" optional:"" help:"Meters; none means all without a rating, or with --profiles all with registers."`
	Profiles  bool     `help:"Learn how use goes over the hours of workdays and weekends, by which gaps are filled, and no rates."`
	From      string   `help:"First local day to learn from, as 2023-03-01." required:"" placeholder:"DAY"`
	To        string   `help:"First day that is not learned from any more." required:"" placeholder:"DAY"`
	ValidFrom string   `help:"Local day from which the facts hold. Rates need one, which may lie before the days that they are learned from; profiles hold after these: from --to, unless a later day is given." placeholder:"DAY"`
	Author    string   `help:"Who answers for them." required:"" placeholder:"NAME"`
	Reason    string   `help:"Why they are learned." required:"" placeholder:"TEXT"`
	Margin    string   `help:"How many times the typical high rate may pass; not for profiles." default:"2"`
	DryRun    bool     `help:"Only show what would be learned."`
}

// Help teaches by example.
func (c *LearnCmd) Help() string {
	return `A register that falls may have rolled over, or begun anew: only what can pass the
meter in an hour tells. A meter whose nameplate nobody knows has no max_rate in
meters.csv; until it has a learned one, such a fall stays unexplained.

  jouleline learn --from 2023-03-01 --to 2023-05-01 --valid-from 2020-01-01 \
    --author wang --reason "no nameplates in building 7" --dry-run

shows for each meter the measured days, their coverage, the rate, and why one is
refused. Without --dry-run the rates are put into learned.csv: dated, versioned,
signed, and named wherever they explain a rollover. Books that rest on them are
made anew from the valid-from day on.

The rate is the one that 99 % of the plainly measured hours keep to, times the
margin, and no less than the greatest. Wanted are 14 measured days, three quarters
of the stretch, and no hour of more than ten times the typical high rate: look at
that one first, it may be an error. Meters that are read more rarely than hourly
are refused, since the mean of a day hides its busiest hour.

A rate judges every reading from its valid-from day on: what lies above it waits,
and is set aside as a spike unless later readings bear it out. So learn from days
as busy as those that the rate shall hold for: a summer says little of winter.

Rates that stand are never changed: a meter that has one from the same day keeps
it, so a second run changes nothing. Learn anew with a later --valid-from.

With --profiles the hours of workdays and weekends are learned instead, by which
the energy of a gap between two registers is spread, in profiles.csv:

  jouleline learn --profiles --from 2023-03-01 --to 2023-05-01 \
    --author wang --reason "six weeks of term" --dry-run

Each hour has the mean of the middle half of its measured hours; wanted are six
weeks, with 22 workdays and 9 days of weekends of each hour. A profile is held
against the meter's own weeks: where it fills days that are known no better than a
straight line, it is refused. It holds from --to or later, so gaps before stay as
they are, and a gap keeps its energy to the last digit.`
}

// mostLearned bounds what is learned from: three years.
const mostLearned = 3 * 366

// learning is a command that makes sense.
type learning struct {
	*LearnCmd
	stretch   schema.Validity
	validFrom schema.Day
	rule      learn.Rule
	shape     learn.ProfileRule
}

// Run learns, shows, and unless told otherwise puts what it learned into the
// registry.
func (c *LearnCmd) Run(ctx context.Context, std streams) error {
	l, err := c.learning()
	if err != nil {
		return err
	}
	world, err := c.metersKnown(ctx)
	if err != nil {
		return err
	}
	if c.Profiles {
		lessons, err := l.profiles(ctx, world)
		if err != nil {
			return err
		}
		return c.print(std, lessons, profileRows(lessons))
	}
	lessons, err := l.rates(ctx, world)
	if err != nil {
		return err
	}
	return c.print(std, lessons, rateRows(lessons))
}

// learning checks the flags.
func (c *LearnCmd) learning() (*learning, error) {
	l := &learning{LearnCmd: c, rule: learn.DefaultRule(), shape: learn.DefaultProfileRule()}
	least, validFrom := l.rule.MinDays, c.ValidFrom
	if c.Profiles {
		least = 7 * l.shape.MinWeeks
		validFrom = cmp.Or(validFrom, c.To)
	}
	for _, day := range []struct {
		name, text string
		into       *schema.Day
	}{{"from", c.From, &l.stretch.From}, {"to", c.To, &l.stretch.To}, {"valid-from", validFrom, &l.validFrom}} {
		var err error
		if *day.into, err = schema.ParseDay(day.text); err != nil {
			return nil, usageError{fmt.Errorf("%s: %w", day.name, err)}
		}
	}
	if days := int(l.stretch.To) - int(l.stretch.From); days < least || days > mostLearned {
		return nil, usageError{fmt.Errorf("from and to: got %s and %s, want from %d to %d days", c.From, c.To, least, mostLearned)}
	}
	if c.Profiles && l.validFrom < l.stretch.To {
		return nil, usageError{fmt.Errorf("valid-from: got %s, want %s or later: a profile holds after the days that it is learned from", c.ValidFrom, c.To)}
	}
	margin, err := schema.ParseRatio(c.Margin)
	if err != nil || margin.Num < margin.Den {
		return nil, usageError{fmt.Errorf("margin: got %q, want a number of at least 1", c.Margin)}
	}
	l.rule.Margin = margin
	if strings.TrimSpace(c.Author) == "" || strings.TrimSpace(c.Reason) == "" {
		return nil, usageError{errors.New("author and reason: got none, want both: what is learned changes books, and somebody answers for it")}
	}
	return l, nil
}

// print shows what came of each meter: as JSON the lessons, else rows.
func (c *LearnCmd) print(std streams, lessons any, rows [][]string) error {
	if c.Format == "json" {
		return json.NewEncoder(std.out).Encode(map[string]any{"dry_run": c.DryRun, "meters": lessons})
	}
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
		return err
	}
	if c.Format == "table" {
		return alignCSV(std.out, text.Bytes())
	}
	_, err := std.out.Write(text.Bytes())
	return err
}

// rateRows has a heading and a row a meter.
func rateRows(lessons []lesson) [][]string {
	rows := [][]string{{"meter", "days", "coverage", "max_rate", "unit", "verdict"}}
	for _, done := range lessons {
		rate := ""
		if done.Rate != 0 {
			rate = done.Rate.String()
		}
		rows = append(rows, []string{done.Meter, strconv.Itoa(done.Days), strconv.FormatFloat(done.Coverage, 'f', 3, 64), rate, done.Unit.String(), done.Verdict})
	}
	return rows
}
