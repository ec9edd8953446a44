// Package influx publishes consumption and indicators to an InfluxDB, for those who
// keep their series there.
//
// It answers "what must InfluxDB be told so that it holds what the books say", and
// refuses to be a source: the books are never read from it. Its invariants:
//
//   - the ledger, in the order of its recording, is the outbox: a stream's cursor
//     moves only after InfluxDB has taken, or refused for themselves, all points of
//     the days that were booked up to there. Nothing is written beside the books;
//   - a point is a function of the books and the registry, not of the clock or of
//     the order in which readings came: sending it again changes nothing, and a
//     correction overwrites it (same series, same timestamp, same fields);
//   - what became unknown is deleted: a gap is never a zero and never an old value;
//   - a batch that is refused for its content is halved until the points that are to
//     blame stand alone; these are kept with the reason and stop nothing;
//   - anything else (no connection, 401, 403, 404, 429, 5xx, what a proxy or another
//     server says, a missing organization) is tried again for ever,
//     with pauses that grow, so that an outage of any length loses nothing;
//   - memory is bounded by a page of the outbox and a batch of lines, not by the
//     length of an outage.
//
// DESIGN.md beside this file has the reasoning; docs/influxdb.md the layout.
package influx
