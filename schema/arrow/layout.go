package arrow

import "fmt"

// Types of fields, as the metadata numbers them.
const (
	typeNull          = 1
	typeInt           = 2
	typeFloat         = 3
	typeBinary        = 4
	typeUtf8          = 5
	typeBool          = 6
	typeDecimal       = 7
	typeTimestamp     = 10
	typeInterval      = 11
	typeList          = 12
	typeStruct        = 13
	typeUnion         = 14
	typeFixedSize     = 15
	typeFixedSizeList = 16
	typeMap           = 17
	typeDuration      = 18
	typeLargeBinary   = 19
	typeLargeUtf8     = 20
	typeLargeList     = 21
	typeRunEndEncoded = 22
	typeBinaryView    = 23
	typeUtf8View      = 24
	typeListView      = 25
	typeLargeListView = 26
)

var typeNames = [...]string{
	"nothing", "null", "int", "float", "binary", "utf8", "bool", "decimal", "date", "time", "timestamp", "interval", "list", "struct",
	"union", "fixed size binary", "fixed size list", "map", "duration", "large binary", "large utf8", "large list", "run-end encoded",
	"binary view", "utf8 view", "list view", "large list view",
}

// layoutOf gives the layout of a field's values, apart from how a dictionary
// encodes them. known is false for types that no column that counts can have.
func layoutOf(field table) (l layout, known bool) {
	kind := field.table(3)
	switch field.uint8(2) {
	case typeNull:
		return layout{}, true
	case typeUtf8:
		return layout{form: text}, true
	case typeLargeUtf8:
		return layout{form: largeText}, true
	case typeUtf8View:
		return layout{form: textView}, true
	case typeBool:
		return layout{form: boolean}, true
	case typeInt:
		return integerOf(kind)
	case typeFloat:
		precision := kind.int16(0) // 0 half, 1 single, 2 double
		return layout{form: float, width: int(precision) * 4}, precision == 1 || precision == 2
	case typeDecimal:
		l = layout{form: decimal, scale: kind.int32(1, 0)}
		return l, kind.int32(2, 128) == 128 && l.scale >= -maxDecimalScale && l.scale <= maxDecimalScale
	case typeTimestamp:
		l = layout{form: instant, unit: kind.int16(0)}
		return l, l.unit >= 0 && l.unit <= 3
	}
	return layout{}, false
}

// maxDecimalScale is as many digits as fit into 128 bits.
const maxDecimalScale = 38

func integerOf(kind table) (l layout, known bool) {
	l = layout{form: integer, signed: kind.bool(1)}
	switch bits := kind.int32(0, 0); bits {
	case 8, 16, 32, 64:
		l.width = int(bits / 8)
		return l, true
	}
	return l, false
}

// indexOf gives the layout of a dictionary's indexes: int32 where nothing is
// said.
func indexOf(encoding table) (l layout, known bool) {
	kind := encoding.table(1)
	if kind.flat == nil {
		return layout{form: integer, width: 4, signed: true}, true
	}
	return integerOf(kind)
}

var wants = [columnCount]string{
	meterColumn:    "utf8 or a dictionary of it",
	timeColumn:     "timestamp(us, UTC)",
	valueColumn:    "decimal128 or float64",
	unitColumn:     "utf8 or a dictionary of it",
	kindColumn:     "utf8 or a dictionary of it",
	startColumn:    "timestamp(us, UTC)",
	revisionColumn: "an integer",
	registerColumn: "an integer",
	deletedColumn:  "bool",
}

// takes tells whether a column can have a layout. Columns of nothing but null
// have no buffers, and so no size: time must have one, since it bounds how many
// rows a batch can claim.
func takes(column int, l layout, field table) bool {
	dictionary := field.has(4)
	switch column {
	case meterColumn, unitColumn, kindColumn:
		return l.form == text || l.form == largeText || l.form == textView || l.form == noForm && !dictionary
	case timeColumn:
		return l.form == instant && !dictionary && len(field.table(3).text(1)) > 0
	case startColumn:
		return !dictionary && (l.form == noForm || l.form == instant && len(field.table(3).text(1)) > 0)
	case valueColumn:
		return !dictionary && (l.form == decimal || l.form == float || l.form == integer || l.form == noForm)
	case deletedColumn:
		return !dictionary && (l.form == boolean || l.form == noForm)
	}
	return !dictionary && (l.form == integer || l.form == noForm)
}

// describe names the type of a field.
func describe(field table) string {
	kind := field.uint8(2)
	name := fmt.Sprintf("type %d", kind)
	if int(kind) < len(typeNames) {
		name = typeNames[kind]
	}
	of := field.table(3)
	switch kind {
	case typeInt:
		name = fmt.Sprintf("int%d", of.int32(0, 0))
	case typeFloat:
		name = fmt.Sprintf("float%d", 16<<(of.int16(0)&3))
	case typeDecimal:
		name = fmt.Sprintf("decimal%d(%d,%d)", of.int32(2, 128), of.int32(0, 0), of.int32(1, 0))
	case typeTimestamp:
		name = fmt.Sprintf("timestamp(%s)", clip(of.text(1)))
		if len(of.text(1)) == 0 {
			name = "timestamp without a time zone"
		}
	}
	if field.has(4) {
		return "a dictionary of " + name
	}
	return name
}
