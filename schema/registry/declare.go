package registry

import (
	"slices"

	"jouleline/schema"
)

// Fate is what becomes of a figure that is declared.
type Fate string

// The fates of declared figures.
const (
	// FigureNew: nothing was declared in its place.
	FigureNew Fate = "new"
	// FigureSame: the same stands already.
	FigureSame Fate = "same"
	// FigureCorrected: it takes the place of another value.
	FigureCorrected Fate = "corrected"
)

// declaredPlace is what makes two declared figures speak of the same.
type declaredPlace struct {
	scope    schema.Scope
	id       string
	year     int
	quantity schema.DeclaredQuantity
}

func placeOf(d *schema.Declared) declaredPlace {
	return declaredPlace{d.Scope, d.ID, d.Year, d.Quantity}
}

// Declare gives declared.csv with figures in it, and the fate of each. A figure
// takes the place of one of the same scope, id, year and quantity. Whether the
// table holds is for [Build] to say.
func (r *Registry) Declare(figures []schema.Declared) (table []byte, fates []Fate) {
	all := slices.Clone(r.Declared)
	at := make(map[declaredPlace]int, len(all))
	for i := range all {
		at[placeOf(&all[i])] = i
	}
	fates = make([]Fate, len(figures))
	for i := range figures {
		place, found := at[placeOf(&figures[i])]
		switch {
		case !found:
			fates[i] = FigureNew
			at[placeOf(&figures[i])] = len(all)
			all = append(all, figures[i])
		case sameFigure(&all[place], &figures[i]):
			fates[i] = FigureSame
		default:
			fates[i] = FigureCorrected
			all[place] = figures[i]
		}
	}
	// The copy is only written: its indexes are not those of its figures.
	text, _ := (&Registry{Declared: all}).Table(DeclaredFile) // the one error is an unknown name
	return text, fates
}

// sameFigure tells whether two figures of one place say the same number in the
// same unit, wherever they come from.
func sameFigure(a, b *schema.Declared) bool {
	x, errX := a.Value.Rat()
	y, errY := b.Value.Rat()
	return a.Unit == b.Unit && errX == nil && errY == nil && x.Cmp(y) == 0
}

// QuantityText writes what was declared as declared.csv does, as
// gasoline:vehicle.
func QuantityText(q schema.DeclaredQuantity) string { return declaredText(q) }

// DecimalText writes a decimal with the digits that it was written with.
func DecimalText(d schema.Decimal) string { return decimalText(d) }
