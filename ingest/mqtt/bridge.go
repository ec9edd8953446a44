package mqtt

import (
	"context"
	"errors"
	"fmt"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"golang.org/x/sync/semaphore"
)

// Bridge hands over what is published. It is used once.
type Bridge struct {
	config  Config
	filters [][]string
	queue   chan queued
	room    *semaphore.Weighted
	// connected gets each new connection, for which topics must be asked.
	connected chan paho.Client
}

// queued is a message that waits to be taken.
type queued struct {
	Message
	room int64
	ack  func()
}

// Bounds of what is taken at once: as a push of many meters, and what a batch of
// records of Kafka carries well.
const (
	messagesAtOnce = 5000
	bytesAtOnce    = 4 << 20
)

// mostQueued is more than a broker can have sent without an acknowledgement: packet
// identifiers have 16 bits.
const mostQueued = 1 << 16

// Times of the connection.
const (
	connectWithin    = 10 * time.Second
	longestReconnect = 30 * time.Second
	keepAlive        = 30 * time.Second
	goodbyeWithin    = 250 // milliseconds, as the library wants it
)

// New makes a bridge. The error names what the configuration lacks.
func New(config Config) (*Bridge, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	config.fill()
	b := &Bridge{
		config: config, queue: make(chan queued, mostQueued), room: semaphore.NewWeighted(config.MaxQueuedBytes),
		connected: make(chan paho.Client, 1),
	}
	for _, topic := range config.Topics {
		b.filters = append(b.filters, levelsOf(topic))
	}
	return b, nil
}

// Run bridges until the context ends, which is no error. A broker that is away is
// looked for again, for as long as it takes.
func (b *Bridge) Run(ctx context.Context) error {
	client := paho.NewClient(b.options(ctx))
	client.Connect() // retries by itself; what becomes of it is told to the handlers
	defer client.Disconnect(goodbyeWithin)
	defer b.config.Telemetry.Connected(false)
	subscribed := make(chan struct{})
	go func() {
		defer close(subscribed)
		b.subscribe(ctx)
	}()
	b.pass(ctx)
	<-subscribed
	return nil
}

// options says how the broker is spoken to.
func (b *Bridge) options(ctx context.Context) *paho.ClientOptions {
	c := &b.config
	o := paho.NewClientOptions().AddBroker(c.URL).SetClientID(c.ClientID).SetUsername(c.Username).SetPassword(c.Password).
		SetCleanSession(false).SetAutoAckDisabled(true).SetOrderMatters(true).
		SetConnectRetry(true).SetConnectRetryInterval(c.Pause(1)).SetAutoReconnect(true).SetMaxReconnectInterval(longestReconnect).
		SetConnectTimeout(connectWithin).SetKeepAlive(keepAlive).
		SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) { b.enqueue(ctx, m) })
	if c.TLS != nil {
		o.SetTLSConfig(c.TLS)
	}
	o.SetOnConnectHandler(func(client paho.Client) {
		select { // the latest connection counts
		case <-b.connected:
		default:
		}
		b.connected <- client
	})
	o.SetConnectionLostHandler(func(_ paho.Client, err error) {
		c.Telemetry.Connected(false)
		c.Log.Warn("the MQTT broker is away; trying on", "broker", c.URL, "error", err)
	})
	o.SetConnectionNotificationHandler(func(_ paho.Client, n paho.ConnectionNotification) {
		if failed, ok := n.(paho.ConnectionNotificationBrokerFailed); ok {
			c.Log.Warn("the MQTT broker cannot be reached; trying on", "broker", c.URL, "error", failed.Reason)
		}
	})
	return o
}

// subscribe asks for the topics after each connection, again and again where the
// broker does not grant them.
func (b *Bridge) subscribe(ctx context.Context) {
	var client paho.Client
	for try := 0; ; {
		var again <-chan time.Time
		if try > 0 {
			again = time.After(b.config.Pause(try))
		}
		select {
		case <-ctx.Done():
			return
		case client = <-b.connected:
			try = 0
		case <-again:
		}
		switch err := b.ask(ctx, client); {
		case err == nil:
			try = 0
			b.config.Telemetry.Connected(true)
			b.config.Log.Info("subscribed at the MQTT broker", "broker", b.config.URL, "topics", b.config.Topics)
		case ctx.Err() != nil:
			return
		default:
			try++
			b.config.Log.Warn("the MQTT broker does not grant the topics; trying on", "broker", b.config.URL, "error", err)
		}
	}
}

// refused is what a SUBACK says of a topic that is not granted (MQTT 3.1.1, section
// 3.9.3).
const refused = 0x80

func (b *Bridge) ask(ctx context.Context, client paho.Client) error {
	filters := map[string]byte{}
	for _, topic := range b.config.Topics {
		filters[topic] = 1
	}
	ctx, cancel := context.WithTimeout(ctx, connectWithin)
	defer cancel()
	token := client.SubscribeMultiple(filters, nil)
	select {
	case <-ctx.Done():
		return fmt.Errorf("wait for the broker's answer to a subscription: %w", ctx.Err())
	case <-token.Done():
	}
	if err := token.Error(); err != nil {
		return err
	}
	granted, ok := token.(*paho.SubscribeToken)
	if !ok {
		return fmt.Errorf("got a %T, want the broker's answer to a subscription", token)
	}
	var failed error
	for topic, quality := range granted.Result() {
		if quality >= refused {
			failed = errors.Join(failed, fmt.Errorf("topic %q is refused", topic))
		}
	}
	return failed
}
