package monitor

import (
	"context"
	"time"

	"jouleline/analytics/anomaly"
	"jouleline/api/contract"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/schema"
)

// AnomaliesInput asks what looks wrong.
type AnomaliesInput struct {
	query.SubjectParams
	Carrier string `query:"carrier" enum:"electricity,natural_gas,water,heat,cooling,gasoline,diesel,kerosene,coal,lpg,fuel_oil,other" doc:"One carrier; left out: all that are metered" example:"electricity"`
	query.StretchParams
	Severity string `query:"severity" enum:"info,warning,alarm" default:"warning" doc:"Least severity of the findings: info is worth a look and is not held to a rate of false alarms, warning is meant to be acted on, alarm means that data are lost or wrong, or that much is lost" example:"warning"`
	Limit    int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Most findings of the answer" example:"100"`
}

// AnomaliesAnswer lists what looks wrong.
type AnomaliesAnswer struct {
	Scope    query.Subject `json:"scope"`
	From     time.Time     `json:"from"`
	To       time.Time     `json:"to"`
	TimeZone string        `json:"time_zone" doc:"Calendar of from and to; a finding keeps that of its building" example:"Asia/Shanghai"`
	Searched int           `json:"searched" doc:"Meters that were looked at" example:"12"`
	Findings []Anomaly     `json:"findings" doc:"The most severe first, of these the latest; those that are muted after all others"`
	More     bool          `json:"more" doc:"There are more findings than the limit"`
	// Chance tells what became of findings that chance may explain.
	Chance ChanceFindings `json:"chance"`
	// Skipped meters were not looked at.
	Skipped []SkippedMeter `json:"skipped" doc:"Meters that were not looked at, at most a hundred, and why"`
}

// ChanceFindings tells how the rate of false discoveries is held over all meters
// that were looked at (Benjamini and Hochberg, day by day).
type ChanceFindings struct {
	Rate   float64 `json:"rate" doc:"Of the unusual hours that are reported for a day at most this share is false on average" example:"0.05"`
	Tested int     `json:"tested" doc:"Stretches of unusual hours before this" example:"120"`
	Kept   int     `json:"kept" doc:"Those that are left" example:"3"`
}

// Anomaly is one thing that looks wrong with one meter.
type Anomaly struct {
	Meter       string          `json:"meter"`
	Building    string          `json:"building"`
	Institution string          `json:"institution"`
	Carrier     schema.Carrier  `json:"carrier" example:"water"`
	Unit        schema.Unit     `json:"unit" doc:"Unit of all amounts" example:"m3"`
	Cause       anomaly.Cause   `json:"cause" doc:"silent, stuck, zero_run, spike, leak, base_load_step, night_schedule, swap, weekend, peak_growth, unusual or drift" example:"leak"`
	Severity    string          `json:"severity" doc:"info, warning or alarm" example:"alarm"`
	From        time.Time       `json:"from" doc:"When it began, in the building's local time"`
	To          time.Time       `json:"to" doc:"When it ended, which is not in it any more"`
	PerHour     *float64        `json:"per_hour" doc:"By how much an hour differs from what is usual, above 0 where too much is used; null where nothing was measured"`
	Total       *float64        `json:"total" doc:"The same over all hours concerned; null where nothing was measured"`
	Evidence    []AnomalyAmount `json:"evidence" doc:"Some of the values that show it, in order of time"`
	Message     string          `json:"message" doc:"What was found, in words"`
	Cost        *float64        `json:"cost" doc:"The total in money, by the prices of the registry on its days, above 0 where too much is used: an order of magnitude, no bill. Null where no price is registered, or the readings are in doubt"`
	Currency    string          `json:"currency" doc:"Of cost, ISO 4217" example:"CNY"`
	PriceSource string          `json:"price_source" doc:"Where the price is from, as tariffs.csv says; of several that of the last" example:"example price"`
	CostReason  string          `json:"cost_reason" doc:"Why cost is null" example:"no price of water is registered for 2023-05-09: see tariffs.csv"`
	P           *float64        `json:"p" doc:"How probable as much is on a day on which nothing is wrong, of cause unusual: these are reported as the false discovery rate over all meters of the question allows. Null of all others, which are held to a rate of false alarms"`
	Readings    string          `json:"readings" doc:"Address of the readings that it rests on"`
	Muted       *MuteAnswer     `json:"muted,omitempty" doc:"Who said that nobody need act, why and until when; absent where nobody did"`
}

