package peer

import "log/slog"

// outage is what was last said of an instance in the log, so that it is said once
// per change however often it is asked. The zero value is an instance that answers.
type outage struct {
	// failed is the kind of question that it did not answer; empty where it
	// answers. That it says hello again does not end an outage of another kind:
	// it may break off every such question, and would come and go with each.
	failed kind
	// reached is set where it said hello since, so that its going is news again.
	reached bool
}

// fail notes that a question was not answered. It tells whether that is news.
func (o *outage) fail(k kind) bool {
	news := o.failed == "" || k == hello && o.reached
	if o.failed == "" || k == hello {
		*o = outage{failed: k}
	}
	return news
}

// succeed notes that a question was answered. It tells whether that is news.
func (o *outage) succeed(k kind) bool {
	switch {
	case o.failed == "":
	case o.failed == k:
		*o = outage{}
		return true
	case k == hello:
		o.reached = true
	}
	return false
}

// failed logs that the instance did not answer a question, where that is news.
func (r *remote) failed(k kind, err error) {
	r.mu.Lock()
	news := r.outage.fail(k)
	r.mu.Unlock()
	if news {
		r.log.Warn("an instance cannot be asked", r.attributes(k), slog.Any("error", err))
	}
}

// answered logs that the instance answers a question again, where that is news.
func (r *remote) answered(k kind) {
	r.mu.Lock()
	news := r.outage.succeed(k)
	r.mu.Unlock()
	if news {
		r.log.Info("an instance answers again", r.attributes(k))
	}
}

func (r *remote) attributes(k kind) slog.Attr {
	return slog.Group("", slog.String("peer", r.url), slog.String("question", string(k)))
}
