package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"jouleline/api/proof"
	"jouleline/metrics/verify"
	"jouleline/schema"
)

// fakeVerifier finds what it is given.
type fakeVerifier struct {
	asked  verify.Options
	report verify.Report
}

func (f *fakeVerifier) Verify(_ context.Context, o verify.Options) (*verify.Report, error) {
	f.asked = o
	return &f.report, nil
}

func TestVerify(t *testing.T) {
	config := newConfig(t)
	verifier := &fakeVerifier{report: verify.Report{Meters: 2, Registered: 3, Waiting: 1, Readings: 70, Checked: 9, Months: 4}}
	config.Verifier = verifier
	h := serve(t, config)
	post := func(body string, headers ...string) *responseRecorder {
		return call(t, h, http.MethodPost, "/api/v1/verify", strings.NewReader(body), append(headers, "Content-Type", "application/json")...)
	}
	a := decode[proof.VerifyAnswer](t, post(`{"sample":2,"seed":7}`))
	if !a.Sound || a.Meters != 2 || a.Registered != 3 || a.Waiting != 1 || a.Months != 4 || a.Seed != 7 || a.Differences == nil {
		t.Errorf("got %+v, want what was found", a)
	}
	if verifier.asked.Sample != 2 || verifier.asked.Seed != 7 || verifier.asked.List != 100 {
		t.Errorf("got options %+v, want those of the body", verifier.asked)
	}
	if a = decode[proof.VerifyAnswer](t, post(`{}`)); a.Seed == 0 || verifier.asked.Sample != 0 {
		t.Errorf("got %+v, want a seed by the clock and all meters", a)
	}
	verifier.report.Differences = []verify.Difference{{
		Kind: verify.Ledger, Meter: "E1", Carrier: schema.Electricity, Use: schema.ForBuilding, Where: "2023-05-01, measured", Stored: "6", Computed: "5.5", Excess: 500_000,
	}}
	verifier.report.More = 3
	if a = decode[proof.VerifyAnswer](t, post(`{}`)); a.Sound || len(a.Differences) != 1 || a.Differences[0].Excess.String() != "0.5" || a.More != 3 {
		t.Errorf("got %+v, want the difference", a)
	}
	if rows := post(`{}`, "Accept", "text/csv").Body.String(); !strings.HasSuffix(rows, "\nledger,E1,,electricity,building,\"2023-05-01, measured\",6,5.5,0.5\n") {
		t.Errorf("got CSV\n%s", rows)
	}
	refused(t, post(`{"sample":-1}`), 422, "sample")
	config.Verifier = nil
	h = serve(t, config)
	refused(t, post(`{}`), 503)
}

// No question to a report, however odd, is answered by a fault.
func FuzzReports(f *testing.F) {
	f.Add([]byte(`{"name":"a","question":{"region":"370000","by":"institution","year":2023}}`))
	f.Add([]byte(`{"question":{"institution":"S1","year":2020,"baseline":2021,"panel":"matched","boundary":"as_was","factor_mode":"by_year","factor_set":"db37-2019"}}`))
	f.Add([]byte(`{"question":{"class":"education","year":2199,"plan":"x"}}`))
	f.Add([]byte(`{"question":null,"name":"\u0000"}`))
	f.Add([]byte(`[{}]`))
	h := serve(f, newConfig(f))
	f.Fuzz(func(t *testing.T, body []byte) {
		w := call(t, h, http.MethodPost, "/api/v1/reports", strings.NewReader(string(body)), "Content-Type", "application/json")
		answered(t, w)
		if w.Code == http.StatusCreated {
			answered(t, get(t, h, "/api/v1/reports/1/diff"))
			answered(t, get(t, h, "/api/v1/reports", "Accept", "text/csv"))
		}
	})
}
