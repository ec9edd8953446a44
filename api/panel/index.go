package panel

import "sync"

// indexed are the labels by which rows are found without looking through a table, the
// one that chooses fewest first.
var indexed = [...]string{"meter", "building", "institution"}

// worthIndexing is how many rows a table has at least that has indexes.
const worthIndexing = 256

// indexes find the rows of a catalog's tables that have a value of a label. Each is
// made when it is first asked for.
type indexes struct {
	mu   sync.Mutex // guards made
	made map[indexKey]map[string][]int32
}

// indexKey names an index: of the table that begins with a row, by a label.
type indexKey struct {
	first *entry
	label string
}

// find gives the rows of a table that have what is asked for exactly, by the first of
// the indexed labels; ok is false where none of them is asked for.
func (x *indexes) find(table []entry, exactly map[string]string) (rows []int32, ok bool) {
	if len(table) < worthIndexing {
		return nil, false
	}
	for _, label := range indexed {
		if value := exactly[label]; value != "" {
			return x.index(table, label)[value], true
		}
	}
	return nil, false
}

func (x *indexes) index(table []entry, label string) map[string][]int32 {
	x.mu.Lock()
	defer x.mu.Unlock()
	key := indexKey{&table[0], label}
	index, ok := x.made[key]
	if !ok {
		index = map[string][]int32{}
		for i := range table {
			if value := table[i].labels.Get(label); value != "" {
				index[value] = append(index[value], int32(i))
			}
		}
		if x.made == nil {
			x.made = map[indexKey]map[string][]int32{}
		}
		x.made[key] = index
	}
	return index
}
