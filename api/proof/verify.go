package proof

import (
	"context"
	"fmt"

	"jouleline/api/access"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/verify"
)

// Verifier holds the books against the readings; see [verify.Run].
type Verifier interface {
	Verify(ctx context.Context, o verify.Options) (*verify.Report, error)
}

// VerifyInput asks for books to be verified.
type VerifyInput struct {
	Body struct {
		Sample int    `json:"sample,omitempty" minimum:"0" doc:"Number of meters that are drawn; 0 or left out: all" example:"100"`
		Seed   uint64 `json:"seed,omitempty" minimum:"0" doc:"Draws the sample; 0 or left out: by the clock" example:"1"`
		Limit  int    `json:"limit,omitempty" minimum:"0" maximum:"10000" doc:"Most differences that are listed; 0 or left out: 100" example:"100"`
	}
}

// VerifyAnswer tells what verifying found.
type VerifyAnswer struct {
	Sound       bool               `json:"sound" doc:"There is no difference" example:"true"`
	Meters      int                `json:"meters" doc:"Meters that were compared" example:"1"`
	Registered  int                `json:"registered" doc:"Meters that are registered" example:"1"`
	Waiting     int                `json:"waiting" doc:"Meters that were passed over, since their books are to be computed anew after a change of the registry" example:"0"`
	Readings    int                `json:"readings" doc:"Stored readings that were judged anew" example:"7"`
	Checked     int                `json:"checked" doc:"Days by cause, and verdicts, that were compared" example:"7"`
	Months      int                `json:"months" doc:"Months of institutions' carriers whose roll-ups were compared with the ledger" example:"1"`
	Seed        uint64             `json:"seed" doc:"What the sample was drawn with" example:"1"`
	Differences []VerifyDifference `json:"differences" doc:"What is stored and does not follow from the readings"`
	More        int                `json:"more" doc:"Differences beyond those that are listed" example:"0"`
}

// VerifyDifference is something stored that does not follow from the readings.
type VerifyDifference struct {
	Kind        verify.Kind  `json:"kind" enum:"ledger,verdict,rollup" doc:"What differs: a day of the ledger, the verdict on a reading, or the roll-up of a month" example:"ledger"`
	Meter       string       `json:"meter,omitempty" example:"E1"`
	Institution string       `json:"institution,omitempty" doc:"Of a roll-up"`
	Carrier     string       `json:"carrier" example:"electricity"`
	Use         string       `json:"use" example:"building"`
	Where       string       `json:"where" doc:"Day and cause, reading, or month" example:"2023-05-01, measured"`
	Stored      string       `json:"stored" doc:"What stands there"`
	Computed    string       `json:"computed" doc:"What the readings give"`
	Excess      query.Amount `json:"excess" doc:"What is stored too much, in the carrier's canonical unit" example:"0.5"`
}

func (s *Handlers) registerVerify(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "verify", Route: "POST /api/v1/verify", Tag: contract.TagWorld,
		Summary: "Hold the books against the readings",
		Text: "Judges all stored readings of a sample of meters, or of all, by the plain, slow way and compares the ledger and the verdicts with it, and the monthly roll-ups with the ledger. " +
			"It reads only what is stored and changes nothing; what differs is mended by recompute.",
		Body: s.Limits.Body,
	}, verifyTable, s.verify)
}

func (s *Handlers) verify(ctx context.Context, in *VerifyInput) (*VerifyAnswer, error) {
	if s.Verifier == nil {
		return nil, fmt.Errorf("%w: this server has no books of its own", problem.ErrUnavailable)
	}
	o := verify.Options{Sample: in.Body.Sample, Seed: in.Body.Seed, List: in.Body.Limit}
	if o.Seed == 0 {
		o.Seed = 1 + uint64(s.Clock().UnixMicro())%1_000_000 // short enough to type
	}
	if o.List == 0 {
		o.List = 100
	}
	report, err := s.Verifier.Verify(ctx, o)
	if err != nil {
		return nil, err
	}
	a := &VerifyAnswer{
		Sound: len(report.Differences)+report.More == 0, Meters: report.Meters, Registered: report.Registered, Waiting: report.Waiting,
		Readings: report.Readings, Checked: report.Checked, Months: report.Months, Seed: o.Seed, More: report.More,
		Differences: make([]VerifyDifference, len(report.Differences)),
	}
	for i, d := range report.Differences {
		a.Differences[i] = VerifyDifference{
			Kind: d.Kind, Meter: d.Meter, Institution: d.Institution, Carrier: d.Carrier.String(), Use: d.Use.String(),
			Where: d.Where, Stored: d.Stored, Computed: d.Computed, Excess: query.Amount{Quantity: d.Excess},
		}
	}
	s.Logger.Info("books verified", "by", access.GrantOf(ctx).Subject, "meters", a.Meters, "readings", a.Readings, "differences", len(a.Differences)+a.More)
	return a, nil
}

func verifyTable(a *VerifyAnswer) table.Table {
	return table.Table{
		Columns: []table.Column{
			table.Text("kind"), table.Text("meter"), table.Text("institution"), table.Text("carrier"), table.Text("use"), table.Text("where"),
			table.Text("stored"), table.Text("computed"), table.Decimal("excess"),
		},
		Rows: func(yield func([]any) bool) {
			for i := range a.Differences {
				d := &a.Differences[i]
				if !yield([]any{string(d.Kind), d.Meter, d.Institution, d.Carrier, d.Use, d.Where, d.Stored, d.Computed, d.Excess.Quantity}) {
					return
				}
			}
		},
	}
}
