package registry

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"jouleline/schema"
)

// Tables writes the whole registry as canonical CSV: every column, rows in
// order, defaults spelled out. Building it again gives an equal registry.
func (r *Registry) Tables() Tables {
	tables := Tables{}
	for _, s := range sheets {
		tables[s.file], _ = r.Table(s.file)
	}
	return tables
}

// Table writes one table by its file name, as "meters.csv".
func (r *Registry) Table(file string) ([]byte, error) {
	for _, s := range sheets {
		if s.file != file {
			continue
		}
		var w csvText
		header := make([]string, len(s.columns))
		for c, column := range s.columns {
			header[c] = column.name
		}
		w.row(header...)
		r.write(file, &w)
		return w.text, nil
	}
	return nil, fmt.Errorf("unknown table: got %q, want %s", file, strings.Join(Files(), ", "))
}

func (r *Registry) write(file string, w *csvText) {
	switch file {
	case RegionsFile:
		for _, a := range r.Regions {
			w.row(a.ID, a.Name, a.Parent, a.From.String(), a.To.String(), degreesText(a.Latitude), degreesText(a.Longitude))
		}
	case DepartmentsFile:
		for _, a := range r.Departments {
			w.row(a.ID, a.Name, a.Parent, a.From.String(), a.To.String())
		}
	case StationsFile:
		for _, s := range r.Stations {
			w.row(s.ID, s.Name, degreesText(s.Latitude), degreesText(s.Longitude))
		}
	case InstitutionsFile:
		for _, i := range r.Institutions {
			w.row(i.ID, i.Name, string(i.Class), i.Region, i.Department, i.From.String(), i.To.String())
		}
	case BuildingsFile:
		for _, b := range r.Buildings {
			w.row(b.ID, b.Institution, b.Name, b.TimeZone, b.Station, degreesText(b.Latitude), degreesText(b.Longitude))
		}
	case FloorAreaFile:
		writeSeries(w, r.FloorArea)
	case HeadcountFile:
		writeSeries(w, r.Headcount)
	case MetersFile:
		for i := range r.Meters {
			writeMeter(w, &r.Meters[i])
		}
	case SharesFile:
		for _, s := range r.Shares {
			w.row(s.Meter, s.Target, ratioText(s.Share), s.From.String())
		}
	case LearnedFile:
		for _, l := range r.Learned {
			w.row(l.Meter, l.From.String(), l.MaxRate.String(), l.Learned.From.String(), l.Learned.To.String(), l.Version, l.Author, l.Reason)
		}
	case ProfilesFile:
		for i := range r.Profiles {
			writeProfile(w, &r.Profiles[i])
		}
	case EventsFile:
		for _, e := range r.Events {
			w.row(e.Meter, e.Time.Format(r.Zone(e.Meter)), e.Kind.String(), givenText(e.Final, e.HasFinal),
				givenText(e.Initial, e.HasInitial), ratioText(e.Multiplier), e.Note)
		}
	case WeatherFile:
		for _, t := range r.Weather {
			w.row(t.Station, t.Time.Format(r.TimeZone), degreesText(t.Celsius))
		}
	case BaselinesFile:
		writeCorrections(w, r.Corrections, schema.BaselineCorrection)
	case AdjustmentsFile:
		writeCorrections(w, r.Corrections, schema.Adjustment)
	case DeclaredFile:
		for _, d := range r.Declared {
			w.row(string(d.Scope), d.ID, strconv.Itoa(d.Year), declaredText(d.Quantity), d.Unit, decimalText(d.Value), d.Source)
		}
	case TariffsFile:
		for _, t := range r.Tariffs {
			w.row(t.Carrier.String(), t.Region, t.From.String(), decimalText(t.Price), t.Currency, t.Source)
		}
	}
}

func writeSeries(w *csvText, series map[string][]schema.Dated[schema.Quantity]) {
	for _, owner := range slices.Sorted(maps.Keys(series)) {
		for _, value := range series[owner] {
			w.row(owner, value.From.String(), value.Value.String())
		}
	}
}

func writeMeter(w *csvText, m *schema.Meter) {
	registerMax := ""
	if m.RegisterMax > 0 {
		registerMax = steppedText(m.RegisterMax, m.RegisterStep)
	}
	w.row(m.ID, m.Building, m.Carrier.String(), m.Use.String(), m.Kind.String(), m.Unit.String(), ratioText(m.Multiplier),
		registerMax, givenText(m.MaxRate, m.MaxRate > 0), durationText(m.Interval), durationText(m.GapLimit), m.Gateway,
		holds[m.Hold], m.Parent, m.Formula, m.Reconciles, m.From.String(), m.To.String())
}

// csvText collects CSV. Its lines end in "\n"; a field is quoted only where it
// must be.
type csvText struct{ text []byte }

func (w *csvText) row(fields ...string) {
	for i, field := range fields {
		if i > 0 {
			w.text = append(w.text, ',')
		}
		if !strings.ContainsAny(field, "\",\r\n") {
			w.text = append(w.text, field...)
			continue
		}
		w.text = append(w.text, '"')
		w.text = append(w.text, strings.ReplaceAll(field, `"`, `""`)...)
		w.text = append(w.text, '"')
	}
	w.text = append(w.text, '\n')
}

func degreesText(value float64) string {
	if math.IsNaN(value) {
		return ""
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

func givenText(q schema.Quantity, given bool) string {
	if !given {
		return ""
	}
	return q.String()
}

// steppedText writes a register's greatest value with its least digit, which
// says how the register counts.
func steppedText(q, step schema.Quantity) string {
	decimals := 0
	for ; step < schema.Micro; step *= 10 {
		decimals++
	}
	text := q.String()
	whole, fraction, _ := strings.Cut(text, ".")
	if decimals == 0 {
		return text
	}
	return whole + "." + fraction + strings.Repeat("0", decimals-len(fraction))
}

// ratioText writes a ratio that was read from a decimal as that decimal; the
// zero value as "".
func ratioText(r schema.Ratio) string {
	if r.Den == 0 {
		return ""
	}
	value := big.NewRat(r.Num, r.Den)
	decimals, _ := value.FloatPrec()
	return value.FloatString(decimals)
}

// decimalText writes a decimal with the digits that it was written with.
func decimalText(d schema.Decimal) string {
	digits := strconv.FormatInt(d.Mantissa, 10)
	if d.Scale <= 0 {
		if d.Mantissa == 0 {
			return "0"
		}
		return digits + strings.Repeat("0", int(-d.Scale))
	}
	sign := ""
	if d.Mantissa < 0 {
		sign, digits = "-", digits[1:]
	}
	if missing := int(d.Scale) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - int(d.Scale)
	return sign + digits[:point] + "." + digits[point:]
}
