package main

import (
	"bytes"
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

// LearnCmd learns the rates of meters without a rating, as dated facts of the
// registry.
type LearnCmd struct {
	Remote
	Meters    []string `arg:"" optional:"" help:"Meters; none means all without a rating."`
	From      string   `help:"First local day to learn from, as 2023-03-01." required:"" placeholder:"DAY"`
	To        string   `help:"First day that is not learned from any more." required:"" placeholder:"DAY"`
	ValidFrom string   `help:"Local day from which the rates hold; it may lie before the days that they are learned from." required:"" placeholder:"DAY"`
	Author    string   `help:"Who answers for the rates." required:"" placeholder:"NAME"`
	Reason    string   `help:"Why they are learned." required:"" placeholder:"TEXT"`
	Margin    string   `help:"How many times the typical high rate may pass." default:"2"`
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
it, so a second run changes nothing. Learn anew with a later --valid-from.`
}

// mostLearned bounds what is learned from: three years.
const mostLearned = 3 * 366

// learning is a command that makes sense.
type learning struct {
	*LearnCmd
	stretch   schema.Validity
	validFrom schema.Day
	rule      learn.Rule
}

// Run learns, shows, and unless told otherwise puts the rates into the registry.
func (c *LearnCmd) Run(ctx context.Context, std streams) error {
	l, err := c.learning()
	if err != nil {
		return err
	}
	world, err := c.metersKnown(ctx)
	if err != nil {
		return err
	}
	meters, err := l.pupils(world)
	if err != nil {
		return err
	}
	lessons := make([]lesson, len(meters))
	for i, id := range meters {
		if lessons[i], err = l.study(ctx, world, id); err != nil {
			return fmt.Errorf("meter %s: %w", id, err)
		}
	}
	if !c.DryRun {
		if err := l.enter(ctx, lessons); err != nil {
			return fmt.Errorf("enter the rates: %w", err)
		}
	}
	return c.print(std, lessons)
}

// learning checks the flags.
func (c *LearnCmd) learning() (*learning, error) {
	l := &learning{LearnCmd: c, rule: learn.DefaultRule()}
	for _, day := range []struct {
		name, text string
		into       *schema.Day
	}{{"from", c.From, &l.stretch.From}, {"to", c.To, &l.stretch.To}, {"valid-from", c.ValidFrom, &l.validFrom}} {
		var err error
		if *day.into, err = schema.ParseDay(day.text); err != nil {
			return nil, usageError{fmt.Errorf("%s: %w", day.name, err)}
		}
	}
	if days := int(l.stretch.To) - int(l.stretch.From); days < l.rule.MinDays || days > mostLearned {
		return nil, usageError{fmt.Errorf("from and to: got %s and %s, want from %d to %d days", c.From, c.To, l.rule.MinDays, mostLearned)}
	}
	margin, err := schema.ParseRatio(c.Margin)
	if err != nil || margin.Num < margin.Den {
		return nil, usageError{fmt.Errorf("margin: got %q, want a number of at least 1", c.Margin)}
	}
	l.rule.Margin = margin
	if strings.TrimSpace(c.Author) == "" || strings.TrimSpace(c.Reason) == "" {
		return nil, usageError{errors.New("author and reason: got none, want both: a rate changes books, and somebody answers for it")}
	}
	return l, nil
}

// print shows what came of each meter.
func (c *LearnCmd) print(std streams, lessons []lesson) error {
	if c.Format == "json" {
		return json.NewEncoder(std.out).Encode(map[string]any{"dry_run": c.DryRun, "meters": lessons})
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	rows := [][]string{{"meter", "days", "coverage", "max_rate", "unit", "verdict"}}
	for _, done := range lessons {
		rate := ""
		if done.Rate != 0 {
			rate = done.Rate.String()
		}
		rows = append(rows, []string{done.Meter, strconv.Itoa(done.Days), strconv.FormatFloat(done.Coverage, 'f', 3, 64), rate, done.Unit.String(), done.Verdict})
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	if c.Format == "table" {
		return alignCSV(std.out, text.Bytes())
	}
	_, err := std.out.Write(text.Bytes())
	return err
}
