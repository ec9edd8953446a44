package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"path/filepath"
	"strings"

	"jouleline/ingest/kafka"
)

// openTopic opens the embedded broker, or the way to the cluster.
func (s *server) openTopic(ctx context.Context) (err error) {
	if s.flags.Kafka == "embedded" {
		if s.broker, err = kafka.OpenBroker(kafka.BrokerConfig{Dir: filepath.Join(s.flags.Data, "broker"), Partitions: s.flags.TopicPartitions, Log: s.log}); err != nil {
			return err
		}
		if s.client, err = s.broker.Client(kafka.Config{OnTrouble: s.trouble}); err != nil {
			return err
		}
	} else {
		config, err := s.clusterConfig()
		if err != nil {
			return err
		}
		if s.client, err = kafka.NewClient(config); err != nil {
			return err
		}
		if err := s.client.EnsureTopics(ctx); err != nil {
			return err
		}
	}
	s.producer, err = s.client.Producer(ctx)
	return err
}

// clusterConfig reads the flags that speak of a cluster.
func (s *server) clusterConfig() (kafka.Config, error) {
	f := &s.flags
	config := kafka.Config{Brokers: strings.Split(f.Kafka, ","), Partitions: f.TopicPartitions, OnTrouble: s.trouble}
	if f.KafkaTLS {
		config.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if f.KafkaCA != "" {
		var err error
		if config.TLS, err = trusting(f.KafkaCA); err != nil {
			return config, fmt.Errorf("kafka-ca: %w", err)
		}
	}
	if f.KafkaSASL != "" {
		config.SASL = kafka.SASL{Mechanism: f.KafkaSASL, Username: f.KafkaUser}
		if f.KafkaPassword != "" {
			var err error
			if config.SASL.Password, err = readSecret(f.KafkaPassword); err != nil {
				return config, fmt.Errorf("kafka-password-file: %w", err)
			}
		}
	}
	return config, config.Validate()
}

func (s *server) trouble(partition int, err error) {
	if err == nil {
		s.log.Info("the partition can be read again", "partition", partition)
		return
	}
	s.log.Warn("the partition cannot be read; trying on", "partition", partition, "error", err)
}
