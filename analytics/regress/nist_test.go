package regress_test

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jouleline/analytics/regress"
)

// digits is NIST's log relative error: how many leading digits of got are right.
func digits(got, want float64) float64 {
	if got == want {
		return 15
	}
	if want == 0 {
		return -math.Log10(math.Abs(got))
	}
	return min(15, -math.Log10(math.Abs(got-want)/math.Abs(want)))
}

func powers(x []float64, degree int) [][]float64 {
	columns := make([][]float64, degree)
	for d := range columns {
		columns[d] = make([]float64, len(x))
		for i, v := range x {
			columns[d][i] = math.Pow(v, float64(d+1))
		}
	}
	return columns
}

func transpose(rows [][]float64) (y []float64, columns [][]float64) {
	columns = make([][]float64, len(rows[0])-1)
	for _, r := range rows {
		y = append(y, r[0])
		for j, v := range r[1:] {
			columns[j] = append(columns[j], v)
		}
	}
	return y, columns
}

// Certified values: NIST StRD, linear regression, https://www.itl.nist.gov/div898/strd/.
func TestFit_NISTCertifiedInline(t *testing.T) {
	f := func(name string, y []float64, columns [][]float64, want []float64, wantSE []float64, s, r2, least float64) {
		t.Helper()
		m, err := regress.Fit(y, columns, regress.Settings{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		terms := append([]regress.Term{m.Intercept}, m.Slopes...)
		for j, term := range terms {
			if d := digits(term.Value, want[j]); d < least {
				t.Errorf("%s B%d: got %v, want %v: %.1f digits, want %v", name, j, term.Value, want[j], d, least)
			}
			if wantSE[j] == 0 {
				if term.SE > 1e-9 {
					t.Errorf("%s SE%d: got %v, want 0", name, j, term.SE)
				}
			} else if d := digits(term.SE, wantSE[j]); d < least {
				t.Errorf("%s SE%d: got %v, want %v: %.1f digits, want %v", name, j, term.SE, wantSE[j], d, least)
			}
		}
		if s > 0 && digits(m.S, s) < least {
			t.Errorf("%s S: got %v, want %v", name, m.S, s)
		}
		if digits(m.R2, r2) < least {
			t.Errorf("%s R2: got %v, want %v", name, m.R2, r2)
		}
	}
	y, columns := transpose(norrisRows)
	f("Norris", y, columns,
		[]float64{-0.262323073774029, 1.00211681802045},
		[]float64{0.232818234301152, 0.429796848199937e-03}, 0.884796396144373, 0.999993745883712, 11)
	y, columns = transpose(longleyRows)
	f("Longley", y, columns,
		[]float64{-3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683, -1.03322686717359, -0.511041056535807e-01, 1829.15146461355},
		[]float64{890420.383607373, 84.9149257747669, 0.334910077722432e-01, 0.488399681651699, 0.214274163161675, 0.226073200069370, 455.478499142212},
		304.854073561965, 0.995479004577296, 10)
	x := make([]float64, 21)
	y = make([]float64, 21)
	for i := range x {
		x[i] = float64(i)
		for d := range 6 {
			y[i] += math.Pow(x[i], float64(d))
		}
	}
	f("Wampler1", y, powers(x, 5), []float64{1, 1, 1, 1, 1, 1}, make([]float64, 6), 0, 1, 8)
}

// certified is what a .dat file says of itself.
type certified struct {
	y           []float64
	x           [][]float64 // columns
	value, se   []float64
	s, r2       float64
	throughZero bool
}

func readNIST(t *testing.T, path string) certified {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var c certified
	var rows [][]float64
	inData := false
	number := func(text string) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return v
	}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case inData:
			var row []float64
			for _, w := range words {
				row = append(row, number(w))
			}
			rows = append(rows, row)
		case words[0] == "Data:" && words[1] == "y":
			inData = true
		case len(words) == 3 && strings.HasPrefix(words[0], "B") && len(words[0]) <= 3:
			c.value = append(c.value, number(words[1]))
			c.se = append(c.se, number(words[2]))
			c.throughZero = c.throughZero || len(c.value) == 1 && words[0] == "B1"
		case strings.HasPrefix(line, "Standard Deviation") && len(words) == 3:
			c.s = number(words[2])
		case strings.HasPrefix(line, "R-Squared"):
			c.r2 = number(words[1])
		}
	}
	c.y, c.x = transpose(rows)
	return c
}

func TestData_NISTProblems(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data", "nist-strd", "linear")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the NIST files do not lie beside the project; TestFit_NISTCertifiedInline holds the digits here")
	}
	for name, least := range map[string]float64{
		"Norris": 11, "Pontius": 11, "NoInt1": 13, "NoInt2": 13, "Longley": 10, "Filip": 7,
		"Wampler1": 9, "Wampler2": 13, "Wampler3": 7.5, "Wampler4": 7.5, "Wampler5": 5.5,
	} {
		t.Run(name, func(t *testing.T) {
			c := readNIST(t, filepath.Join(dir, name+".dat"))
			columns := c.x
			if degree := len(c.value) - 1; len(columns) == 1 && degree > 1 {
				columns = powers(c.x[0], degree)
			}
			m, err := regress.Fit(c.y, columns, regress.Settings{Origin: c.throughZero})
			if err != nil {
				t.Fatal(err)
			}
			terms := m.Slopes
			if !c.throughZero {
				terms = append([]regress.Term{m.Intercept}, terms...)
			}
			if len(terms) != len(c.value) {
				t.Fatalf("got %d coefficients, want %d", len(terms), len(c.value))
			}
			worst, worstSE := 15., 15.
			for j, term := range terms {
				worst = min(worst, digits(term.Value, c.value[j]))
				if c.se[j] > 0 {
					worstSE = min(worstSE, digits(term.SE, c.se[j]))
				}
			}
			t.Logf("condition %.3g: %.1f digits, standard errors %.1f", m.Condition, worst, worstSE)
			if worst < least || worstSE < least {
				t.Errorf("got %.1f digits and %.1f of the standard errors, want %v", worst, worstSE, least)
			}
			if d := digits(m.R2, c.r2); d < least {
				t.Errorf("R2: got %v, want %v", m.R2, c.r2)
			}
		})
	}
}
