package schema

// Mute hides findings of one cause at one meter from who must act, with a reason:
// known, being repaired, meant to be so. It changes no figure.
type Mute struct {
	ID    int64
	Meter string
	Cause string // as the finding names it
	// Reason is why, in the words of Author, who is the bearer of a token.
	Reason, Author string
	Created        Instant
	// Until ends the mute: from then on the findings are shown as all others.
	Until Instant
	// Lifted is when it was taken back before its end, by LiftedBy; 0 where it was
	// not.
	Lifted   Instant
	LiftedBy string
}

// InForce tells whether the mute holds at a moment.
func (m *Mute) InForce(at Instant) bool { return m.Lifted == 0 && at < m.Until }
