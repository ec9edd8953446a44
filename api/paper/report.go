package paper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"jouleline/api/contract"
	"jouleline/api/problem"
	"jouleline/api/world"
	"jouleline/metrics/frozen"
	"jouleline/schema"
)

// Archive keeps frozen reports, and tells what was recorded since. Its methods
// are those of the store.
type Archive interface {
	world.Tables
	// Recorded gives a moment up to which everything that is recorded is fixed.
	Recorded(ctx context.Context) (schema.Instant, error)
	AddReport(ctx context.Context, r frozen.Report) (id int64, err error)
	Report(ctx context.Context, id int64) (r frozen.Report, ok bool, err error)
	// Reports gives reports before an id (0: the latest), the youngest first,
	// without figures.
	Reports(ctx context.Context, before int64, limit int) ([]frozen.Report, error)
	// BookedSince sums by meter what was booked for local days after a moment,
	// ReceivedSince counts the readings of meters recorded after it.
	BookedSince(ctx context.Context, since schema.Instant, days schema.Validity) ([]frozen.Booked, error)
	ReceivedSince(ctx context.Context, since schema.Instant, meters []int32) ([]frozen.Received, error)
}

// ReportPath names a report.
type ReportPath struct {
	ID int64 `path:"id" minimum:"1" doc:"Number of the report" example:"1"`
}

// ReportsInput lists reports.
type ReportsInput struct {
	Before int64 `query:"before" default:"0" minimum:"0" doc:"Only reports with a smaller number; 0: the latest" example:"0"`
	Limit  int   `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Most reports of a page" example:"100"`
}

func (s *Handlers) registerReports(b *contract.Builder) {
	contract.Register(b, contract.Operation{
		ID: "freeze", Route: "POST /api/v1/reports", Tag: contract.TagPlan,
		Summary: "Freeze a report",
		Text:    "Answers progress or its breakdown by all that is recorded now, and keeps the figures with the versions they rest on. A frozen report never changes.",
		Body:    s.Limits.Body, Status: 201,
	}, reportTable, s.freeze)
	contract.Register(b, contract.Operation{
		ID: "reports", Route: "GET /api/v1/reports", Tag: contract.TagPlan,
		Summary: "Frozen reports, the youngest first",
		Text:    "What was frozen, when, and on what it rests; without the figures.",
	}, reportsTable, s.reports)
	contract.Register(b, contract.Operation{
		ID: "report", Route: "GET /api/v1/reports/{id}", Tag: contract.TagPlan,
		Summary: "A frozen report",
		Text:    "The figures as they were said, whatever was recorded later.",
	}, reportTable, s.report)
	contract.Register(b, contract.Operation{
		ID: "report_diff", Route: "GET /api/v1/reports/{id}/diff", Tag: contract.TagPlan,
		Summary: "What a frozen report would say today, and why",
		Text:    "Asks the same question now and puts both answers beside each other. What differs is followed to its causes in steps, whose effects add up: program, factor set and plan; rows of the registry; what was booked since, down to meters with quantities; and time that has passed.",
	}, reportDiffTable, s.reportDiff)
}

// archive gives the archive, where there is one.
func (s *Handlers) archive() (Archive, error) {
	if s.Archive == nil {
		return nil, fmt.Errorf("%w: this server keeps no reports", problem.ErrUnavailable)
	}
	return s.Archive, nil
}

func (s *Handlers) report(ctx context.Context, in *ReportPath) (*ReportAnswer, error) {
	a, _, err := s.frozen(ctx, in.ID)
	return a, err
}

// frozen reads a report that the caller may see.
func (s *Handlers) frozen(ctx context.Context, id int64) (*ReportAnswer, *frozen.Report, error) {
	archive, err := s.archive()
	if err != nil {
		return nil, nil, err
	}
	r, ok, err := archive.Report(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		return nil, nil, fmt.Errorf("report %s: %w", strconv.FormatInt(id, 10), problem.ErrUnknown)
	}
	a := &ReportAnswer{}
	if err := a.read(&r); err != nil {
		return nil, nil, err
	}
	if err := s.permitReport(ctx, &a.Question); err != nil {
		return nil, nil, err
	}
	if err := json.Unmarshal(r.Figures, &a.ReportFigures); err != nil {
		return nil, nil, fmt.Errorf("read the figures of report %d: %w", id, err)
	}
	a.fill(&r)
	return a, &r, nil
}

func (s *Handlers) permitReport(ctx context.Context, q *ReportQuestion) error {
	about, err := q.subject()
	if err != nil {
		return fmt.Errorf("stored question: %w", errors.New(err.Error())) // ours to mend
	}
	return s.Permit(ctx, about)
}

// reports lists the reports that the caller may see.
func (s *Handlers) reports(ctx context.Context, in *ReportsInput) (*ReportsAnswer, error) {
	archive, err := s.archive()
	if err != nil {
		return nil, err
	}
	list, err := archive.Reports(ctx, in.Before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	a := &ReportsAnswer{Reports: []ReportHead{}}
	for i := range list {
		if i == in.Limit {
			a.Next = &list[i-1].ID
			break
		}
		var head ReportHead
		if err := head.read(&list[i]); err != nil {
			return nil, err
		}
		head.fill(&list[i])
		switch err := s.permitReport(ctx, &head.Question); {
		case errors.Is(err, problem.ErrForbidden): // not this caller's
		case err != nil:
			return nil, err
		default:
			a.Reports = append(a.Reports, head)
		}
	}
	return a, nil
}
