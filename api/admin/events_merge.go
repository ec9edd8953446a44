package admin

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"

	"jouleline/api/problem"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// eventKey is what makes two events the same one.
type eventKey struct {
	meter string
	time  schema.Instant
	event string
}

// mergedEvents is a table of events with new ones in it.
type mergedEvents struct {
	content []byte
	// lines gives the line at which each new event begins.
	lines []int
}

// mergeEvents adds events to a canonical table of them. An event that stands
// there already is replaced.
func mergeEvents(content []byte, events []MeterEvent) (*mergedEvents, error) {
	replaced := make(map[eventKey]bool, len(events))
	for i := range events {
		replaced[eventKey{events[i].Meter, events[i].Time.At, events[i].Event}] = true
	}
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	line := 0
	write := func(record []string) error {
		line++
		for _, field := range record {
			line += bytes.Count([]byte(field), []byte{'\n'})
		}
		return out.Write(record)
	}
	for record, err := range records(content) {
		if err != nil {
			return nil, fmt.Errorf("read table %s: %w", registry.EventsFile, err)
		}
		if line > 0 {
			at, err := schema.ParseInstant(record[1])
			if err != nil {
				return nil, fmt.Errorf("read table %s: %w", registry.EventsFile, err)
			}
			if replaced[eventKey{record[0], at, record[2]}] {
				continue
			}
		}
		if err := write(record); err != nil {
			return nil, err
		}
	}
	m := &mergedEvents{lines: make([]int, len(events))}
	for i := range events {
		e := &events[i]
		m.lines[i] = line + 1
		if err := write([]string{e.Meter, e.Time.At.String(), e.Event, e.Final.text(), e.Initial.text(), e.Multiplier.text(), e.Note}); err != nil {
			return nil, err
		}
	}
	out.Flush()
	m.content = text.Bytes()
	return m, out.Error()
}

// locate says of problems with the table which of the new events they are about.
// Where one is about something else, the error stays as it is.
func (m *mergedEvents) locate(err error) error {
	bad, ok := errors.AsType[*registry.Errors](err)
	if !ok {
		return err
	}
	p := &problem.Problem{
		Type: "about:blank", Status: http.StatusUnprocessableEntity, Title: http.StatusText(http.StatusUnprocessableEntity),
		Code: "bad_question", More: bad.More,
	}
	for _, wrong := range bad.Problems {
		i := m.eventAt(wrong)
		if i < 0 {
			return err
		}
		d := problem.ProblemDetail{Location: fmt.Sprintf("body[%d]", i), Message: wrong.Reason}
		if wrong.Field != "" {
			d.Location += "." + wrong.Field
		}
		p.Errors = append(p.Errors, d)
	}
	if len(p.Errors) > 0 {
		p.Detail = "nothing was changed: " + p.Errors[0].Location + ": " + p.Errors[0].Message
	}
	return p
}

// eventAt gives the new event that a problem is about, -1 where it is none.
func (m *mergedEvents) eventAt(p registry.Problem) int {
	if p.File != registry.EventsFile {
		return -1
	}
	for i := len(m.lines) - 1; i >= 0; i-- {
		if m.lines[i] <= p.Line {
			return i
		}
	}
	return -1
}
