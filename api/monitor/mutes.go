package monitor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"jouleline/analytics/anomaly"
	"jouleline/api/access"
	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/query"
	"jouleline/api/table"
	"jouleline/schema"
)

// Mutes keeps which findings are muted. Its methods are those of the store; who
// wires it sees to the audit log.
type Mutes interface {
	AddMute(ctx context.Context, m schema.Mute) (id int64, err error)
	LiftMute(ctx context.Context, id int64, by string, at schema.Instant) (found bool, err error)
	// Mutes gives all mutes, the youngest first, those that were lifted too.
	Mutes(ctx context.Context) ([]schema.Mute, error)
}

// MuteInput mutes findings.
type MuteInput struct {
	Body struct {
		Meter  string       `json:"meter" minLength:"1" maxLength:"128" doc:"Id of the meter" example:"W1"`
		Cause  string       `json:"cause" enum:"silent,stuck,zero_run,spike,leak,base_load_step,night_schedule,swap,weekend,peak_growth,unusual,drift" doc:"Cause of the findings" example:"leak"`
		Reason string       `json:"reason" minLength:"3" maxLength:"500" doc:"Why nobody need act on them" example:"irrigation of the sports field, known to the head of estates"`
		Until  query.Moment `json:"until" doc:"From then on the findings are shown as all others; at most two years ahead" example:"2026-09-01T00:00:00+08:00"`
		_      struct{}     `json:"-" additionalProperties:"false"`
	}
}

// MutesInput lists mutes.
type MutesInput struct {
	Meter string `query:"meter" maxLength:"128" doc:"Those of one meter only" example:"W1"`
	Ended bool   `query:"ended" default:"false" doc:"Also those that ended or were lifted" example:"false"`
	Limit int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Most mutes of the answer, the youngest first" example:"100"`
}

// MutePath names a mute.
type MutePath struct {
	ID int64 `path:"id" minimum:"1" doc:"Number of the mute" example:"1"`
}

// MuteAnswer is a mute.
type MuteAnswer struct {
	ID       int64         `json:"id" example:"1"`
	Meter    string        `json:"meter" example:"W1"`
	Cause    anomaly.Cause `json:"cause" example:"leak"`
	Reason   string        `json:"reason" doc:"Why nobody need act on it" example:"irrigation of the sports field"`
	Author   string        `json:"author" doc:"Who muted it, by token" example:"token 4f1d2a"`
	Created  time.Time     `json:"created"`
	Until    time.Time     `json:"until" doc:"From then on the findings are shown as all others"`
	Lifted   *time.Time    `json:"lifted" doc:"When it was taken back; null where it was not"`
	LiftedBy string        `json:"lifted_by" doc:"Who took it back"`
}

// MutesAnswer lists mutes.
type MutesAnswer struct {
	Mutes []MuteAnswer `json:"mutes"`
}

func (s *Handlers) registerMutes(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "mute", Route: "POST /api/v1/anomalies/mutes", Tag: contract.TagUse, Status: 201, Body: s.Limits.Body,
		Summary: "Mute findings, with a reason",
		Text:    "Findings of one cause at one meter stay, until a moment, in the answer of /api/v1/anomalies, after all others, with the mute beside them. No figure changes. Who muted, why and until when is kept, also after it was lifted. A token that is limited to a region or institution mutes there only.",
	}, nil, s.Mute)
	contract.Register(b, contract.Operation{
		ID: "mutes", Route: "GET /api/v1/anomalies/mutes", Tag: contract.TagUse,
		Summary: "What is muted",
		Text:    "The mutes that the caller's token reaches, the youngest first.",
	}, mutesTable, s.listMutes)
	contract.Register(b, contract.Operation{
		ID: "unmute", Route: "DELETE /api/v1/anomalies/mutes/{id}", Tag: contract.TagUse,
		Summary: "Take a mute back",
		Text:    "The findings are shown as before. The mute stays on record with who lifted it.",
	}, nil, s.Unmute)
}

// keeper gives the mutes' keeper, where there is one.
func (s *Handlers) keeper() (Mutes, error) {
	if s.Mutes == nil {
		return nil, fmt.Errorf("%w: this server keeps no mutes", problem.ErrUnavailable)
	}
	return s.Mutes, nil
}

// longestMute is how far ahead a mute may end: what is muted for longer is
// forgotten.
const longestMute = 2 * 366 * 24 * time.Hour

// mutable are the causes that are served, as MuteInput lists them; forms of pages do
// not pass its check.
var mutable = []anomaly.Cause{
	anomaly.Silent, anomaly.Stuck, anomaly.ZeroRun, anomaly.Spike, anomaly.Leak, anomaly.BaseLoadStep, anomaly.NightSchedule, anomaly.Swap,
	anomaly.Weekend, anomaly.PeakGrowth, anomaly.Unusual, anomaly.Drift,
}

