// Package pipeline turns records of the topic into books.
//
//	records ─▶ decode ─▶ readings ─▶ quick: the ordinary next reading ──┐
//	           (a goroutine a partition)  └▶ late: everything else ──────┴▶ one transaction
//
// It answers for each message what became of its readings, and refuses nothing:
// what cannot be understood becomes a row with its reason, what belongs to no
// known meter is parked. Its invariants:
//
//   - readings, the entries they cause, their verdicts and the offsets they came
//     from are one transaction of the [Sink]; heads advance only after it;
//   - whatever the order and the batches, the books are those that judging all
//     stored readings at once would give;
//   - one goroutine, that of [Pipeline.Run], owns all state. Others talk to it
//     through [Pipeline.Import] and the like.
//
// After a failed transaction nothing in memory is trusted: Run returns, and the
// caller starts again from what is stored.
package pipeline
