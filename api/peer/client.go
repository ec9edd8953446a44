package peer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Config says who the other instances are.
type Config struct {
	// Peers are their addresses, as http://host:port; Token is what all instances
	// share.
	Peers []string
	Token string
	// Timeout bounds a question to one instance; 0 means 10 s, a third of what
	// the API lets a question take. What changes or goes through all books takes
	// as long as its caller lets it.
	Timeout time.Duration
	// HTTP is the way to them; nil means a client of its own.
	HTTP *http.Client
	Log  *slog.Logger // nil is silent
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// maxPeers bounds the instances: every question goes to each.
const maxPeers = 64

// Client answers for all instances. It is safe for concurrent use.
type Client struct {
	self    *Instance
	remotes []*remote
	touched touched
}

// NewClient makes a client of this instance's own books and other instances.
func NewClient(self *Instance, config Config) (*Client, error) {
	if len(config.Peers) == 0 || len(config.Peers) > maxPeers {
		return nil, fmt.Errorf("peers: got %d, want 1 to %d", len(config.Peers), maxPeers)
	}
	if config.Token == "" {
		return nil, errors.New("peers: want the token that the instances share")
	}
	if config.Timeout == 0 {
		config.Timeout = 10 * time.Second
	}
	if config.HTTP == nil {
		config.HTTP = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{self: self}
	for i, address := range config.Peers {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") || slices.Contains(config.Peers[:i], address) {
			return nil, fmt.Errorf("peers: got %q, want addresses as http://host:port, each once", address)
		}
		c.remotes = append(c.remotes, &remote{
			url: address, token: config.Token, http: config.HTTP, now: config.Now, timeout: config.Timeout, log: config.Log,
		})
	}
	return c, nil
}

// member is an instance: this one, or another.
type member interface {
	ask(ctx context.Context, k kind, q *question) (*answer, error)
}

// ask lets this instance be asked as others are.
func (i *Instance) ask(ctx context.Context, k kind, q *question) (*answer, error) {
	return i.answer(ctx, k, q)
}

// view is who owns which partition at a moment. Members are this instance, at
// position 0, and those of the others that answer.
type view struct {
	members []member
	heads   []*head
	owner   []int // by partition, the position of a member; -1 where nobody answers
	of      func(meter string, partitions int) int
	why     []string
}

// survey finds out who owns what. Instances that cannot be asked are left out.
// The error tells that the instances do not fit together, or is this instance's
// own.
func (c *Client) survey(ctx context.Context) (*view, error) {
	own, err := c.self.head(ctx)
	if err != nil {
		return nil, err
	}
	heads, errs := make([]*head, len(c.remotes)), make([]error, len(c.remotes))
	var asked sync.WaitGroup
	for i, r := range c.remotes {
		if heads[i] = r.known(); heads[i] != nil {
			continue
		}
		asked.Go(func() {
			var a *answer
			if a, errs[i] = r.ask(ctx, hello, &question{}); errs[i] == nil {
				heads[i] = &a.head
				r.answered(hello)
			}
		})
	}
	asked.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	v := &view{members: []member{c.self}, heads: []*head{&own}, owner: make([]int, own.partitions), of: c.self.PartitionOf}
	for p := range v.owner {
		v.owner[p] = -1
	}
	for _, p := range own.owned {
		v.owner[p] = 0
	}
	for i, r := range c.remotes {
		if errs[i] != nil {
			v.why = append(v.why, errs[i].Error())
			continue
		}
		if err := v.add(r, heads[i], &own); err != nil {
			r.note(nil, err) // it may have been started otherwise by the next time
			return nil, fmt.Errorf("%s: %w", r.url, err)
		}
	}
	return v, nil
}

// add takes an instance into the view.
func (v *view) add(r *remote, h, own *head) error {
	if h.cluster != own.cluster || h.topic != own.topic || h.partitions != own.partitions {
		return fmt.Errorf("%w: it reads topic %s of cluster %q with %d partitions, and this one topic %s of %q with %d",
			ErrDivided, h.topic, h.cluster, h.partitions, own.topic, own.cluster, own.partitions)
	}
	for _, p := range h.owned {
		if p < 0 || p >= len(v.owner) || v.owner[p] >= 0 {
			return fmt.Errorf("%w: %s has an owner already, see --partitions of each", ErrDivided, Name([]int{p}))
		}
		v.owner[p] = len(v.members)
	}
	v.members, v.heads = append(v.members, r), append(v.heads, h)
	return nil
}

// partition gives the partition of a meter.
func (v *view) partition(meter string) int { return v.of(meter, len(v.owner)) }

// missing gives the partitions that nobody answers for, nil where there is none.
func (v *view) missing() *MissingError {
	e := &MissingError{Why: v.why}
	for p, owner := range v.owner {
		if owner < 0 {
			e.Partitions = append(e.Partitions, p)
		}
	}
	if e.Partitions == nil {
		return nil
	}
	return e
}

// put asks members a question each, all at once; nil questions are left out.
// Where a member that is not this instance fails, or an answer does not fit to the
// others, its partitions are nobody's from then on. equal demands that the answers rest on this instance's registry.
func (v *view) put(ctx context.Context, k kind, questions []*question, equal bool) ([]*answer, error) {
	answers, errs := make([]*answer, len(v.members)), make([]error, len(v.members))
	var asked sync.WaitGroup
	for i, q := range questions {
		if q == nil {
			continue
		}
		asked.Go(func() { answers[i], errs[i] = v.members[i].ask(ctx, k, q) })
	}
	asked.Wait()
	if err := errs[0]; err != nil {
		return nil, err // this instance's own books
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	for i, a := range answers {
		if a != nil {
			errs[i] = v.fits(i, a, equal)
		}
		if r, ok := v.members[i].(*remote); ok && a != nil {
			if errs[i] != nil {
				errs[i] = fmt.Errorf("%s: %w", r.url, errs[i])
				r.failed(k, errs[i])
			} else {
				r.answered(k)
			}
		}
		if errs[i] != nil {
			answers[i] = nil
			v.lose(i, errs[i])
		}
	}
	return answers, nil
}

// fits tells whether an answer of a member can be added to the others. This
// instance's own cannot where its registry changed since the survey.
func (v *view) fits(i int, a *answer, equal bool) error {
	switch {
	case equal && a.registry != v.heads[0].registry && i == 0:
		return errors.New("the registry of this instance changed while the question was asked: ask again")
	case equal && a.registry != v.heads[0].registry:
		return errRegistry
	case !slices.Equal(a.owned, v.heads[i].owned):
		return errors.New("it owns other partitions than a moment ago")
	}
	return nil
}

// lose takes the partitions of a member from the view.
func (v *view) lose(i int, err error) {
	v.why = append(v.why, err.Error())
	for p := range v.owner {
		if v.owner[p] == i {
			v.owner[p] = -1
		}
	}
}

// all gives the same question for every member.
func (v *view) all(q *question) []*question {
	questions := make([]*question, len(v.members))
	for i := range questions {
		questions[i] = q
	}
	return questions
}
