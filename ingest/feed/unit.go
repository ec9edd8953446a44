package feed

import (
	"fmt"
	"strings"

	"jouleline/schema"
)

// amount is a unit as people write it: so many powers of ten of one of ours.
type amount struct {
	unit  schema.Unit
	shift int32
}

// unitWords are the spellings of bills and forms beside those of package schema,
// in lower case and without blanks.
var unitWords = map[string]amount{
	"kwh": {schema.KilowattHour, 0}, "kw·h": {schema.KilowattHour, 0}, "kw.h": {schema.KilowattHour, 0}, "千瓦时": {schema.KilowattHour, 0},
	"千瓦·时": {schema.KilowattHour, 0}, "千瓦小时": {schema.KilowattHour, 0}, "度": {schema.KilowattHour, 0},
	"mwh": {schema.MegawattHour, 0}, "兆瓦时": {schema.MegawattHour, 0},
	"万千瓦时": {schema.MegawattHour, 1}, "万kwh": {schema.MegawattHour, 1}, "万度": {schema.MegawattHour, 1},
	"wh": {schema.WattHour, 0}, "瓦时": {schema.WattHour, 0},
	"gj": {schema.Gigajoule, 0}, "吉焦": {schema.Gigajoule, 0}, "百万千焦": {schema.Gigajoule, 0},
	"mj": {schema.Megajoule, 0}, "兆焦": {schema.Megajoule, 0},
	"m3": {schema.CubicMetre, 0}, "㎥": {schema.CubicMetre, 0}, "立方米": {schema.CubicMetre, 0}, "立方": {schema.CubicMetre, 0}, "方": {schema.CubicMetre, 0},
	"nm3": {schema.CubicMetre, 0}, "nm³": {schema.CubicMetre, 0}, "标准立方米": {schema.CubicMetre, 0}, "标方": {schema.CubicMetre, 0},
	"万立方米": {schema.TenThousandCubicMetres, 0}, "万m3": {schema.TenThousandCubicMetres, 0}, "万m³": {schema.TenThousandCubicMetres, 0},
	"升": {schema.Litre, 0}, "公升": {schema.Litre, 0},
	"千克": {schema.Kilogram, 0}, "公斤": {schema.Kilogram, 0},
	"吨": {schema.Tonne, 0}, "万吨": {schema.Tonne, 4},
	"千克标准煤": {schema.KilogramCoalEquivalent, 0}, "公斤标准煤": {schema.KilogramCoalEquivalent, 0},
	"吨标准煤": {schema.TonneCoalEquivalent, 0}, "吨标煤": {schema.TonneCoalEquivalent, 0},
}

// unitOf reads a unit. Of water, a tonne is a cubic metre: bills and forms say
// so. A carrier that is not known leaves a tonne a tonne.
func unitOf(text string, of schema.Carrier) (amount, error) {
	word := strings.ToLower(strings.ReplaceAll(text, " ", ""))
	found, ok := unitWords[word]
	if !ok {
		unit, err := schema.ParseUnit(strings.ReplaceAll(text, " ", ""))
		if err != nil {
			return amount{}, fmt.Errorf("unknown unit: got %q, want one as kWh, 千瓦时, m3, 立方米, GJ, 吉焦, L, 升, kg or t", clip(text))
		}
		found = amount{unit: unit}
	}
	if of == schema.Water && found.unit == schema.Tonne {
		found.unit = schema.CubicMetre
	}
	if of == schema.CarrierNone {
		return found, nil
	}
	if _, ok := found.unit.In(of.Unit()); !ok || found.unit.IsRate() {
		return amount{}, fmt.Errorf("got %q for %v, want a unit that converts to %v", clip(text), of, of.Unit())
	}
	return found, nil
}

// carrierWords are the names of carriers on bills, beside those of package
// schema.
var carrierWords = map[string]schema.Carrier{
	"电": schema.Electricity, "电力": schema.Electricity, "电费": schema.Electricity, "用电": schema.Electricity, "power": schema.Electricity,
	"水": schema.Water, "自来水": schema.Water, "水费": schema.Water, "用水": schema.Water,
	"气": schema.NaturalGas, "天然气": schema.NaturalGas, "燃气": schema.NaturalGas, "燃气费": schema.NaturalGas, "用气": schema.NaturalGas, "gas": schema.NaturalGas,
	"热": schema.Heat, "热力": schema.Heat, "供热": schema.Heat, "供暖": schema.Heat, "暖气": schema.Heat, "采暖": schema.Heat,
	"冷": schema.Cooling, "冷量": schema.Cooling, "供冷": schema.Cooling,
	"汽油": schema.Gasoline, "柴油": schema.Diesel, "煤油": schema.Kerosene, "煤": schema.Coal, "煤炭": schema.Coal,
	"液化石油气": schema.LPG, "液化气": schema.LPG, "燃料油": schema.FuelOil,
}

func carrierOf(text string) (schema.Carrier, error) {
	if carrier, ok := carrierWords[strings.ToLower(text)]; ok {
		return carrier, nil
	}
	carrier, err := schema.ParseCarrier(strings.ToLower(text))
	if err != nil {
		return schema.CarrierNone, fmt.Errorf("unknown carrier: got %q, want one as 电, 水, 天然气, 热力 or electricity", clip(text))
	}
	return carrier, nil
}
