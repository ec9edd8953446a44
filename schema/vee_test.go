package schema_test

import (
	"testing"

	"jouleline/schema"
)

// The list is what it is published as: each rule once, each verdict of judging
// given by a rule, numbers where the flags take them from.
func TestVEERules(t *testing.T) {
	want := []schema.RuleCode{"dst", "out_of_order", "duplicate", "correction", "negative", "overlap", "spike", "register_fall", "gap", "stuck", "zero_run", "interval_sum"}
	rules := schema.VEERules()
	if len(rules) != len(want) {
		t.Fatalf("got %d rules, want %d", len(rules), len(want))
	}
	for i, r := range rules {
		if r.Code != want[i] || r.Text == "" || r.Effect == "" {
			t.Errorf("rule %d: got %+v, want %s with a text and an effect", i+1, r, want[i])
		}
	}
	for code, rule := range map[schema.Code]schema.RuleCode{
		schema.Duplicate: schema.RuleDuplicate, schema.Superseded: schema.RuleCorrection, schema.Deleted: schema.RuleCorrection,
		schema.Negative: schema.RuleNegative, schema.Overlap: schema.RuleOverlap, schema.Spike: schema.RuleSpike,
		schema.UnexplainedRise: schema.RuleSpike, schema.UnexplainedFall: schema.RuleRegisterFall, schema.Fall: schema.RuleRegisterFall,
	} {
		if got, ok := schema.RuleOf(code); !ok || got != rule {
			t.Errorf("verdict %s: got rule %q, want %q", code, got, rule)
		}
	}
	if _, ok := schema.RuleOf(schema.OtherKind); ok {
		t.Error("other_kind is no rule of the list")
	}
}
