package exact_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"jouleline/bench/chance"
	"jouleline/metrics/exact"
)

// anyInt64 draws from all sizes, with the ends more often than chance has them.
func anyInt64(r *rand.Rand) int64 {
	switch r.IntN(8) {
	case 0:
		return math.MinInt64
	case 1:
		return math.MaxInt64
	case 2:
		return 0
	}
	return int64(r.Uint64()) >> r.IntN(64)
}

func TestProduct_AgreesWithBigIntegers(t *testing.T) {
	r := chance.Random(t)
	for range 20_000 {
		a, b := anyInt64(r), anyInt64(r)
		want := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		if got := exact.Product(a, b).Int(); got.Cmp(want) != 0 {
			t.Fatalf("%d x %d: got %s, want %s", a, b, got, want)
		}
	}
}

func TestSum_AgreesWithBigIntegersInAnyOrder(t *testing.T) {
	r := chance.Random(t)
	for range 200 {
		type term struct{ a, b int64 }
		terms := make([]term, 1+r.IntN(50))
		want := new(big.Int)
		for i := range terms {
			// 2^63 x 2^44 x 50 stays below 2^127.
			terms[i] = term{anyInt64(r), anyInt64(r) >> 19}
			want.Add(want, new(big.Int).Mul(big.NewInt(terms[i].a), big.NewInt(terms[i].b)))
		}
		var forth, back exact.Sum
		for _, x := range terms {
			forth.AddMul(x.a, x.b)
		}
		for _, i := range r.Perm(len(terms)) {
			back.AddMul(terms[i].a, terms[i].b)
		}
		if forth != back || forth.Int().Cmp(want) != 0 {
			t.Fatalf("got %s and permuted %s, want %s", forth, back, want)
		}
		if got := forth.Neg().Int(); got.Cmp(new(big.Int).Neg(want)) != 0 {
			t.Fatalf("negated: got %s, want -%s", got, want)
		}
		forth.Add(terms[0].a)
		back.AddSum(exact.Of(terms[0].a))
		if forth != back || forth.String() != want.Add(want, big.NewInt(terms[0].a)).String() {
			t.Fatalf("one more: got %s and %s, want %s", forth, back, want)
		}
		if !forth.Minus(back).IsZero() || forth.Sign() != want.Sign() {
			t.Fatalf("difference %s, sign %d of %s", forth.Minus(back), forth.Sign(), want)
		}
		v, ok := forth.Int64()
		if ok != want.IsInt64() || ok && v != want.Int64() {
			t.Fatalf("Int64 of %s: got %d, %v", want, v, ok)
		}
	}
}

func TestSum_Cmp(t *testing.T) {
	r := chance.Random(t)
	for range 5000 {
		a, b := exact.Product(anyInt64(r), anyInt64(r)), exact.Product(anyInt64(r), anyInt64(r))
		if got, want := a.Cmp(b), a.Int().Cmp(b.Int()); got != want {
			t.Fatalf("%s against %s: got %d, want %d", a, b, got, want)
		}
	}
}
