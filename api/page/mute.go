package page

import (
	"fmt"
	"net/http"
	"strconv"

	"jouleline/schema"
)

// mute takes the form of a finding and goes back to its page.
func (s *Site) mute(w http.ResponseWriter, r *http.Request) {
	s.change(w, r, func(v *visit) error {
		day, err := schema.ParseDay(r.PostForm.Get("until"))
		if err != nil {
			return fmt.Errorf("%w: %w", ErrForm, err)
		}
		return v.ask.Mute(v.context(), NewMute{
			Meter: r.PostForm.Get("meter"), Cause: r.PostForm.Get("cause"), Reason: r.PostForm.Get("reason"), Until: day.Start(v.world.TimeZone),
		})
	})
}

// unmute takes a mute back, and goes back likewise.
func (s *Site) unmute(w http.ResponseWriter, r *http.Request) {
	s.change(w, r, func(v *visit) error {
		id, err := strconv.ParseInt(r.PostForm.Get("id"), 10, 64)
		if err != nil {
			return fmt.Errorf("%w: id: %w", ErrForm, err)
		}
		return v.ask.Unmute(v.context(), id)
	})
}

// change does what a form asks for, and shows the page that it came from.
func (s *Site) change(w http.ResponseWriter, r *http.Request, do func(*visit) error) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		s.Refuse(w, r, fmt.Errorf("%w: %w", ErrForm, err))
		return
	}
	v, err := s.visit(w, r)
	if err == nil {
		err = do(v)
	}
	if err != nil {
		s.Refuse(w, r, err)
		return
	}
	http.Redirect(w, r, ownPage(r.PostForm.Get("back"))+"#wrong", http.StatusSeeOther)
}
