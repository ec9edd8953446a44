// Package access says who may do what, and how much at once: scopes, grants and who
// gives them, and the limits of one request.
//
// It refuses to know tokens or routes: those are in api/token and in the table of
// api. The zero grant allows nothing; admin includes the other scopes, push and
// read do not include each other.
package access

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"

	"jouleline/api/problem"
)

// Scope is what a caller may do, or what a route demands.
type Scope string

// The scopes. Admin includes the others; push and read do not include each
// other.
const (
	// Public routes tell nothing of the books and answer anybody.
	Public Scope = "public"
	Push   Scope = "push"
	Read   Scope = "read"
	Admin  Scope = "admin"
)

// Covers tells whether a caller's scope includes what a route demands.
func (s Scope) Covers(demanded Scope) bool {
	return demanded == Public || s == Admin || s == demanded
}

// Grant is what a caller may do.
type Grant struct {
	Scope Scope
	// Region or Institution limits reading to one region with everything below
	// it, or to one institution; both empty means no limit.
	Region, Institution string
	// Gateway limits pushing to the meters of one gateway.
	Gateway string
	// Subject names the caller in logs: a token's name, never the token.
	Subject string
}

// Check tells where a grant means nothing: an unknown scope, or a limit that its
// scope does not know.
func (g Grant) Check() error {
	switch g.Scope {
	case Push, Read, Admin:
	default:
		return fmt.Errorf("scope: got %q, want push, read or admin", g.Scope)
	}
	if g.Gateway != "" && g.Scope != Push {
		return fmt.Errorf("gateway: limits a push token, not one for %s", g.Scope)
	}
	if g.IsLimited() && g.Scope != Read {
		return fmt.Errorf("region and institution: limit a read token, not one for %s", g.Scope)
	}
	return nil
}

// IsLimited tells whether the caller may not read everything.
func (g Grant) IsLimited() bool { return g.Region != "" || g.Institution != "" }

// Authorizer finds out what the sender of a request may do. Its error wraps
// [problem.ErrUnauthorized] where the request does not say well enough who it is.
type Authorizer interface {
	Authorize(r *http.Request) (Grant, error)
}

// Open allows everything to everybody: for tests, and for who insists.
type Open struct{}

// Authorize allows everything.
func (Open) Authorize(*http.Request) (Grant, error) {
	return Grant{Scope: Admin, Subject: "anybody"}, nil
}

// Loopback allows everything to programs on the same machine, and nothing to
// others. The name that was called must be the machine's own, so that no web
// page can make a browser call under a name that resolves to it.
type Loopback struct{}

// Authorize allows everything to a caller at a loopback address.
func (Loopback) Authorize(r *http.Request) (Grant, error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if !isLoopback(host) || !isLoopback(hostOf(r.Host)) {
		return Grant{}, problem.ErrUnauthorized
	}
	return Grant{Scope: Admin, Subject: "loopback"}, nil
}

// hostOf gives a host without its port.
func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return strings.Trim(host, "[]")
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

type grantKey struct{}

// GrantOf gives what the sender of a request may do, from the context of the
// request. Handlers that are mounted here (Config.Push, Config.Write) hold
// readings against it. Without a request it is the zero grant, which allows
// nothing.
func GrantOf(ctx context.Context) Grant {
	g, _ := ctx.Value(grantKey{}).(Grant)
	return g
}

// WithGrant gives a context in which a grant counts.
func WithGrant(ctx context.Context, g Grant) context.Context {
	return context.WithValue(ctx, grantKey{}, g)
}
