// Package codec holds the wire encodings of [schema.Reading]: JSON in all its
// shapes, CSV and Influx line protocol, both ways.
//
// It answers "which readings are in these bytes, and what is wrong with the
// others", and refuses to ask the registry: whether a meter exists or its unit
// fits is for others to say. Its invariants:
//
//   - every element of a body (object, row, line) gives exactly one reading or
//     one [Rejection], with indexes 0, 1, 2, ... in the order of the body. Of a
//     line that is read by a [Mapping] each mapped field is an element;
//   - one bad element never loses a good one beside it. Only where a JSON array
//     is broken is the rest of the body one rejection, since nobody can tell
//     where the next element starts;
//   - no value passes through a float: decimal text becomes micro-units;
//   - no input makes a decoder panic or take more than linear time.
//
// JSON and line protocol, which the topic carries, each have a fast scanner that
// accepts only plain, good readings and allocates nothing, and a plain parser
// that decides everything else and is the oracle of the fuzz tests: what the
// scanner accepts, the plain parser accepts with the same result.
//
// # What makes a reading
//
// meter, time and value are required; start, unit, kind, revision, register and
// deleted are optional, and null (JSON) or an empty cell (CSV) means not given.
// A reading with deleted set (a tombstone) may leave out its value. In line
// protocol a missing timestamp means "when it was received". Unknown names are
// ignored beside a reading, so that who sends more than is asked for loses
// nothing; those of line protocol fields are counted ([Decoder.Unmapped]). Where a
// required name is missing, the detail tells the unknown ones that were there, in
// which a misspelt one is found. Of a name that is given twice the last counts.
//
// Where several things are wrong with one reading, the first of this order is
// reported: encoding, syntax, meter, time, value, unit, kind, start, revision,
// register, deleted.
package codec
