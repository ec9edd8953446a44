package store

import (
	"math"

	"jouleline/schema"
)

// monthSums are the sums of one month, by account.
type monthSums struct {
	quantity []int64
	// known is in seconds; what is no whole number of them, or too many, stands
	// in odd in milliseconds, and is oddTime here.
	known     []uint32
	odd       map[int32]int64
	estimated map[int32]int64 // where it is not 0
}

// oddTime is no number of seconds.
const oddTime = math.MaxUint32

// Bytes of a month: of each account, and of each entry of its maps.
const (
	cellBytes = 8 + 4
	rareBytes = 48
)

// add adds to the sums of an account.
func (m *monthSums) add(account int32, s usageSum) {
	if n := int(account) + 1 - len(m.quantity); n > 0 {
		m.quantity = append(m.quantity, make([]int64, n)...)
		m.known = append(m.known, make([]uint32, n)...)
	}
	m.quantity[account] += s.quantity
	m.setKnown(account, m.knownOf(account)+s.known)
	if s.estimated != 0 {
		if m.estimated == nil {
			m.estimated = map[int32]int64{}
		}
		if m.estimated[account] += s.estimated; m.estimated[account] == 0 {
			delete(m.estimated, account)
		}
	}
}

// knownOf gives the known milliseconds of an account.
func (m *monthSums) knownOf(account int32) int64 {
	if s := m.known[account]; s != oddTime {
		return int64(s) * schema.Second
	}
	return m.odd[account]
}

func (m *monthSums) setKnown(account int32, known int64) {
	if known >= 0 && known%schema.Second == 0 && known/schema.Second < oddTime {
		if m.known[account] == oddTime {
			delete(m.odd, account)
		}
		m.known[account] = uint32(known / schema.Second)
		return
	}
	if m.odd == nil {
		m.odd = map[int32]int64{}
	}
	m.known[account], m.odd[account] = oddTime, known
}

// of gives the sums of an account.
func (m *monthSums) of(account int32) usageSum {
	if int(account) >= len(m.quantity) {
		return usageSum{}
	}
	return usageSum{m.quantity[account], m.knownOf(account), m.estimated[account]}
}

func (m *monthSums) bytes() int64 {
	return int64(cap(m.quantity))*8 + int64(cap(m.known))*4 + int64(len(m.odd)+len(m.estimated))*rareBytes
}
