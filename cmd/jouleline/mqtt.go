package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"strings"

	"jouleline/api/telemetry"
	"jouleline/ingest"
	"jouleline/ingest/gateway"
	"jouleline/ingest/mqtt"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// MQTTFlags name the MQTT broker that is listened to; off by default.
type MQTTFlags struct {
	MQTTURL         string   `name:"mqtt-url" help:"MQTT broker whose messages are taken as pushes, as tcp://127.0.0.1:1883 or tls://host:8883 (docs/mqtt.md)."`
	MQTTTopics      []string `name:"mqtt-topics" help:"Topic filters, as meters/+/readings; the level of the first + names the gateway." placeholder:"FILTER"`
	MQTTContentType string   `name:"mqtt-content-type" help:"What the messages are, as of a push, such as text/csv; empty lets each tell by its first byte: JSON, Arrow or line protocol."`
	MQTTClientID    string   `name:"mqtt-client-id" help:"Name of the session that the broker keeps; each instance needs its own." default:"jouleline"`
	MQTTUser        string   `name:"mqtt-user" help:"User of the broker."`
	MQTTPassword    string   `name:"mqtt-password-file" help:"File with the user's password." type:"existingfile"`
	MQTTCA          string   `name:"mqtt-ca" help:"File of the certificates that the broker's is checked against." type:"existingfile"`
}

// bridge makes the way in from an MQTT broker; nil where none is configured.
func (f *MQTTFlags) bridge(s *server, push *gateway.Gateway, metrics *telemetry.Telemetry) (*mqtt.Bridge, error) {
	if f.MQTTURL == "" {
		return nil, nil
	}
	if _, err := ingest.FormatOf(f.MQTTContentType, nil); err != nil {
		return nil, usageError{fmt.Errorf("mqtt-content-type: %w", err)}
	}
	config := mqtt.Config{
		URL: f.MQTTURL, Topics: f.MQTTTopics, ClientID: f.MQTTClientID, Username: f.MQTTUser,
		Taker: mqttTaker{push, f.MQTTContentType}, Log: s.log,
	}
	var err error
	if f.MQTTCA != "" {
		if config.TLS, err = trusting(f.MQTTCA); err != nil {
			return nil, fmt.Errorf("mqtt-ca: %w", err)
		}
	} else if strings.HasPrefix(f.MQTTURL, "tls:") {
		config.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if f.MQTTPassword != "" {
		if config.Password, err = readSecret(f.MQTTPassword); err != nil {
			return nil, fmt.Errorf("mqtt-password-file: %w", err)
		}
	}
	if err := config.Validate(); err != nil {
		return nil, usageError{err}
	}
	if config.Telemetry, err = metrics.MQTT(); err != nil {
		return nil, err
	}
	return mqtt.New(config)
}

// mqttTaker gives messages to the gateway.
type mqttTaker struct {
	push        *gateway.Gateway
	contentType string
}

func (t mqttTaker) Take(ctx context.Context, messages []mqtt.Message) error {
	list := make([]gateway.Message, len(messages))
	for i, m := range messages {
		list[i] = gateway.Message{Sender: m.Sender, ContentType: t.contentType, Body: m.Body}
		if code, _ := codec.CheckMeter(m.Sender); code != schema.Accepted { // ids are like those of meters
			list[i].Sender = string(gateway.FromMQTT)
		}
	}
	return t.push.Messages(ctx, gateway.FromMQTT, list)
}
