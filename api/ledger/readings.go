package ledger

import (
	"context"
	"fmt"
	"time"

	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/metrics/posting"
	"jouleline/schema"
)

// ReadingsInput asks for the readings of a meter.
type ReadingsInput struct {
	Meter string `query:"meter" required:"true" maxLength:"128" doc:"Id of the meter" example:"E1"`
	query.StretchParams
	Limit int `query:"limit" default:"1000" minimum:"1" doc:"Most readings of the answer; a page always holds all versions of its last time" example:"1000"`
	query.KnownParam
}

// ReadingsAnswer lists readings with what became of them.
type ReadingsAnswer struct {
	Meter    string        `json:"meter"`
	Carrier  string        `json:"carrier" example:"electricity"`
	TimeZone string        `json:"time_zone" example:"Asia/Shanghai"`
	Readings []ReadingAs   `json:"readings" doc:"In order of time; versions of one reading in order of precedence"`
	Flags    []ReadingFlag `json:"flags" nullable:"false" doc:"What looks wrong in the stretch of the readings although it is booked; see /api/v1/rules"`
	// Next is the moment from which to ask for the next page.
	Next *time.Time `json:"next" doc:"Moment from which the next page begins (from=), null where this is the last"`
}

// ReadingAs is a stored reading with its verdict.
type ReadingAs struct {
	Time     time.Time    `json:"time"`
	Start    *time.Time   `json:"start,omitempty" doc:"Beginning of the stretch that a delta or bill covers"`
	Value    query.Amount `json:"value" doc:"As the register showed it, before the multiplier"`
	Original string       `json:"original,omitempty" doc:"Text of the value where it has more than six decimals"`
	Unit     schema.Unit  `json:"unit"`
	Kind     schema.Kind  `json:"kind"`
	Register int          `json:"register,omitempty" doc:"Number of the register, where the gateway said so"`
	Revision int          `json:"revision"`
	Deleted  bool         `json:"deleted,omitempty" doc:"A tombstone: takes back the reading of the same identity"`
	Received time.Time    `json:"received" doc:"When the gateway took it"`
	Recorded time.Time    `json:"recorded" doc:"When the books took it"`
	Code     schema.Code  `json:"code" doc:"Verdict: empty where it is plainly accepted; superseded, duplicate, deleted, pending, settled, spike, register_fall, unexplained_fall, unexplained_rise, overlap, negative, other_kind, other_register, outside_validity, ..." example:""`
}

func (s *Handlers) registerReadings(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "readings", Route: "GET /api/v1/readings", Tag: contract.TagUse,
		Summary: "Readings of a meter with their verdicts",
		Text:    "Every reading that was stored, and every version of it: nothing is overwritten or deleted. The verdict says whether it counts, and if not, why. Rejected readings are at /api/v1/rejected, those of unknown meters wait unseen.",
	}, readingsTable, s.Readings)
}

// Readings answers GET /api/v1/readings.
func (s *Handlers) Readings(ctx context.Context, in *ReadingsInput) (*ReadingsAnswer, error) {
	if most := s.Limits.Readings; in.Limit > most {
		return nil, fmt.Errorf("%w: limit: got %d, want at most %d", problem.ErrQuestion, in.Limit, most)
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	knownAt, err := in.Then(s.Now())
	if err != nil {
		return nil, err
	}
	about := query.Of(query.KindMeter, in.Meter)
	w, err := s.Ask(ctx, about, knownAt)
	if err != nil {
		return nil, err
	}
	c, err := w.Circle(about, "")
	if err != nil {
		return nil, err
	}
	if len(c.Members) == 0 {
		return nil, fmt.Errorf("%w: meter %s is a formula: ask for the readings of the meters in it", problem.ErrQuestion, in.Meter)
	}
	p := page{books: s.Books, meter: &c.Members[0], from: in.From.At, to: in.To.At, limit: in.Limit, knownAt: knownAt}
	if err := p.read(ctx); err != nil {
		return nil, err
	}
	if err := p.judge(ctx); err != nil {
		return nil, err
	}
	a := &ReadingsAnswer{Meter: in.Meter, Carrier: c.Carrier.String(), TimeZone: c.Zone.Location().String(), Readings: make([]ReadingAs, len(p.found))}
	for i := range p.found {
		a.Readings[i] = AsReading(&p.found[i], p.codes[i], c.Zone.Location())
	}
	if a.Flags, err = p.flags(ctx, c.Carrier, s.Now(), c.Zone.Location()); err != nil {
		return nil, err
	}
	if p.next != 0 {
		next := query.Local(c.Zone, p.next)
		a.Next = &next
	}
	return a, nil
}

// AsReading gives a reading as an answer shows it, with its verdict, in a calendar.
func AsReading(r *posting.Reading, code schema.Code, zone *time.Location) ReadingAs {
	as := ReadingAs{
		Time: r.Time.Time().In(zone), Value: query.Amount{Quantity: r.Value}, Original: r.Original, Unit: r.Unit, Kind: r.Kind,
		Register: int(r.Register), Revision: int(r.Revision), Deleted: r.Deleted,
		Received: r.Received.Time().In(zone), Recorded: r.Recorded.Time().In(zone), Code: code,
	}
	if r.Kind.HasStart() {
		start := r.Start.Time().In(zone)
		as.Start = &start
	}
	return as
}

func readingsTable(a *ReadingsAnswer) table.Table {
	return table.Table{
		Zone: table.ZoneOf(a.TimeZone),
		Columns: []table.Column{
			table.Text("meter"), table.Instant("time"), table.Instant("start"), table.Decimal("value"), table.Text("unit"), table.Text("kind"),
			table.Integer("register"), table.Integer("revision"), table.Flag("deleted"), table.Instant("received"), table.Instant("recorded"), table.Text("code"),
		},
		Rows: func(yield func([]any) bool) {
			for i := range a.Readings {
				r := &a.Readings[i]
				var register any
				if r.Register != 0 {
					register = int64(r.Register)
				}
				if !yield([]any{a.Meter, r.Time, table.Opt(r.Start), r.Value.Quantity, r.Unit.String(), r.Kind.String(),
					register, int64(r.Revision), r.Deleted, r.Received, r.Recorded, string(r.Code)}) {
					return
				}
			}
		},
	}
}
