package mqtt_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"jouleline/ingest/mqtt"
)

// taker remembers what it took, and fails as often as it is told.
type taker struct {
	mu       sync.Mutex // guards what follows
	fail     int
	messages []mqtt.Message
	offers   chan int // messages of each offer
}

func newTaker(fail int) *taker { return &taker{fail: fail, offers: make(chan int, 10_000)} }

var errAway = errors.New("kafka is away")

func (k *taker) Take(_ context.Context, messages []mqtt.Message) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.offers <- len(messages)
	if k.fail != 0 {
		k.fail--
		return errAway
	}
	k.messages = append(k.messages, messages...)
	return nil
}

// failing makes the next offers fail; with -1 all of them.
func (k *taker) failing(times int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.fail = times
}

func (k *taker) bodies() (bodies []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, m := range k.messages {
		bodies = append(bodies, m.Sender+" "+string(m.Body))
	}
	return bodies
}

// counts remembers what is told of a bridge.
type counts struct {
	connected chan bool
	mu        sync.Mutex // guards what follows
	taken     int
	dropped   int
}

func newCounts() *counts { return &counts{connected: make(chan bool, 1000)} }

func (c *counts) Connected(yes bool) { c.connected <- yes }

func (c *counts) Taken(messages int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken += messages
}

func (c *counts) Dropped() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropped++
}

// await waits until the broker has the subscription, or has lost it.
func (c *counts) await(yes bool) {
	for got := range c.connected {
		if got == yes {
			return
		}
	}
}

// run runs a bridge until the test or the given function ends it.
func run(t *testing.T, g *guest, k *taker, c *counts, change func(*mqtt.Config)) (stop func()) {
	t.Helper()
	config := mqtt.Config{
		URL: "tcp://" + g.address, Topics: []string{"meters/+/readings"}, ClientID: "bridge", Taker: k, Telemetry: c,
		Pause: func(int) time.Duration { return time.Millisecond },
	}
	if change != nil {
		change(&config)
	}
	b, err := mqtt.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the bridge ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func (g *guest) awaitAcknowledged(n int) {
	for range n {
		<-g.acknowledged
	}
}

func want(t *testing.T, k *taker, bodies ...string) {
	t.Helper()
	if got := k.bodies(); !slices.Equal(got, bodies) {
		t.Errorf("got %q, want %q", got, bodies)
	}
}

// While Kafka is away nothing is acknowledged; then all is, in order.
func TestBridge_AcknowledgesWhatIsTaken(t *testing.T) {
	g, k, c := openGuest(t, "127.0.0.1:0", nil), newTaker(3), newCounts()
	run(t, g, k, c, nil)
	c.await(true)
	var bodies []string
	for i := range 50 {
		g.publish(t, "meters/G1/readings", fmt.Sprint(i), 1)
		bodies = append(bodies, fmt.Sprintf("G1 %d", i))
	}
	g.publish(t, "meters/G1/other", "not ours", 1)
	for range 3 {
		<-k.offers
	}
	if n := len(g.acknowledged); n > 0 && len(k.bodies()) == 0 {
		t.Errorf("%d messages are acknowledged, none was taken", n)
	}
	g.awaitAcknowledged(50)
	want(t, k, bodies...)
}

// What came while the program was away, or was not taken when it stopped, is there
// when it is back.
func TestBridge_ComesBack(t *testing.T) {
	g, k, c := openGuest(t, "127.0.0.1:0", nil), newTaker(-1), newCounts()
	stop := run(t, g, k, c, nil)
	c.await(true)
	g.publish(t, "meters/G1/readings", "before", 1)
	<-k.offers
	stop()
	g.publish(t, "meters/G2/readings", "between", 1)
	if n := len(g.acknowledged); n > 0 {
		t.Fatalf("%d messages are acknowledged, none was taken", n)
	}
	k.failing(0)
	run(t, g, k, c, nil)
	g.awaitAcknowledged(2)
	got := k.bodies()
	slices.Sort(got) // what a broker sends again may come behind what is new
	if !slices.Equal(got, []string{"G1 before", "G2 between"}) {
		t.Errorf("got %q, want what came before and between", got)
	}
}

// A broker that goes and comes, having forgotten everything, is subscribed again.
func TestBridge_BrokerForgets(t *testing.T) {
	g, k, c := openGuest(t, "127.0.0.1:0", nil), newTaker(0), newCounts()
	run(t, g, k, c, nil)
	c.await(true)
	g.publish(t, "meters/G1/readings", "one", 1)
	g.awaitAcknowledged(1)
	if err := g.leave(); err != nil {
		t.Fatal(err)
	}
	c.await(false)
	again := openGuest(t, g.address, nil)
	c.await(true)
	again.publish(t, "meters/G1/readings", "two", 1)
	again.awaitAcknowledged(1)
	want(t, k, "G1 one", "G1 two")
}

// A topic that is not granted is asked for again; a broker that wants a password
// gets it.
func TestBridge_Rights(t *testing.T) {
	r := &rights{user: "jouleline", password: "secret", topic: "other"}
	g, k, c := openGuest(t, "127.0.0.1:0", r), newTaker(0), newCounts()
	asked := make(chan struct{}, 1000)
	run(t, g, k, c, func(config *mqtt.Config) {
		config.Username, config.Password, config.Topics = "jouleline", "secret", []string{"meters/+/readings"}
		config.Pause = func(int) time.Duration { asked <- struct{}{}; return time.Millisecond }
	})
	for range 3 { // once for the connection
		<-asked
	}
	if len(c.connected) > 0 {
		t.Error("got a subscription that was refused")
	}
	stranger := newCounts()
	run(t, g, k, stranger, func(config *mqtt.Config) { config.ClientID, config.Password = "stranger", "wrong" })
	for range 3 {
		<-asked
	}
	if len(stranger.connected) > 0 {
		t.Error("got a connection with a wrong password")
	}
}

// Messages that nobody sends again are dropped where there is no room, and counted;
// those of quality 1 wait.
func TestBridge_NoRoom(t *testing.T) {
	g, k, c := openGuest(t, "127.0.0.1:0", nil), newTaker(-1), newCounts()
	run(t, g, k, c, func(config *mqtt.Config) { config.MaxQueuedBytes = 10 })
	c.await(true)
	g.publish(t, "meters/G1/readings", "0123456789 and more than there is room for", 1)
	<-k.offers
	for range 5 {
		g.publish(t, "meters/G1/readings", "lost", 0)
	}
	g.publish(t, "meters/G1/readings", "kept", 1)
	g.publish(t, "meters/G1/readings", "", 1) // clears what was retained
	for range 10 {
		<-k.offers // tried again and again, without acknowledgement
	}
	k.failing(0)
	g.awaitAcknowledged(3)
	want(t, k, "G1 0123456789 and more than there is room for", "G1 kept")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dropped != 5 {
		t.Errorf("got %d dropped, want 5", c.dropped)
	}
}
