package page

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"jouleline/analytics"
	"jouleline/analytics/anomaly"
	"jouleline/analytics/benchmark"
	"jouleline/analytics/outlook"
	"jouleline/analytics/progress"
	"jouleline/analytics/standing"
	"jouleline/analytics/trend"
	"jouleline/metrics/explain"
	"jouleline/schema"
)

// Every message that is used is in the table, and every one in the table is used.
func TestMessages_UsedAndThere(t *testing.T) {
	used := map[string]bool{}
	sets := map[string]bool{}
	look := func(fsys fs.FS, pattern string) {
		files, err := fs.Glob(fsys, pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: got %d files, %v", pattern, len(files), err)
		}
		for _, name := range files {
			text, err := fs.ReadFile(fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`\.T\(?\s*"([^"]+)"|fact\("([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
				used[m[1]+m[2]] = true
			}
			for _, m := range regexp.MustCompile(`\.word\("([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
				sets[m[1]] = true
			}
		}
	}
	look(os.DirFS("."), "*.go")
	look(templateFiles, "template/*.html")
	delete(used, "mark.")  // put together in the code
	delete(used, "unit.")  // likewise
	sets["figure"] = true  // by the kinds of figures
	sets["warning"] = true // by the codes of warnings, which TestMessages_ClosedSets knows
	for key := range used {
		if _, ok := messages[key]; !ok {
			t.Errorf("%s: used, and not in the table", key)
		}
	}
	place := regexp.MustCompile(`%0?\d*[sd]`)
	for key, m := range messages {
		set, _, _ := strings.Cut(key, ".")
		if !used[key] && !sets[set] && set != "mark" && set != "unit" {
			t.Errorf("%s: in the table, and not used", key)
		}
		if (m[0] == "") != (m[1] == "") {
			t.Errorf("%s: got %q, want both languages", key, m)
		}
		if len(place.FindAllString(m[0], -1)) != len(place.FindAllString(m[1], -1)) {
			t.Errorf("%s: got %q, want as many places in both", key, m)
		}
	}
}

// The words of closed sets are all there.
func TestMessages_ClosedSets(t *testing.T) {
	f := func(set string, names ...string) {
		t.Helper()
		for _, name := range names {
			if _, ok := messages[set+"."+name]; !ok {
				t.Errorf("%s.%s: no word", set, name)
			}
		}
	}
	for _, c := range schema.Carriers {
		f("carrier", c.String())
	}
	for _, c := range schema.Classes {
		f("class", string(c))
	}
	for _, s := range []progress.State{
		progress.OK, progress.Met, progress.PartialYear, progress.NoBaseline, progress.BaseYear, progress.Incomparable, progress.MixedSources, progress.NotEnoughData,
	} {
		f("state", string(s))
		f("why", string(s))
	}
	for _, c := range []anomaly.Cause{
		anomaly.Silent, anomaly.Stuck, anomaly.ZeroRun, anomaly.Spike, anomaly.Leak, anomaly.BaseLoadStep, anomaly.NightSchedule, anomaly.Swap,
		anomaly.Weekend, anomaly.PeakGrowth, anomaly.Unusual, anomaly.Drift, anomaly.RegisterJump,
	} {
		f("cause", string(c))
		f("finding", string(c))
	}
	for _, s := range []anomaly.Severity{anomaly.Info, anomaly.Warning, anomaly.Alarm} {
		f("severity", s.String())
	}
	for _, c := range []schema.Code{
		schema.Superseded, schema.Duplicate, schema.Deleted, schema.OtherKind, schema.OtherRegister, schema.OutsideValidity, schema.Pending, schema.Settled,
		schema.Spike, schema.Fall, schema.UnexplainedFall, schema.UnexplainedRise, schema.Overlap, schema.Negative,
	} {
		f("code", string(c))
	}
	for _, c := range []analytics.Code{
		outlook.CodeGap, outlook.CodeFewYears, outlook.CodeMixed, trend.CodeFewValues, trend.CodeNaiveWins,
		benchmark.CodeFewPeers, benchmark.CodeNoSpread, benchmark.CodeBeyond, standing.CodeHeating, standing.CodeFromMemory, standing.CodeManyLeftOut,
	} {
		f("warning", string(c))
	}
	for _, s := range []outlook.State{outlook.OK, outlook.Met, outlook.NoTarget, outlook.NotEnoughData, outlook.Reached, outlook.Missed} {
		f("outlook", string(s))
	}
	for _, k := range []explain.Kind{
		explain.OfConsumption, explain.OfMeter, explain.OfFormula, explain.OfSpan, explain.PartOfDay, explain.WholeMeter, explain.NotKept, explain.NotInReadings, explain.OfMeasure,
		explain.OfReduction, explain.OfVehicles, explain.DeclaredTotal, explain.DeclaredYear, explain.OfBuilding, explain.OfHeadcount, explain.Others, explain.Before, explain.After,
	} {
		f("figure", string(k))
	}
	for _, r := range []explain.Rule{
		explain.RegisterDifference, explain.Amount, explain.BillAmount, explain.MeanPower, explain.HeldPower, explain.Multiplied, explain.Converted, explain.RolledOver, explain.AtSwap,
		explain.AtReset, explain.Rescaled, explain.LinearCut, explain.ProfileCut, explain.GapLimit, explain.Corrected, explain.PassedOver, explain.Trimmed,
	} {
		f("rule", string(r))
	}
	f("content", "energy", "energy_without_vehicles", "water", "carbon")
	f("basis", "floor_area", "headcount")
	f("entry", string(schema.BaselineCorrection), string(schema.Adjustment))
	f("indicator", "energy_per_area", "energy_per_capita", "water_per_capita", "carbon_per_area")
	f("mark", "met", "good", "behind", "worse", "unknown")
	f("source", "metered", "declared", "mixed")
}

func TestWord_Unknown(t *testing.T) {
	if got := (words{english}).word("cause", "new_cause"); got != "new cause" {
		t.Errorf("got %q, want the word itself", got)
	}
}
