// Package gateway is the HTTP way in: gateways and utilities push readings, and
// get a verdict for each once Kafka has them.
//
// It answers "was this reading taken, and if not, why", and refuses to judge
// plausibility, which needs the readings before. Its invariants:
//
//   - nothing is acknowledged before the [Producer] has returned: a status of
//     200 or 204 means that every accepted and parked reading is in Kafka and
//     every rejected one is with [Rejects]. A 400 of the write endpoint that
//     names lines means the same for the other lines;
//   - a request that is refused as a whole (4xx else, 503) may have left some
//     readings in Kafka. Sending it again is harmless;
//   - readings of one meter keep their order, and a record holds meters of one
//     partition only;
//   - no body, however malformed, gives a status of 500, and no body takes more
//     memory than a small multiple of [Config.MaxBody].
//
// Two handlers and two functions: [Gateway.Readings] takes JSON, NDJSON, CSV and Arrow streams, and
// answers with verdicts; [Gateway.Write] takes Influx line protocol as Telegraf sends it, and
// answers as InfluxDB does. [Gateway.Bills] takes a file, [Gateway.Messages] what came
// over MQTT.
package gateway