// Mute answers POST /api/v1/anomalies/mutes.
func (s *Handlers) Mute(ctx context.Context, in *MuteInput) (*MuteAnswer, error) {
	keeper, err := s.keeper()
	if err != nil {
		return nil, err
	}
	w, err := s.Ask(ctx, query.Of(query.KindMeter, in.Body.Meter), 0)
	if err != nil {
		return nil, err
	}
	if w.MeterVersions(in.Body.Meter) == nil {
		return nil, fmt.Errorf("meter %q: %w", problem.Clip(in.Body.Meter), problem.ErrUnknown)
	}
	now := s.Now()
	m := schema.Mute{
		Meter: in.Body.Meter, Cause: in.Body.Cause, Reason: strings.TrimSpace(in.Body.Reason), Author: access.GrantOf(ctx).Subject,
		Created: now, Until: in.Body.Until.At,
	}
	if got := utf8.RuneCountInString(m.Reason); got < 3 || got > 500 {
		return nil, fmt.Errorf("%w: body.reason: got %d letters, want 3 to 500 that say why nobody need act", problem.ErrQuestion, got)
	}
	if !slices.Contains(mutable, anomaly.Cause(m.Cause)) {
		return nil, fmt.Errorf("%w: body.cause: got %q, want one of %v", problem.ErrQuestion, problem.Clip(m.Cause), mutable)
	}
	if ahead := m.Until.Time().Sub(now.Time()); ahead <= 0 || ahead > longestMute {
		return nil, fmt.Errorf("%w: body.until: got %s, want after now and at most two years ahead", problem.ErrQuestion, m.Until)
	}
	if m.ID, err = keeper.AddMute(ctx, m); err != nil {
		return nil, err
	}
	s.Logger.Info("finding muted", "by", m.Author, "mute", m.ID, "meter", m.Meter, "cause", m.Cause)
	a := muteAnswer(&m, w.Calendar().Location())
	return &a, nil
}

// mutesWithin gives the mutes that the caller reaches.
func (s *Handlers) mutesWithin(ctx context.Context) (within []schema.Mute, err error) {
	keeper, err := s.keeper()
	if err != nil {
		return nil, err
	}
	all, err := keeper.Mutes(ctx)
	if err != nil || !access.GrantOf(ctx).IsLimited() {
		return all, err
	}
	reach := map[string]bool{}
	for _, m := range all {
		isReached, ok := reach[m.Meter]
		if !ok {
			isReached = s.Permit(ctx, query.Of(query.KindMeter, m.Meter)) == nil
			reach[m.Meter] = isReached
		}
		if isReached {
			within = append(within, m)
		}
	}
	return within, nil
}

func (s *Handlers) listMutes(ctx context.Context, in *MutesInput) (*MutesAnswer, error) {
	all, err := s.mutesWithin(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.World(ctx, 0)
	if err != nil {
		return nil, err
	}
	a := &MutesAnswer{Mutes: []MuteAnswer{}}
	for i := range all {
		m := &all[i]
		isOver := !m.InForce(s.Now())
		if in.Meter != "" && m.Meter != in.Meter || isOver && !in.Ended || len(a.Mutes) == in.Limit {
			continue
		}
		a.Mutes = append(a.Mutes, muteAnswer(m, w.Calendar().Location()))
	}
	return a, nil
}

// Unmute answers DELETE /api/v1/anomalies/mutes/{id}.
func (s *Handlers) Unmute(ctx context.Context, in *MutePath) (*MuteAnswer, error) {
	within, err := s.mutesWithin(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(within, func(m schema.Mute) bool { return m.ID == in.ID && m.Lifted == 0 })
	if at < 0 { // also where the caller does not reach it: who may not know of it, does not
		return nil, fmt.Errorf("mute %d: %w", in.ID, problem.ErrUnknown)
	}
	m := within[at]
	m.Lifted, m.LiftedBy = s.Now(), access.GrantOf(ctx).Subject
	found, err := s.Mutes.LiftMute(ctx, m.ID, m.LiftedBy, m.Lifted)
	if err != nil {
		return nil, err
	}
	if !found { // somebody else was quicker
		return nil, fmt.Errorf("mute %d: %w", in.ID, problem.ErrUnknown)
	}
	s.Logger.Info("mute lifted", "by", m.LiftedBy, "mute", m.ID, "meter", m.Meter, "cause", m.Cause)
	w, err := s.World(ctx, 0)
	if err != nil {
		return nil, err
	}
	a := muteAnswer(&m, w.Calendar().Location())
	return &a, nil
}

func muteAnswer(m *schema.Mute, zone *time.Location) MuteAnswer {
	a := MuteAnswer{
		ID: m.ID, Meter: m.Meter, Cause: anomaly.Cause(m.Cause), Reason: m.Reason, Author: m.Author,
		Created: m.Created.Time().In(zone), Until: m.Until.Time().In(zone), LiftedBy: m.LiftedBy,
	}
	if m.Lifted != 0 {
		at := m.Lifted.Time().In(zone)
		a.Lifted = &at
	}
	return a
}

func mutesTable(a *MutesAnswer) table.Table {
	return table.Table{
		Columns: []table.Column{
			table.Integer("id"), table.Text("meter"), table.Text("cause"), table.Text("reason"), table.Text("author"), table.Instant("created"), table.Instant("until"), table.Instant("lifted"), table.Text("lifted_by"),
		},
		Rows: func(yield func([]any) bool) {
			for i := range a.Mutes {
				m := &a.Mutes[i]
				var lifted any
				if m.Lifted != nil {
					lifted = *m.Lifted
				}
				if !yield([]any{m.ID, m.Meter, string(m.Cause), m.Reason, m.Author, m.Created, m.Until, lifted, m.LiftedBy}) {
					return
				}
			}
		},
	}
}
