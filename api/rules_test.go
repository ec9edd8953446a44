package api_test

import (
	"net/url"
	"testing"

	"jouleline/api/ledger"
)

// The flags of a stretch are there, though no reading of it is set aside.
func TestRules_AreServed(t *testing.T) {
	h := serve(t, newConfig(t))
	rules := decode[ledger.RulesAnswer](t, get(t, h, "/api/v1/rules"))
	if rules.Version == "" || len(rules.Rules) != 12 {
		t.Fatalf("got %+v, want 12 rules with a version", rules)
	}
	for i, r := range rules.Rules {
		if r.Order != i+1 {
			t.Errorf("rule %s: got order %d, want %d", r.Code, r.Order, i+1)
		}
		if r.Code == "zero_run" && (r.Carriers["electricity"] == "" || r.Carriers["water"] == "" || r.Carriers["natural_gas"] == "" || r.Carriers["heat"] == "") {
			t.Errorf("zero_run: got %v, want each carrier to say what a zero means", r.Carriers)
		}
	}
	query := url.Values{"meter": {"E1"}, "from": {"2023-05-01T00:00:00+08:00"}, "to": {"2023-05-03T00:00:00+08:00"}}
	if a := decode[ledger.ReadingsAnswer](t, get(t, h, "/api/v1/readings?"+query.Encode())); a.Flags == nil || len(a.Flags) != 0 {
		t.Errorf("got flags %v, want an empty list", a.Flags)
	}
}
