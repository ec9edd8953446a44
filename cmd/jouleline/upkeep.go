package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// RecomputeCmd computes books anew.
type RecomputeCmd struct {
	Remote
	Meters []string `arg:"" optional:"" help:"Meters; none means all."`
	From   string   `help:"First local day that may change, as 2024-03-01; left out: from the first reading on." placeholder:"DAY"`
	To     string   `help:"First day that stays again, as 2024-04-01; left out: to the last reading." placeholder:"DAY"`
	DryRun bool     `help:"Only tell how many meters' books would change."`
}

// Help teaches by example.
func (c *RecomputeCmd) Help() string {
	return `Judges all stored readings once more, the plain way, and books what the ledger
lacks or has too much. On a healthy store that is nothing.

  jouleline recompute --dry-run                           how many meters differ
  jouleline recompute --from 2024-03-01 --to 2024-04-01   mend March, and no other day
  jouleline recompute E1 E2                               two meters, all their days

Days are those of the buildings' calendars. "jouleline verify" tells what differs.`
}

// Run asks the server to compute.
func (c *RecomputeCmd) Run(ctx context.Context, std streams) error {
	question := map[string]any{"dry_run": c.DryRun}
	if len(c.Meters) > 0 {
		question["meters"] = c.Meters
	} else {
		question["all"] = true
	}
	for name, text := range map[string]string{"from": c.From, "to": c.To} {
		if text == "" {
			continue
		}
		if _, err := schema.ParseDay(text); err != nil {
			return usageError{fmt.Errorf("%s: %w", name, err)}
		}
		question[name] = text
	}
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	answer, err := c.send(ctx, http.MethodPost, "/api/v1/recompute", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	return c.done(std.out, answer)
}

// ReplayCmd offers rejected readings once more.
type ReplayCmd struct {
	Remote
	After int64 `help:"Only rejects after this sequence."`
}

// Run asks the server to replay.
func (c *ReplayCmd) Run(ctx context.Context, std streams) error {
	body, err := json.Marshal(map[string]any{"after": c.After})
	if err != nil {
		return err
	}
	answer, err := c.send(ctx, http.MethodPost, "/api/v1/replay", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	return c.done(std.out, answer)
}

// CheckCmd checks files without a server.
type CheckCmd struct {
	Registry string `arg:"" optional:"" help:"Folder of registry CSV files." type:"existingdir"`
	TimeZone string `help:"Calendar of buildings that name none." default:"Asia/Shanghai"`
	Plans    string `help:"Folder of plan files." type:"existingdir" placeholder:"DIR"`
}

// Run checks the files. The configuration was checked when it was read.
func (c *CheckCmd) Run(_ context.Context, std streams) error {
	if err := checkZone(c.TimeZone); err != nil {
		return err
	}
	if c.Plans != "" {
		plans, err := readPlans(c.Plans)
		if err != nil {
			return err
		}
		for _, p := range plans {
			fmt.Fprintf(std.out, "plan %s %s: good: %d to %d, %s, %d targets, %d caps\n", p.Name, p.Version, p.BaseYear, p.TargetYear, p.Path, len(p.Targets), len(p.Caps))
		}
	}
	if c.Registry == "" {
		fmt.Fprintln(std.out, "configuration: good")
		return nil
	}
	reg, err := registry.Load(os.DirFS(c.Registry), registry.Options{TimeZone: c.TimeZone})
	var bad *registry.Errors
	if errors.As(err, &bad) {
		for _, p := range bad.Problems {
			fmt.Fprintln(std.err, p)
		}
		if bad.More {
			fmt.Fprintln(std.err, "... and more")
		}
		return fmt.Errorf("registry %s: %d problems", c.Registry, len(bad.Problems))
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "registry %s: good: %d regions, %d institutions, %d buildings, %d meters, %d declared figures\n",
		c.Registry, len(reg.Regions), len(reg.InstitutionIDs), len(reg.Buildings), len(reg.Meters), len(reg.Declared))
	return nil
}

// VersionCmd prints the version.
type VersionCmd struct{}

// Run prints what the binary was built from.
func (VersionCmd) Run(std streams) error {
	fmt.Fprintln(std.out, "jouleline "+version())
	return nil
}

// version tells what the binary was built from.
func version() string {
	version, revision := "development", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" && info.Main.Version != "(devel)" {
			version = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " (" + s.Value + ")"
			}
		}
	}
	return version + revision
}
