package exact

import (
	"fmt"
	"math/big"
	"math/bits"
)

// Threshold is a share such as 0.95 against which shares of integers are held
// without forming a ratio.
type Threshold struct{ num, den uint64 }

// NewThreshold makes a threshold of a share from 0 to 1 with a denominator of at
// most 2^32.
func NewThreshold(share *big.Rat) (Threshold, error) {
	if share == nil || share.Sign() < 0 || share.Cmp(big.NewRat(1, 1)) > 0 || share.Denom().BitLen() > 32 {
		return Threshold{}, fmt.Errorf("share: got %v, want a number from 0 to 1 of few decimals, as 0.95", share)
	}
	return Threshold{share.Num().Uint64(), share.Denom().Uint64()}, nil
}

// Met tells whether part / whole is the threshold or more. A whole of zero has
// no share.
func (t Threshold) Met(part, whole int64) bool {
	if part < 0 || whole <= 0 {
		return false
	}
	if part >= whole {
		return true
	}
	partHi, partLo := bits.Mul64(uint64(part), t.den)
	wholeHi, wholeLo := bits.Mul64(uint64(whole), t.num)
	return partHi > wholeHi || partHi == wholeHi && partLo >= wholeLo
}
