package promql

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// Series answers /api/v1/series: the series that match one of match[]. Which
// stretch is asked about does not count: a series is there as long as the
// registry knows what it speaks of.
func (h *Handler) Series(w http.ResponseWriter, r *http.Request) {
	h.answer(w, r, func(f *form) (*answer, error) {
		sets, err := h.lookup(f)
		if err != nil {
			return nil, err
		}
		if len(sets) == 0 {
			return nil, badData(errors.New("no match[] parameter provided"))
		}
		limit := f.limit("limit")
		if f.err != nil {
			return nil, f.err
		}
		list, more := []labels.Labels{}, false
		seen := map[string]bool{}
		s := h.shelf(h.config.Limits.Lookback)
		for _, matchers := range sets {
			err := s.visit(r.Context(), matchers, nil, func(family *Family, l Labels) bool {
				whole := withName(l, family.Name)
				if key := string(whole.Bytes(nil)); len(sets) > 1 {
					if seen[key] {
						return true
					}
					seen[key] = true
				}
				if limit > 0 && len(list) == limit {
					more = true
					return false
				}
				list = append(list, whole)
				return len(list) <= h.config.Limits.Series
			})
			if err != nil {
				return nil, err
			}
			if most := h.config.Limits.Series; len(list) > most {
				return nil, fmt.Errorf("%w: got more than %d series", ErrTooMany, most)
			}
		}
		return truncated(list, more)
	})
}

// LabelNames answers /api/v1/labels.
func (h *Handler) LabelNames(w http.ResponseWriter, r *http.Request) {
	h.answer(w, r, func(f *form) (*answer, error) {
		return h.strings(f, func(s shelf, matchers []*labels.Matcher) ([]string, error) {
			names, _, err := s.LabelNames(r.Context(), nil, matchers...)
			return names, err
		})
	})
}

// LabelValues answers /api/v1/label/{name}/values.
func (h *Handler) LabelValues(w http.ResponseWriter, r *http.Request) {
	h.answer(w, r, func(f *form) (*answer, error) {
		name := r.PathValue("name")
		if !model.UTF8Validation.IsValidLabelName(name) {
			return nil, badData(fmt.Errorf("invalid label name: %q", clip(name)))
		}
		return h.strings(f, func(s shelf, matchers []*labels.Matcher) ([]string, error) {
			values, _, err := s.LabelValues(r.Context(), name, nil, matchers...)
			return values, err
		})
	})
}

// lookup reads match[] and checks start and end, which every lookup may have.
func (h *Handler) lookup(f *form) ([][]*labels.Matcher, error) {
	sets, err := h.matchers(f)
	if err != nil {
		return nil, err
	}
	f.time("start", h.config.Now())
	f.time("end", h.config.Now())
	return sets, f.err
}

// strings joins what is found for each of match[].
func (h *Handler) strings(f *form, find func(shelf, []*labels.Matcher) ([]string, error)) (*answer, error) {
	sets, err := h.lookup(f)
	limit := f.limit("limit")
	if err != nil || f.err != nil {
		return nil, errors.Join(err, f.err)
	}
	if len(sets) == 0 {
		sets = append(sets, nil)
	}
	list := []string{}
	for _, matchers := range sets {
		found, err := find(h.shelf(h.config.Limits.Lookback), matchers)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	more := limit > 0 && len(list) > limit
	if more {
		list = list[:limit]
	}
	return truncated(list, more)
}

func truncated(list any, more bool) (*answer, error) {
	a, err := jsonAnswer(list)
	if more && err == nil {
		a.warnings = append(a.warnings, "results truncated due to limit")
	}
	return a, err
}

// meaning is what Prometheus tells of a family.
type meaning struct {
	Type Type   `json:"type"`
	Help string `json:"help"`
	Unit string `json:"unit"`
}

// Metadata answers /api/v1/metadata: what the families mean.
func (h *Handler) Metadata(w http.ResponseWriter, r *http.Request) {
	h.answer(w, r, func(f *form) (*answer, error) {
		limit := f.limit("limit")
		if f.err != nil {
			return nil, f.err
		}
		told := map[string][]meaning{}
		for i := range h.families {
			family := &h.families[i]
			if name := f.text("metric"); name != "" && name != family.Name {
				continue
			}
			if limit > 0 && len(told) == limit {
				break
			}
			told[family.Name] = []meaning{{family.Type, family.Help, family.Unit}}
		}
		return jsonAnswer(told)
	})
}
