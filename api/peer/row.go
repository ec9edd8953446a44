package peer

import (
	"jouleline/metrics/books"
	"jouleline/metrics/frozen"
	"jouleline/metrics/indicator"
	"jouleline/metrics/posting"
	"jouleline/metrics/verify"
	"jouleline/schema"
)

// The rows of messages. Where a row names a meter it is the position in the
// question's list of names, or in the answer's own.

func partition(c *coder, p *int) { number(c, p) }

func name(c *coder, s *string) { text(c, s) }

func days(c *coder, v *schema.Validity) { number(c, &v.From); number(c, &v.To) }

func stretch(c *coder, s *posting.Stretch) {
	number(c, &s.Meter)
	number(c, &s.From)
	number(c, &s.To)
}

func reading(c *coder, r *posting.Reading) {
	number(c, &r.Meter)
	number(c, &r.Recorded)
	number(c, &r.Time)
	number(c, &r.Start)
	number(c, &r.Received)
	number(c, &r.Value)
	text(c, &r.Original)
	number(c, &r.Revision)
	upTo(c, &r.Unit, schema.CubicMetrePerHour)
	upTo(c, &r.Kind, schema.Bill)
	number(c, &r.Register)
	flag(c, &r.Deleted)
}

func code(c *coder, v *posting.Code) {
	number(c, &v.Meter)
	number(c, &v.Time)
	number(c, &v.Start)
	upTo(c, &v.Kind, schema.Bill)
	number(c, &v.Register)
	text(c, &v.Code)
}

func entry(c *coder, e *posting.Entry) {
	e.Account = posting.NoAccount // numbers of accounts do not travel
	number(c, &e.Meter)
	number(c, &e.Day)
	upTo(c, &e.Cause, books.Billed)
	number(c, &e.Quantity)
	number(c, &e.Estimated)
	number(c, &e.Known)
}

func usage(c *coder, u *indicator.Usage) {
	number(c, &u.Institution)
	upTo(c, &u.Carrier, schema.Other)
	upTo(c, &u.Use, schema.ForVehicle)
	number(c, &u.Quantity)
	number(c, &u.Estimated)
	number(c, &u.Known)
}

func booked(c *coder, b *frozen.Booked) {
	number(c, &b.Meter)
	number(c, &b.Quantity)
	number(c, &b.Estimated)
	number(c, &b.Known)
	number(c, &b.First)
	number(c, &b.Last)
}

func received(c *coder, r *frozen.Received) {
	number(c, &r.Meter)
	number(c, &r.Readings)
	number(c, &r.Revised)
	number(c, &r.Deleted)
}

func known(c *coder, k *posting.Known) {
	number(c, &k.Meter)
	number(c, &k.First)
	number(c, &k.Seen)
}

func report(c *coder, r *frozen.Report) {
	number(c, &r.ID)
	text(c, &r.Name)
	text(c, &r.Author)
	number(c, &r.Created)
	number(c, &r.KnownAt)
	text(c, &r.Question)
	text(c, &r.Versions)
	text(c, &r.Figures)
}

// Reject is a rejected row. Its sequence is that of the instance's own store, or
// the one of all instances; see [Client.Rejected].
type Reject struct {
	Sequence int64
	Recorded schema.Instant
	posting.Rejected
}

func reject(c *coder, r *Reject) {
	number(c, &r.Sequence)
	number(c, &r.Recorded)
	number(c, &r.Received)
	text(c, &r.Source)
	number(c, &r.Partition)
	number(c, &r.Offset)
	text(c, &r.Code)
	text(c, &r.Detail)
	text(c, &r.Original)
}

// counted is a number with its name: of a verdict, of a meter.
type counted struct {
	name string
	n    int64
}

func count(c *coder, v *counted) { text(c, &v.name); number(c, &v.n) }

func difference(c *coder, d *verify.Difference) {
	text(c, &d.Kind)
	text(c, &d.Meter)
	text(c, &d.Institution)
	upTo(c, &d.Carrier, schema.Other)
	upTo(c, &d.Use, schema.ForVehicle)
	text(c, &d.Where)
	text(c, &d.Stored)
	text(c, &d.Computed)
	number(c, &d.Excess)
}

// file is a registry table.
type file struct {
	name    string
	content []byte
}

func table(c *coder, f *file) { text(c, &f.name); text(c, &f.content) }

// Imported tells what an import changed at one instance.
type Imported struct {
	Tables                            []string
	Meters, Added, Rebooked, Unparked int
	Recorded                          schema.Instant
}

func imported(c *coder, i *Imported) {
	list(c, &i.Tables, name)
	number(c, &i.Meters)
	number(c, &i.Added)
	number(c, &i.Rebooked)
	number(c, &i.Unparked)
	number(c, &i.Recorded)
}
