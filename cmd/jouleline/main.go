// Command jouleline streams energy and water readings of public institutions
// through Kafka into books, and tells planners how far they have come since
// 2020, per square metre and per person.
//
// One binary: "serve" runs the server, everything else talks to one, or works on
// files alone. Exit codes are 0 for success, 1 for failure, 2 for wrong usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"jouleline/cmd/jouleline/analyze"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// CLI is the command line.
type CLI struct {
	Config string `help:"Configuration file (JSON: flag names as keys). Flags come before environment variables, those before the file." type:"existingfile" placeholder:"FILE" env:"JOULELINE_CONFIG"`

	Serve         ServeCmd         `cmd:"" help:"Run the server: broker, pipeline, books and API in one process."`
	Demo          DemoCmd          `cmd:"" help:"Run a server with real and simulated readings to look around in."`
	Import        ImportCmd        `cmd:"" help:"Import a registry, readings, utility bills, or annual forms."`
	Progress      ProgressCmd      `cmd:"" help:"Show how far a region or institution has come since the base year."`
	Consumption   ConsumptionCmd   `cmd:"" help:"Show the consumption of a meter, building, institution or region."`
	Indicators    IndicatorsCmd    `cmd:"" help:"Show energy, water and carbon per square metre and per person."`
	Plans         PlansCmd         `cmd:"" help:"List the plans that a server knows, with their targets, caps and paths."`
	Allocation    AllocationCmd    `cmd:"" help:"Divide a target among regions, departments, classes or institutions."`
	Forecast      ForecastCmd      `cmd:"" help:"Show whether the targets will be met, and how sure that is."`
	Decomposition DecompositionCmd `cmd:"" help:"Show because of what energy or carbon has changed."`
	Benchmark     BenchmarkCmd     `cmd:"" help:"Show where an institution stands among its peers and against quotas."`
	Savings       SavingsCmd       `cmd:"" help:"Show what a measure saved at a meter, building or institution."`
	Quality       QualityCmd       `cmd:"" help:"Show how complete the readings are."`
	Explain       ExplainCmd       `cmd:"" help:"Show how a figure came about, down to its readings."`
	Learn         LearnCmd         `cmd:"" help:"Learn what can pass meters without a rating in an hour, or by which profile gaps are filled, as dated facts of the registry."`
	Recompute     RecomputeCmd     `cmd:"" help:"Compute books anew from all readings; changes nothing on a healthy store."`
	Report        ReportCmd        `cmd:"" help:"Freeze reports, show them, and tell what they would say today and why."`
	Verify        VerifyCmd        `cmd:"" help:"Hold the books against all readings, by the plain way; exit code 1 where they differ."`
	Replay        ReplayCmd        `cmd:"" help:"Offer rejected readings to the topic once more."`
	Influx        InfluxCmd        `cmd:"" help:"Look after what is published to InfluxDB."`
	Analyze       analyze.Cmd      `cmd:"" help:"Analyses on CSV files, without a server: savings, change points, decomposition, trend."`
	Export        ExportCmd        `cmd:"" help:"Take readings or the ledger out as Parquet or CSV, a file a month."`
	Backup        BackupCmd        `cmd:"" help:"Take a backup of the books of a running server."`
	Restore       RestoreCmd       `cmd:"" help:"Make a data folder of a backup (server stopped)."`
	Token         TokenCmd         `cmd:"" help:"Make, list and end access tokens (server stopped)."`
	Ready         ReadyCmd         `cmd:"" help:"Ask a server whether it can do its work."`
	Check         CheckCmd         `cmd:"" help:"Check configuration and registry files without a server."`
	Version       VersionCmd       `cmd:"" help:"Print the version."`
}

// streams are where a command writes.
type streams struct{ out, err io.Writer }

func main() {
	surviveFileLimit()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// usageError is an error of the caller: exit code 2.
type usageError struct{ error }

// run is main without the process around it.
func run(ctx context.Context, args []string, std streams) int {
	var cli CLI
	exited := -1
	file := fileResolver(args)
	if err := file.read(); err != nil { // else it would be told of whichever flag is resolved first
		fmt.Fprintln(std.err, "jouleline:", err)
		return exitUsage
	}
	parser, err := kong.New(&cli,
		kong.Name("jouleline"),
		kong.Description("Energy and water of public institutions: readings in through Kafka, reduction progress out, every figure open down to its readings."),
		kong.DefaultEnvars("JOULELINE"),
		kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { exited = code }),
		kong.Resolvers(file),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
		kong.BindTo(std.out, (*io.Writer)(nil)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
	)
	if err != nil {
		fmt.Fprintln(std.err, "jouleline:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintf(std.err, "jouleline: %v\nTry: %s --help\n", err, asked(err))
		return exitUsage
	}
	if err := command.Run(); err != nil {
		fmt.Fprintln(std.err, "jouleline:", err)
		if errors.As(err, new(usageError)) || errors.Is(err, analyze.ErrUsage) {
			return exitUsage
		}
		return exitFailed
	}
	return exitOK
}

// asked gives the command that a usage error speaks of, as it is typed.
func asked(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if node := parse.Context.Selected(); node != nil {
			return node.FullPath()
		}
	}
	return "jouleline"
}
