// Package mqtt is the way in for gateways that publish to an MQTT broker: it
// subscribes there and hands over what is published.
//
// It answers nobody: MQTT has no place for a verdict, so what is rejected is kept
// with the reason, as everywhere. It refuses to publish, to judge, and to bind a
// gateway to its meters: who may publish on which topic is the broker's to say. Its
// invariants:
//
//   - a message of quality of service 1 is acknowledged to the broker only once the
//     [Taker] has taken it, so the broker keeps it while Kafka or this program is
//     away. The session is not clean and the client's id is fixed for that reason;
//   - messages are taken one batch at a time, in the order they came;
//   - no message ends the bridge, and none waits for one that was rejected;
//   - at most [Config.MaxQueuedBytes] wait to be taken. Beyond it the connection is
//     not read on, which the broker feels; messages of quality 0, which nobody
//     sends again, are dropped and counted.
package mqtt
