package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes.
const (
	exitGood  = 0
	exitWrong = 1
	exitUsage = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the command line.
type options struct {
	sizes   sizes
	runs    int
	only    string
	out     string
	profile string
	measure string // set where this process is one run of a group
	dir     string // of that run
	full    bool   // nothing was left out or made smaller
}

// parse reads the command line.
func parse(args []string, stderr io.Writer) (o options, err error) {
	o.sizes = defaultSizes
	f := flag.NewFlagSet("load", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.only, "only", "", "measure one `row` or group of rows only")
	f.IntVar(&o.runs, "runs", 3, "runs of each group; the figure is their median")
	f.StringVar(&o.out, "out", "", "write the results to this JSON `file` (default: a full run goes to bench/results)")
	f.StringVar(&o.profile, "cpuprofile", "", "write a CPU profile of the last run's measured stretch to this `file`; needs --only")
	f.IntVar(&o.sizes.Readings, "readings", o.sizes.Readings, "readings of an ingest run")
	f.IntVar(&o.sizes.Meters, "meters", o.sizes.Meters, "meters of an ingest run")
	f.IntVar(&o.sizes.ManyMeters, "many-meters", o.sizes.ManyMeters, "meters of the row million_meters")
	f.IntVar(&o.sizes.Institutions, "institutions", o.sizes.Institutions, "institutions of the province")
	f.IntVar(&o.sizes.LoadedMeters, "loaded-meters", o.sizes.LoadedMeters, "meters of the loaded store whose readings go through Kafka")
	f.IntVar(&o.sizes.CrowdMeters, "crowd-meters", o.sizes.CrowdMeters, "meters of the loaded store whose past is put into its file; with the others, the goals speak of 100000")
	f.IntVar(&o.sizes.LoadedDays, "loaded-days", o.sizes.LoadedDays, "days of quarter hours in the loaded store; the goals speak of 365")
	f.StringVar(&o.measure, "measure", "", "measure one `group` in this process and print JSON: what the runner starts")
	f.StringVar(&o.dir, "dir", "", "the empty `folder` that --measure works in")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.full = o.only == "" && o.sizes == defaultSizes
	return o, o.validate(f.Args())
}

func (o *options) validate(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("got the argument %q, want flags only", rest[0])
	}
	if o.runs < 1 || o.runs > 99 {
		return fmt.Errorf("runs: got %d, want 1 to 99", o.runs)
	}
	if o.profile != "" && o.only == "" && o.measure == "" {
		return errors.New("cpuprofile: want --only with it, a profile is of one group")
	}
	if (o.measure == "") != (o.dir == "") {
		return errors.New("measure and dir: want both or none")
	}
	if _, err := choose(o.only); err != nil {
		return err
	}
	return o.sizes.validate()
}

// run is main without the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitGood
	}
	if err != nil {
		fmt.Fprintln(stderr, "load:", err)
		return exitUsage
	}
	if o.measure != "" {
		err = measureHere(ctx, &o, stdout)
	} else {
		err = runAll(ctx, &o, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "load:", err)
		return exitWrong
	}
	return exitGood
}

// measureHere measures one group once in this process.
func measureHere(ctx context.Context, o *options, stdout io.Writer) error {
	g, err := findGroup(o.measure)
	if err != nil {
		return err
	}
	t := &trial{sizes: o.sizes, dir: o.dir, profile: o.profile, figures: map[string]figure{}}
	if err := g.measure(ctx, t); err != nil {
		return fmt.Errorf("%s: %w", g.name, err)
	}
	return json.NewEncoder(stdout).Encode(t.figures)
}

// runAll measures what was asked for, prints the table and writes the results.
func runAll(ctx context.Context, o *options, stdout, stderr io.Writer) error {
	chosen, err := choose(o.only)
	if err != nil {
		return err
	}
	report := newReport(ctx, o)
	fmt.Fprintln(stdout, report.heading())
	failure := newRunner(o, stderr).measure(ctx, chosen, report)
	report.close()
	fmt.Fprint(stdout, report.table())
	file := o.out
	if file == "" && o.full {
		file = report.defaultFile()
	}
	if file != "" {
		if err := report.write(file); err != nil {
			return errors.Join(failure, err)
		}
		fmt.Fprintln(stdout, "\nwritten to", file)
	}
	return failure
}
