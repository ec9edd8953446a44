package peer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// shares deals meters to the members that own them.
type shares struct {
	questions []*question
	numbers   [][]int32       // here, by member and position in the question
	place     map[int32]int32 // position in its question, by number here
	owner     map[int32]int   // member, by number here
	missing   []int           // partitions of meters that nobody owns
}

func (c *Client) deal(v *view, meters []int32) (*shares, error) {
	s := &shares{
		questions: make([]*question, len(v.members)), numbers: make([][]int32, len(v.members)),
		place: make(map[int32]int32, len(meters)), owner: make(map[int32]int, len(meters)),
	}
	for _, number := range meters {
		if _, ok := s.owner[number]; ok {
			continue
		}
		name, ok := c.self.World.Name(number)
		if !ok {
			return nil, fmt.Errorf("meter of number %d has no name", number)
		}
		p := v.partition(name)
		m := v.owner[p]
		s.owner[number] = m
		if m < 0 {
			s.missing = append(s.missing, p)
			continue
		}
		if s.questions[m] == nil {
			s.questions[m] = &question{}
		}
		q := s.questions[m]
		s.place[number] = int32(len(q.meters))
		q.meters, s.numbers[m] = append(q.meters, name), append(s.numbers[m], number)
	}
	return s, nil
}

// lack tells which partitions of the dealt meters were not asked or did not
// answer.
func (s *shares) lack(v *view, answers []*answer) *MissingError {
	e := &MissingError{Partitions: s.missing, Why: v.why}
	for m, q := range s.questions {
		if q == nil || answers[m] != nil {
			continue
		}
		for _, name := range q.meters {
			e.Partitions = append(e.Partitions, v.partition(name))
		}
	}
	if len(e.Partitions) == 0 {
		return nil
	}
	slices.Sort(e.Partitions)
	e.Partitions = slices.Compact(e.Partitions)
	return e
}

// ofMeters asks the owners of meters and gives all rows, sorted by the meters'
// numbers here. fill completes the question of one member.
func ofMeters[T any](ctx context.Context, c *Client, k kind, meters []int32, fill func(*question, *shares, int),
	rows func(*answer) []T, meter func(*T) *int32) ([]T, error) {
	v, err := c.survey(ctx)
	if err != nil {
		return nil, err
	}
	s, err := c.deal(v, meters)
	if err != nil {
		return nil, err
	}
	for m, q := range s.questions {
		if q != nil {
			fill(q, s, m)
		}
	}
	answers, err := v.put(ctx, k, s.questions, true)
	if err != nil {
		return nil, err
	}
	if err := tolerate(ctx, s.lack(v, answers), nil); err != nil {
		return nil, err
	}
	var all []T
	for m, a := range answers {
		if a == nil {
			continue
		}
		some := rows(a)
		for i := range some {
			n := meter(&some[i])
			if *n < 0 || int(*n) >= len(s.numbers[m]) {
				return nil, fmt.Errorf("an answer about %d meters speaks of number %d: %w", len(s.numbers[m]), *n, errShort)
			}
			*n = s.numbers[m][*n]
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(*meter(&a), *meter(&b)) })
	return all, nil
}
