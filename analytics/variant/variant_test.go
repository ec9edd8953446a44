package variant_test

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"jouleline/analytics/variant"
	"jouleline/metrics/indicator"
	"jouleline/schema"
	"jouleline/schema/factor"
)

func TestOf_UnknownStaysUnknown(t *testing.T) {
	set, err := factor.Load(factor.Default)
	if err != nil {
		t.Fatal(err)
	}
	v := variant.Of(set, func(c schema.Carrier) *big.Rat {
		if c == schema.Electricity || c == schema.Heat {
			return big.NewRat(int64(c), 1)
		}
		return nil
	})
	for _, c := range schema.Carriers {
		got, err := v.KGCEPerUnit(c)
		carbon, carbonErr := v.CO2PerUnit(c, []string{"370000"}, 2023, factor.Fixed)
		if c == schema.Electricity || c == schema.Heat {
			if want := big.NewRat(int64(c), 1); err != nil || carbonErr != nil || got.Cmp(want) != 0 || carbon.Cmp(want) != 0 {
				t.Errorf("%s: got %v and %v (%v, %v), want %v for both", c, got, carbon, err, carbonErr, want)
			}
		} else if !errors.Is(err, factor.ErrUnknown) || !errors.Is(carbonErr, factor.ErrUnknown) {
			t.Errorf("%s: got %v and %v, want it unknown", c, got, carbon)
		}
	}
	if original, err := set.KGCEPerUnit(schema.NaturalGas); err != nil || original.Sign() <= 0 {
		t.Errorf("the original: got %v, %v, want it untouched", original, err)
	}
}

type counting struct {
	asked int
	err   error
}

func (c *counting) Usage(context.Context, indicator.UsageQuery) ([]indicator.Usage, error) {
	c.asked++
	return []indicator.Usage{{Quantity: schema.Quantity(c.asked)}}, c.err
}

func TestRemember_AsksOnceForEachStretch(t *testing.T) {
	source := &counting{}
	r := variant.Remember(source)
	ask := func(from, to schema.Day) schema.Quantity {
		t.Helper()
		usage, err := r.Usage(t.Context(), indicator.UsageQuery{From: from, To: to})
		if err != nil {
			t.Fatal(err)
		}
		return usage[0].Quantity
	}
	if a, b, c := ask(1, 2), ask(1, 3), ask(1, 2); a != 1 || b != 2 || c != 1 || source.asked != 2 {
		t.Errorf("got %d, %d, %d after %d questions, want 1, 2, 1 after two", a, b, c, source.asked)
	}
	broken := &counting{err: errors.New("no books")}
	r = variant.Remember(broken)
	for range 2 {
		if _, err := r.Usage(t.Context(), indicator.UsageQuery{}); !errors.Is(err, broken.err) {
			t.Errorf("got %v, want the source's error", err)
		}
	}
	if broken.asked != 2 {
		t.Errorf("got %d questions, want an error not to be remembered", broken.asked)
	}
}
