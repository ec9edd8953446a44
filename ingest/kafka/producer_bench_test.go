package kafka

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"jouleline/ingest"
)

// BenchmarkProducer measures pushes of one record by so many callers at once,
// each waiting for its acknowledgement, with and without fsync in the broker.
func BenchmarkProducer(b *testing.B) {
	for _, sync := range []bool{true, false} {
		for _, callers := range []int{1, 10, 100, 1000} {
			b.Run(fmt.Sprintf("fsync=%t/callers=%d", sync, callers), func(b *testing.B) {
				address := ""
				if sync {
					address = mustOpenBroker(b, BrokerConfig{Partitions: benchPartitions}).Addr()
				} else {
					address = mustCluster(b, kfake.NumBrokers(1), kfake.DataDir(b.TempDir()), kfake.SeedTopics(benchPartitions, ingest.TopicReadings), kfake.SeedTopics(1, ingest.TopicRejected)).ListenAddrs()[0]
				}
				benchPushes(b, mustProducer(b, mustClient(b, Config{Brokers: []string{address}})), callers)
			})
		}
	}
}

func benchPushes(b *testing.B, p *Producer, callers int) {
	took := make([][]time.Duration, callers)
	b.ResetTimer()
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for i := caller; i < b.N; i += callers {
				start := time.Now()
				if err := p.Produce(context.Background(), []ingest.Record{numbered(i%benchPartitions, i)}); err != nil {
					b.Error(err)
					return
				}
				took[caller] = append(took[caller], time.Since(start))
			}
		})
	}
	wg.Wait()
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "push/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}
