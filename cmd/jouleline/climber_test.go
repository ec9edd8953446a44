package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// climber is a gateway whose meter E1 shows n kWh at hour n: from the sum alone
// one sees whether a reading was lost or counted twice. It repeats what was not
// acknowledged, as gateways shall.
type climber struct {
	random       *rand.Rand
	atOnce       int // readings in one push, at most
	acknowledged int
}

func newClimber(t testing.TB) *climber {
	return &climber{random: chance.Random(t), atOnce: 20}
}

// climberBegin leaves room for a quarter of a million hours before today: a fast
// machine has tens of thousands acknowledged between twenty kills.
var climberBegin = schema.InstantOf(time.Date(1996, 1, 1, 0, 0, 0, 0, time.UTC))

// at is the time of reading n.
func (c *climber) at(n int) schema.Instant {
	return climberBegin + schema.Instant(int64(n)*schema.Hour)
}

// push sends the next readings; where it fails, the next push sends them again.
func (c *climber) push(ctx context.Context, r *Remote) error {
	n := 1 + c.random.IntN(c.atOnce)
	var body []byte
	for i := c.acknowledged; i < c.acknowledged+n; i++ {
		body = codec.AppendJSON(body, &schema.Reading{Meter: "E1", Time: c.at(i), Value: schema.Quantity(i) * schema.Micro})
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Server+"/api/v1/readings", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return &refused{response.StatusCode, string(answer)}
	}
	var v verdicts
	if err := json.Unmarshal(answer, &v); err != nil {
		return fmt.Errorf("%w in %s", err, answer)
	}
	if v.Accepted != n {
		return fmt.Errorf("%w: got %s, want %d accepted", errVerdict, answer, n)
	}
	c.acknowledged += n
	return nil
}

// refused is a push that the server answered and did not take.
type refused struct {
	status int
	body   string
}

func (r *refused) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.body) }

// errVerdict is a verdict that no fault excuses.
var errVerdict = errors.New("wrong verdict")

// mustPush is push where nothing may fail.
func (c *climber) mustPush(t testing.TB, r *Remote) {
	t.Helper()
	if err := c.push(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// check waits until everything acknowledged is in the books and sees that it is
// there once, and that computing the books anew changes nothing.
func (c *climber) check(t testing.TB, r *Remote) {
	t.Helper()
	c.mustBeBooked(t, r)
	body, err := r.send(t.Context(), http.MethodPost, "/api/v1/recompute", "application/json", strings.NewReader(`{"all":true,"dry_run":true}`))
	if err != nil || !strings.Contains(string(body), `"changed":0`) {
		t.Errorf("computing anew: got %s, %v, want nothing to change", body, err)
	}
}

// mustBeBooked waits until everything acknowledged is in the books, once.
func (c *climber) mustBeBooked(t testing.TB, r *Remote) {
	t.Helper()
	if c.acknowledged < 20 {
		t.Fatalf("only %d readings were acknowledged: the test tests nothing", c.acknowledged)
	}
	t.Logf("%d readings acknowledged", c.acknowledged)
	query := url.Values{"meter": {"E1"}, "from": {climberBegin.String()}, "to": {c.at(c.acknowledged - 1).String()}, "step": {"P1Y"}}
	want := fmt.Sprint(c.acknowledged - 1)
	for {
		sum, whole, err := total(t.Context(), r, query)
		if err != nil {
			t.Fatal(err)
		}
		if whole {
			if sum.String() != want {
				t.Fatalf("got %s kWh, want %s", sum, want)
			}
			break
		}
		if t.Context().Err() != nil {
			t.Fatalf("not everything acknowledged was booked: got %s kWh, want %s", sum, want)
		}
	}
}

// total sums an answer about consumption; whole tells that nothing is missing.
func total(ctx context.Context, r *Remote, query url.Values) (sum schema.Quantity, whole bool, err error) {
	body, err := r.get(ctx, "/api/v1/consumption", query, "application/json")
	if err != nil {
		return 0, false, err
	}
	var c consumption
	if err := json.Unmarshal(body, &c); err != nil {
		return 0, false, fmt.Errorf("%w in %s", err, body)
	}
	whole = true
	for _, p := range c.Points {
		whole = whole && p.Quantity != nil && p.Coverage == 1
		if p.Quantity == nil {
			continue
		}
		q, _, err := schema.ParseQuantity(p.Quantity.String())
		if err != nil {
			return 0, false, err
		}
		sum += q
	}
	return sum, whole, nil
}

// importExample brings the example world in.
func importExample(t testing.TB, r *Remote) {
	t.Helper()
	packed, err := zipFolder(os.DirFS(exampleRegistry))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.send(t.Context(), http.MethodPut, "/api/v1/registry", "application/zip", bytes.NewReader(packed)); err != nil {
		t.Fatal(err)
	}
}

// reading is reading n of the climber as a producer's value.
func reading(n int) string {
	return fmt.Sprintf(`{"meter":"E1","time":%q,"value":%d}`, (&climber{}).at(n), n)
}
