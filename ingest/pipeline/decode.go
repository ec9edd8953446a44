package pipeline

import (
	"bytes"
	"fmt"

	"jouleline/ingest"
	"jouleline/metrics/posting"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// chunk is what a run of records of one partition holds, decoded.
type chunk struct {
	partition   int
	first, next int64
	world       *World // that the readings were resolved by
	readings    []posting.Reading
	parked      []posting.Parked
	rejected    []posting.Rejected
	// lag is the number of records behind this one, received the latest
	// reception.
	lag      int64
	unmapped int // fields of line protocol that no rule speaks of
	received schema.Instant
}

// decoder decodes the records of one partition. It belongs to one goroutine.
type decoder struct {
	codec     ingest.Decoder
	world     *World
	misplaced misplaced
	// unmapped takes the names of fields that no rule speaks of.
	unmapped *ingest.Unmapped
}

// decode adds a record's readings to a chunk. Nothing is lost: what is not a
// reading of a known meter is parked or rejected.
func (d *decoder) decode(c *chunk, r *ingest.Record) {
	received := r.Received
	if received == 0 {
		received = r.Appended
	}
	c.received = max(c.received, received)
	if r.ContentType == ingest.RejectedJSON {
		d.decodeRejects(c, r, received)
		return
	}
	format, err := ingest.FormatOf(r.ContentType, r.Value)
	if err != nil {
		c.rejected = append(c.rejected, reject(r, received, schema.BadEncoding, err.Error(), r.Value))
		return
	}
	d.codec.Reset(format, r.Value, received)
	for d.codec.Next() {
		if rejection := d.codec.Rejection(); rejection != nil {
			c.rejected = append(c.rejected, reject(r, received, rejection.Code, rejection.Detail, rejection.Original))
			continue
		}
		s := d.codec.Scanned()
		if d.misplaced.takes(s, received) {
			continue
		}
		id, ok := d.world.number[string(s.Meter)]
		if !ok {
			c.parked = append(c.parked, posting.Parked{Received: received, Reading: s.Owned()})
			continue
		}
		reading := posting.Reading{Meter: id}
		if code, detail := d.world.resolve(&reading, &s.Reading, received); code != schema.Accepted {
			c.rejected = append(c.rejected, reject(r, received, code, detail, d.codec.Original()))
			continue
		}
		c.readings = append(c.readings, reading)
	}
	if n := d.codec.Unmapped(); n > 0 {
		c.unmapped += n
		d.unmapped.Tell(d.codec.UnmappedFields())
	}
}

// decodeRejects takes what a gateway rejected already.
func (d *decoder) decodeRejects(c *chunk, r *ingest.Record, received schema.Instant) {
	rejects, err := ingest.DecodeRejects(r.Value)
	if err != nil {
		c.rejected = append(c.rejected, reject(r, received, schema.Malformed, err.Error(), r.Value))
	}
	for _, x := range rejects {
		c.rejected = append(c.rejected, posting.Rejected{
			Received: received, Source: x.Source, Partition: r.Partition, Offset: r.Offset,
			Code: x.Code, Detail: x.Detail, Original: x.Original,
		})
	}
}

func reject(r *ingest.Record, received schema.Instant, code schema.Code, detail string, original []byte) posting.Rejected {
	return posting.Rejected{
		Received: received, Source: "topic", Partition: r.Partition, Offset: r.Offset,
		Code: code, Detail: detail, Original: bytes.Clone(original),
	}
}

// resolve fills in what the sender left to the meter: unit, kind and start.
func (w *World) resolve(p *posting.Reading, r *schema.Reading, received schema.Instant) (schema.Code, string) {
	p.Time, p.Start, p.Received = r.Time, r.Start, received
	p.Value, p.Original, p.Revision = r.Value, r.Original, r.Revision
	p.Unit, p.Kind, p.Register, p.Deleted = r.Unit, r.Kind, r.Register, r.Deleted
	if w.plain[p.Meter].fill(p, r) {
		return schema.Accepted, ""
	}
	return w.fill(p, r)
}

// fill is for readings of any kind and meters of any history.
func (w *World) fill(p *posting.Reading, r *schema.Reading) (schema.Code, string) {
	facts := w.facts[p.Meter]
	era := facts.EraAt(r.Time)
	if era == nil {
		era = &facts.Eras[0] // outside its validity: judging says so
	}
	if p.Kind == schema.KindNone {
		p.Kind = era.Kind
	}
	if p.Unit == schema.UnitNone {
		p.Unit = era.Unit
	} else if code, detail := fits(p.Unit, era); code != schema.Accepted {
		return code, detail
	}
	switch {
	case p.Kind.HasStart() && !r.HasStart:
		p.Start = p.Time - schema.Instant(era.Interval)
	case !p.Kind.HasStart() && r.HasStart:
		return schema.BadStart, "a " + p.Kind.String() + " reading has no start"
	}
	return schema.Accepted, ""
}

// tooOld rejects a resolved reading of a time that is settled for good.
func (w *World) tooOld(r *posting.Reading, until schema.Instant) posting.Rejected {
	reading := w.parked(r).Reading
	return posting.Rejected{
		Received: r.Received, Source: "topic", Code: schema.TooOld,
		Detail:   fmt.Sprintf("time: got %s, and the books of meter %s stand for good up to %s: the readings of then are not kept any more", r.Time, w.names[r.Meter], until),
		Original: codec.AppendJSON(nil, &reading),
	}
}

// parked turns a resolved reading back into one that waits for its meter.
func (w *World) parked(r *posting.Reading) posting.Parked {
	return posting.Parked{Received: r.Received, Reading: schema.Reading{
		Meter: w.names[r.Meter], Time: r.Time, Start: r.Start, HasStart: r.Kind.HasStart(),
		Value: r.Value, Original: r.Original, Unit: r.Unit, Kind: r.Kind,
		Register: r.Register, Revision: r.Revision, Deleted: r.Deleted,
	}}
}