// AnomalyAmount is a value that shows a finding.
type AnomalyAmount struct {
	Time     time.Time `json:"time" doc:"Beginning of the hour or of the local day"`
	Value    float64   `json:"value" doc:"What was measured in an hour; of a day or a night, in its typical hour"`
	Expected float64   `json:"expected" doc:"What usually is"`
}

// SkippedMeter is a meter that was not looked at.
type SkippedMeter struct {
	Meter  string `json:"meter"`
	Reason string `json:"reason" example:"read every 31 days, want at least every hour"`
}

// mostSkipped bounds the list of meters that were not looked at.
const mostSkipped = 100

func (s *Handlers) registerAnomalies(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "anomalies", Route: "GET /api/v1/anomalies", Tag: contract.TagUse,
		Summary: "What looks wrong in the readings",
		Text: "Looks through the hourly consumption of every meter of a building, an institution or a group for readings that are lost or stuck, leaks, base loads that rose, nights and weekends as if the building were in use, and the like: each with its cause, size, time and the values that show it. " +
			"A meter is compared with itself, so the stretch should hold some months; two weeks are the least. Meters that are read less than hourly are listed, and not looked at.",
	}, anomaliesTable, s.Anomalies)
}

// Anomalies answers GET /api/v1/anomalies.
func (s *Handlers) Anomalies(ctx context.Context, in *AnomaliesInput) (*AnomaliesAnswer, error) {
	about, err := in.Target()
	if err != nil {
		return nil, err
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	w, err := s.Ask(ctx, about, 0)
	if err != nil {
		return nil, err
	}
	find := search{s: s, w: w, from: in.From.At, to: in.To.At, until: min(in.To.At, s.Now())}
	if err := find.gather(about, in.Carrier); err != nil {
		return nil, err
	}
	if err := find.run(ctx); err != nil {
		return nil, err
	}
	if err := find.discover(); err != nil {
		return nil, err
	}
	if err := find.mute(ctx); err != nil {
		return nil, err
	}
	findings, more := find.worst(in.Severity, in.Limit)
	return &AnomaliesAnswer{
		Scope: about.Subject(find.name), From: query.Local(find.zone, in.From.At), To: query.Local(find.zone, in.To.At),
		TimeZone: find.zone.Location().String(), Searched: find.searched, Findings: findings, More: more, Chance: find.chance,
		Skipped: append([]SkippedMeter{}, find.skipped[:min(len(find.skipped), mostSkipped)]...),
	}, nil
}

// anomaliesTable gives the findings as rows, without their evidence.
func anomaliesTable(a *AnomaliesAnswer) table.Table {
	return table.Table{
		Zone: table.ZoneOf(a.TimeZone),
		Columns: []table.Column{
			table.Text("meter"), table.Text("building"), table.Text("institution"), table.Text("carrier"), table.Text("unit"), table.Text("cause"),
			table.Text("severity"), table.Instant("from"), table.Instant("to"), table.Number("per_hour"), table.Number("total"), table.Number("cost"), table.Text("currency"), table.Text("message"), table.Text("muted"),
		},
		Rows: func(yield func([]any) bool) {
			for i := range a.Findings {
				f := &a.Findings[i]
				muted := ""
				if f.Muted != nil {
					muted = f.Muted.Reason
				}
				if !yield([]any{f.Meter, f.Building, f.Institution, f.Carrier.String(), f.Unit.String(), string(f.Cause),
					f.Severity, f.From, f.To, table.Opt(f.PerHour), table.Opt(f.Total), table.Opt(f.Cost), f.Currency, f.Message, muted}) {
					return
				}
			}
		},
	}
}
