package analyze

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"jouleline/analytics"
	"jouleline/analytics/decompose"
)

// DecomposeCmd splits a change into the effects of its factors.
type DecomposeCmd struct {
	AnswerFlags
	Input string `help:"CSV with a row for each sector and period: sector,period and one column for each factor; the value of a sector is the product of its factors." required:"" type:"existingfile" placeholder:"FILE"`
}

// decomposeAnswer is the answer. Multiplicative is null where a total is zero.
type decomposeAnswer struct {
	From           string              `json:"from"`
	To             string              `json:"to"`
	Factors        []string            `json:"factors"`
	V0             float64             `json:"v0"`
	VT             float64             `json:"vt"`
	Change         float64             `json:"change"`
	Additive       map[string]float64  `json:"additive"`
	Multiplicative map[string]float64  `json:"multiplicative"`
	Chained        *chainedAnswer      `json:"chained,omitempty"`
	Sectors        []sectorEffects     `json:"by_sector"`
	Warnings       []analytics.Warning `json:"warnings"`
}

type chainedAnswer struct {
	Periods        []string           `json:"periods"`
	Additive       map[string]float64 `json:"additive"`
	Multiplicative map[string]float64 `json:"multiplicative"`
}

type sectorEffects struct {
	Sector   string             `json:"sector"`
	Additive map[string]float64 `json:"additive"`
}

const codeZeroTotal analytics.Code = "total_of_zero"

// Run reads the table and prints the effects.
func (c *DecomposeCmd) Run(out io.Writer) error {
	f, err := os.Open(c.Input)
	if err != nil {
		return err
	}
	defer f.Close()
	t, err := readFactors(f)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Input, err)
	}
	a, err := t.decompose()
	if err != nil {
		return fmt.Errorf("%s: %w", c.Input, err)
	}
	return c.show(out, a)
}

// factorTable is a table of factors by period and sector, each in the order in
// which they first stand in the file.
type factorTable struct {
	factors, sectors, periods []string
	rows                      map[[2]string][]float64 // by period and sector
}

// readFactors reads the table.
func readFactors(in io.Reader) (*factorTable, error) {
	rows := csv.NewReader(in)
	rows.TrimLeadingSpace = true
	header, err := rows.Read()
	if err != nil {
		return nil, csvError(err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	sector, period := slices.Index(header, "sector"), slices.Index(header, "period")
	t := &factorTable{rows: map[[2]string][]float64{}}
	for i, name := range header {
		if i == sector || i == period {
			continue
		}
		if name == "" || slices.Contains(t.factors, name) {
			return nil, fmt.Errorf("line 1: column %d: got factor %q, want a name of its own", i+1, name)
		}
		t.factors = append(t.factors, name)
	}
	if sector < 0 || period < 0 || len(t.factors) == 0 {
		return nil, fmt.Errorf("line 1: got columns %q, want sector, period and one for each factor", strings.Join(header, ","))
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, csvError(err)
		}
		line, _ := rows.FieldPos(0)
		key := [2]string{row[period], row[sector]}
		if _, ok := t.rows[key]; ok {
			return nil, fmt.Errorf("line %d: sector %q of period %q stands above already", line, row[sector], row[period])
		}
		if !slices.Contains(t.sectors, row[sector]) {
			t.sectors = append(t.sectors, row[sector])
		}
		if !slices.Contains(t.periods, row[period]) {
			t.periods = append(t.periods, row[period])
		}
		var values []float64
		for i, text := range row {
			if i == sector || i == period {
				continue
			}
			v, err := parseValue(text)
			if err != nil {
				return nil, fmt.Errorf("line %d: %s: %w", line, header[i], err)
			}
			if v < 0 {
				return nil, fmt.Errorf("line %d: %s: got %v, want 0 or more: split import from export first", line, header[i], v)
			}
			values = append(values, v)
		}
		t.rows[key] = values
	}
}

// table gives a period. A sector that has no row in it is refused: a gap is not a
// zero.
func (t *factorTable) table(period string) (decompose.Table, error) {
	var table decompose.Table
	for _, sector := range t.sectors {
		row, ok := t.rows[[2]string{period, sector}]
		if !ok {
			return nil, fmt.Errorf("sector %q has no row in period %q: where it did not exist, give it one with a 0", sector, period)
		}
		table = append(table, row)
	}
	return table, nil
}

func (t *factorTable) decompose() (*decomposeAnswer, error) {
	if len(t.periods) < 2 {
		return nil, &analytics.NotEnoughError{Op: "decompose", What: "periods", Got: len(t.periods), Want: 2}
	}
	var tables []decompose.Table
	for _, period := range t.periods {
		table, err := t.table(period)
		if err != nil {
			return nil, err
		}
		tables = append(tables, table)
	}
	last := len(tables) - 1
	e, err := decompose.LMDI(tables[0], tables[last])
	if err != nil {
		return nil, err
	}
	a := &decomposeAnswer{
		From: t.periods[0], To: t.periods[last], Factors: t.factors, V0: e.V0, VT: e.VT, Change: e.VT - e.V0,
		Additive: t.named(e.Additive), Multiplicative: t.named(e.Multiplicative), Warnings: listed(),
	}
	for i, effects := range e.BySector {
		a.Sectors = append(a.Sectors, sectorEffects{t.sectors[i], t.named(effects)})
	}
	if last > 1 {
		chain, err := decompose.Chain(tables)
		if err != nil {
			return nil, err
		}
		a.Chained = &chainedAnswer{t.periods, t.named(chain.Additive), t.named(chain.Multiplicative)}
	}
	if e.Multiplicative == nil {
		a.Warnings = append(a.Warnings, analytics.Warning{Code: codeZeroTotal, Got: math.Min(e.V0, e.VT),
			Detail: "a total is zero: there is no multiplicative form"})
	}
	return a, nil
}

// named gives effects by factor, nil where there are none.
func (t *factorTable) named(effects []float64) map[string]float64 {
	if effects == nil {
		return nil
	}
	by := map[string]float64{}
	for k, v := range effects {
		by[t.factors[k]] = v
	}
	return by
}
