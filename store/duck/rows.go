package duck

import "github.com/duckdb/duckdb-go/v2/mapping"

// Rows is a result, read block by block.
type Rows struct {
	result mapping.Result
	chunk  mapping.DataChunk
	open   bool
}

// Next gives the next block; ok is false at the end. The block before is left.
func (r *Rows) Next() (block Block, ok bool) {
	r.leave()
	r.chunk = mapping.FetchChunk(r.result)
	if r.chunk.Ptr == nil {
		return Block{}, false
	}
	r.open = true
	return Block{r.chunk, int(mapping.DataChunkGetSize(r.chunk))}, true
}

func (r *Rows) leave() {
	if r.open {
		mapping.DestroyDataChunk(&r.chunk)
		r.open = false
	}
}

// Close frees the result.
func (r *Rows) Close() {
	r.leave()
	mapping.DestroyResult(&r.result)
}
