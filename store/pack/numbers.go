package pack

import (
	"math/bits"
	"slices"
)

// A column of numbers is a head byte, what the differences are counted from, the
// first numbers as they are, and a Rice code of the rest: a number u is u>>k ones,
// a zero and the lowest k bits (R. F. Rice, "Some practical universal noiseless
// coding techniques", JPL 79-22, 1979). The head byte:
//
//	bits 0 to 1  order: the numbers, their differences, or the differences of those
//	bit 2        the numbers are distances to those of the column beside
//	bit 3        all differences are the same; there is no code
const (
	orderMask    = 0b0011
	besideFlag   = 0b0100
	constantFlag = 0b1000
)

const (
	orders = 3
	// maxOnes ones mean that the number follows as it is: one outlier costs ten
	// bytes and spoils nothing else.
	maxOnes = 20
	// maxLow bounds k.
	maxLow = 48
)

// coder finds the shortest way to write a column. Its lists are room that is used
// again.
type coder struct {
	best, trial        choice
	apart              []int64
	difference, sorted []int64
}

// choice is one way to write a column.
type choice struct {
	head  byte
	low   uint // k
	base  int64
	first []int64  // the first numbers, as many as the order says
	rest  []uint64 // the others, zigzagged around base
	bits  int
}

// append writes a column; beside is a column that is known by then, nil for none.
func (c *coder) append(dst []byte, numbers, beside []int64) []byte {
	c.best.bits = -1
	c.try(numbers, 0)
	if beside != nil {
		c.apart = c.apart[:0]
		for i := range numbers {
			c.apart = append(c.apart, numbers[i]-beside[i])
		}
		c.try(c.apart, besideFlag)
	}
	return c.best.append(dst)
}

// try measures a list in all orders and keeps the shortest.
func (c *coder) try(numbers []int64, flag byte) {
	for order := 0; order < min(orders, len(numbers)+1); order++ {
		t := &c.trial
		t.head = byte(order) | flag
		t.first = append(t.first[:0], numbers[:order]...)
		differences := c.differences(numbers, order)
		t.base = c.middle(differences)
		t.rest = t.rest[:0]
		lengths := [65]int{}
		for _, d := range differences {
			u := zigzag(d - t.base)
			lengths[bits.Len64(u)]++
			t.rest = append(t.rest, u)
		}
		t.low, t.bits = lowBits(&lengths)
		if lengths[0] == len(t.rest) {
			t.head, t.bits = t.head|constantFlag, 0
		}
		t.bits += bits.Len64(zigzag(t.base)) + 32*order
		if c.best.bits < 0 || t.bits < c.best.bits {
			c.best, c.trial = c.trial, c.best
		}
	}
}

// differences gives the differences of an order, in room that is used again.
func (c *coder) differences(numbers []int64, order int) []int64 {
	c.difference = append(c.difference[:0], numbers...)
	list := c.difference
	for range order {
		for i := len(list) - 1; i > 0; i-- {
			list[i] -= list[i-1]
		}
		list = list[1:]
	}
	return list
}

// middle gives the median: an outlier does not move it.
func (c *coder) middle(list []int64) int64 {
	if len(list) == 0 {
		return 0
	}
	c.sorted = append(c.sorted[:0], list...)
	slices.Sort(c.sorted)
	return c.sorted[len(list)/2]
}

// lowBits gives the k that takes the fewest bits for numbers of so many lengths,
// and about how many those are: a number of a length is taken for the middle one.
func lowBits(lengths *[65]int) (low uint, fewest int) {
	shortest, longest := 0, len(lengths)-1
	for shortest < longest && lengths[shortest] == 0 {
		shortest++
	}
	for longest > shortest && lengths[longest] == 0 {
		longest--
	}
	fewest = -1
	for k := min(max(0, shortest-1), maxLow); k <= min(longest, maxLow); k++ {
		sum := 0
		for length := shortest; length <= longest; length++ {
			n := lengths[length]
			ones := 0
			if above := length - k; above >= 6 {
				ones = maxOnes
			} else if above > 0 {
				ones = min(maxOnes, 3<<above/4)
			}
			if ones == maxOnes {
				sum += n * (maxOnes + 64)
			} else {
				sum += n * (ones + 1 + k)
			}
		}
		if fewest < 0 || sum < fewest {
			low, fewest = uint(k), sum
		}
	}
	return low, fewest
}

func (t *choice) append(dst []byte) []byte {
	dst = append(dst, t.head)
	dst = appendInt(dst, t.base)
	for _, v := range t.first {
		dst = appendInt(dst, v)
	}
	if t.head&constantFlag != 0 {
		return dst
	}
	w := writer{out: append(dst, byte(t.low))}
	for _, u := range t.rest {
		if ones := u >> t.low; ones < maxOnes {
			w.write(1<<ones-1, uint(ones)+1)
			w.write(u&(1<<t.low-1), t.low)
		} else {
			w.write(1<<maxOnes-1, maxOnes)
			w.write(u&(1<<32-1), 32)
			w.write(u>>32, 32)
		}
	}
	return w.end()
}

// numbers reads a column; beside is the column that its distances are from.
func (in *input) numbers(column, beside []int64) {
	head := in.byte()
	order := int(head & orderMask)
	if order >= orders || order > len(column) || head&besideFlag != 0 && beside == nil {
		in.failed = true
		return
	}
	base := in.int()
	for i := range order {
		column[i] = in.int()
	}
	rest := column[order:]
	if head&constantFlag != 0 {
		for i := range rest {
			rest[i] = base
		}
	} else {
		in.rice(rest, uint(in.byte()), base)
	}
	if in.failed {
		return
	}
	switch order {
	case 1:
		for i := 1; i < len(column); i++ {
			column[i] += column[i-1]
		}
	case 2:
		for i := 2; i < len(column); i++ {
			column[i] += 2*column[i-1] - column[i-2]
		}
	}
	if head&besideFlag != 0 {
		for i := range column {
			column[i] += beside[i]
		}
	}
}

func zigzag(v int64) uint64   { return uint64(v<<1) ^ uint64(v>>63) }
func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }
