package arrow

import (
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/decimal128"

	"jouleline/schema"
	"jouleline/schema/codec"
)

func TestValue(t *testing.T) {
	f := func(value col, want string) {
		t.Helper()
		want = `{"meter":"E1","time":"2024-04-30T00:00:00Z","value":` + want + "}"
		if got := show(one(t, value)); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	float := func(v float64, want string) { t.Helper(); f(at("value", double, v), want) }
	float(123456.7, "123456.7")
	float(0.1, "0.1")
	float(-0.3, "-0.3")
	float(0, "0")
	float(1e-6, "0.000001")
	tenth := 0.1
	float(tenth+0.2, "0.30000000000000004") // its shortest text
	float(999999999.999999, "999999999.999999")
	float(1234567890.1234567, "1234567890.1234567")
	float(4e12, "4000000000000")
	float(1e-7, "1e-07")
	float(4.5e-7, "4.5e-07")
	f(at("value", arrow.PrimitiveTypes.Float32, float32(0.1)), "0.1")
	f(at("value", arrow.PrimitiveTypes.Float32, float32(16777216)), "16777216")
	f(at("value", arrow.PrimitiveTypes.Int64, int64(-42)), "-42")
	f(at("value", arrow.PrimitiveTypes.Uint16, uint16(65535)), "65535")
	f(at("value", arrow.PrimitiveTypes.Int8, int8(-128)), "-128")

	dec := func(scale int32, v decimal128.Num, want string) {
		t.Helper()
		f(at("value", decimalOf(38, scale), v), want)
	}
	dec(6, decimal128.FromI64(123_456_700_000), "123456.7")
	dec(6, decimal128.FromI64(-1), "-0.000001")
	dec(6, decimal128.FromI64(4_611_686_018_427_387_903), "4611686018427.387903")
	dec(0, decimal128.FromI64(7), "7")
	dec(2, decimal128.FromI64(-1234), "-12.34")
	dec(8, decimal128.FromI64(150_000_000), "1.5")
	dec(8, decimal128.FromI64(123_456_789), "1.23456789")
	dec(8, decimal128.FromI64(-5), "-0.00000005")
	dec(38, decimal128.FromI64(-5), "-0.00000000000000000000000000000000000005")
	dec(-3, decimal128.FromI64(12), "12000")
	dec(30, decimal128.New(1<<40, 0), "20.282409603651670423947251286016") // 2^104
}

func TestValue_Rejected(t *testing.T) {
	f := func(value col, code schema.Code, detail string) {
		t.Helper()
		_, bad := checkElements(t, one(t, value))
		if len(bad) != 1 || bad[0].Code != code || !strings.Contains(bad[0].Detail, detail) {
			t.Errorf("got %+v, want %s with %q", bad, code, detail)
		}
	}
	for _, v := range notNumbers {
		f(at("value", double, v), schema.BadValue, "want a decimal number")
		f(at("value", arrow.PrimitiveTypes.Float32, float32(v)), schema.BadValue, "want a decimal number")
	}
	f(at("value", double, nil), schema.MissingValue, "not given")
	f(at("value", arrow.Null, nil), schema.MissingValue, "not given")
	f(at("value", double, 1e300), schema.OutOfRange, "got 1e+300, at most 4611686018427.387903")
	f(at("value", arrow.PrimitiveTypes.Uint64, uint64(1)<<63), schema.OutOfRange, "got 9223372036854775808")
	f(at("value", decimalOf(38, 6), decimal128.FromI64(4_611_686_018_427_387_904)), schema.OutOfRange, "got 4611686018427.387904")
	f(at("value", decimalOf(38, 0), decimal128.New(-1<<62, 5)), schema.OutOfRange, "got -8507059173023461586")
	f(at("value", decimalOf(38, -38), decimal128.FromI64(1)), schema.OutOfRange, "got 1000")
}

func TestRow(t *testing.T) {
	f := func(want string, columns ...col) {
		t.Helper()
		if got := show(one(t, columns...)); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	const base = `{"meter":"E1","time":"2024-04-30T00:00:00Z","value":1.5`
	stamp := func(unit arrow.TimeUnit, zone string) arrow.DataType {
		return &arrow.TimestampType{Unit: unit, TimeZone: zone}
	}
	int64s, int8s := arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Int8

	f(base+"}", at("start", arrow.Null, nil), at("unit", utf8, nil), at("kind", utf8, ""), at("revision", int64s, nil), at("deleted", arrow.FixedWidthTypes.Boolean, false))
	f(base+`,"unit":"m3","kind":"delta","revision":7,"register":2}`, at("unit", utf8, "m³"), at("KIND", utf8, "delta"), at("revision", int8s, int8(7)), at("register", int64s, int64(2)), at("deleted", arrow.FixedWidthTypes.Boolean, nil))
	f(`{"meter":"E1","time":"2024-04-30T00:00:00Z","value":0,"deleted":true}`, at("value", double, nil), at("deleted", arrow.FixedWidthTypes.Boolean, true))
	f(`{"meter":"E1","time":"2024-05-01T01:10:00Z","value":1.5}`, at("time", stamp(arrow.Second, "Asia/Shanghai"), arrow.Timestamp(1714525800)))
	f(`{"meter":"E1","time":"2024-05-01T00:00:00.123Z","value":1.5}`, at("time", stamp(arrow.Nanosecond, "+08:00"), arrow.Timestamp(1714521600123999999)))
	f(`{"meter":"E1","time":"1971-01-01T00:00:00Z","value":1.5}`, at("time", stamp(arrow.Millisecond, "UTC"), arrow.Timestamp(31536000000)))

	f(`!missing_meter meter: not given`, at("meter", utf8, nil))
	f(`!missing_meter meter: not given`, at("meter", arrow.Null, nil))
	f(`!bad_meter meter: got 129 bytes, at most 128 are taken`, at("meter", utf8, strings.Repeat("m", 129)))
	f(`!bad_encoding meter: got "\xff", want UTF-8 without U+FFFD`, at("meter", utf8, "\xff"))
	f(`!missing_time time: not given`, at("time", micros, nil))
	f(`!bad_time time: got -1 us since 1970, want 1970 to 2199`, at("time", micros, arrow.Timestamp(-1)))
	f(`!bad_time time: got 9223372036854775807 s since 1970, want 1970 to 2199`, at("time", stamp(arrow.Second, "UTC"), arrow.Timestamp(1<<63-1)))
	f(`!bad_time time: got 2200-01-01T00:00:00Z, want 1971 to 2199`, at("time", stamp(arrow.Second, "UTC"), arrow.Timestamp(7258118400)))
	f(`!future_time time: got 2024-05-01T01:10:00.001Z, more than 10 minutes after it was received at 2024-05-01T01:00:00Z`, at("time", stamp(arrow.Millisecond, "UTC"), arrow.Timestamp(received+600_001)))
	f(`!unknown_unit unit: unknown unit: got "furlong", want Wh, kWh, MWh, MJ, GJ, L, m3, kg, t, kgce, tce, W, kW, MW, L/s or m3/h`, at("unit", utf8, "furlong"))
	f(`!unknown_kind kind: unknown kind: got "a kind with far too many words to be one...", want register, delta, power or bill`, at("kind", utf8, "a kind with far too many words to be one of ours"))
	f(`!bad_start start: got -5 us since 1970, want 1970 to 2199`, at("start", micros, arrow.Timestamp(-5)))
	f(`!bad_start start: got 2024-04-30T00:00:00Z, want before the time 2024-04-30T00:00:00Z`, at("start", micros, moment))
	f(`!bad_start start: got 2024-04-30T00:00:00Z with kind register, only delta and bill have a start`, at("start", micros, moment), at("kind", utf8, "register"))
	f(`!bad_revision revision: got -1, want a whole number from 0 to 2147483647`, at("revision", int8s, int8(-1)))
	f(`!bad_revision revision: got 2147483648, want a whole number from 0 to 2147483647`, at("revision", int64s, int64(1)<<31))
	f(`!bad_revision revision: got 18446744073709551615, want a whole number from 0 to 2147483647`, at("revision", arrow.PrimitiveTypes.Uint64, uint64(1<<64-1)))
	f(`!bad_register register: got 256, want a whole number from 0 to 255`, at("register", int64s, int64(256)))
}

func TestSchema_Refused(t *testing.T) {
	f := func(body []byte, want string) {
		t.Helper()
		_, bad := checkElements(t, body)
		if len(bad) != 1 || bad[0].Code != schema.Malformed || !strings.HasSuffix(bad[0].Detail, want) {
			t.Errorf("got %+v, want malformed with %q", bad, want)
		}
	}
	naive := &arrow.TimestampType{Unit: arrow.Microsecond}
	meter, value := at("meter", utf8, "E1"), at("value", double, 1.0)
	f(stream(t, meter, value), "got a schema without the column time, want meter, time and value")
	f(stream(t, meter, value, at("time", micros, moment), meter), "got the column meter twice")
	f(one(t, at("time", naive, moment)), "column time: got timestamp without a time zone, want timestamp(us, UTC)")
	f(one(t, at("start", naive, moment)), "column start: got timestamp without a time zone, want timestamp(us, UTC)")
	f(one(t, at("time", utf8, "2024-05-01T00:00:00Z")), "column time: got utf8, want timestamp(us, UTC)")
	f(one(t, at("time", arrow.Null, nil)), "column time: got null, want timestamp(us, UTC)")
	f(one(t, at("meter", arrow.PrimitiveTypes.Int64, int64(1))), "column meter: got int64, want utf8 or a dictionary of it")
	f(one(t, at("value", utf8, "1.5")), "column value: got utf8, want decimal128 or float64")
	f(one(t, at("value", &arrow.Decimal256Type{Precision: 40, Scale: 6}, nil)), "column value: got decimal256(40,6), want decimal128 or float64")
	f(one(t, at("deleted", utf8, "true")), "column deleted: got utf8, want bool")
	f(one(t, at("revision", double, 1.0)), "column revision: got float64, want an integer")
}

// TestRejection_OriginalIsReadable holds what is kept of a rejected row to the
// JSON decoder: the same reading, rejected for the same reason.
func TestRejection_OriginalIsReadable(t *testing.T) {
	f := func(want string, columns ...col) {
		t.Helper()
		_, bad := checkElements(t, one(t, columns...))
		if len(bad) != 1 || string(bad[0].Original) != want+"\n" {
			t.Fatalf("\n got %+v\nwant %s", bad, want)
		}
		var d codec.Decoder
		d.Reset(codec.Format{Encoding: codec.JSON}, bad[0].Original, received)
		if !d.Next() || d.Rejection() == nil || d.Rejection().Code != bad[0].Code || d.Next() {
			t.Errorf("%s: as JSON it is not %s", want, bad[0].Code)
		}
	}
	long := strings.Repeat("m", 1000)
	f(`{"meter":"E1","time":"2024-04-30T00:00:00Z","value":1.5,"unit":"furlong","start":"2024-04-30T00:00:00Z","revision":3,"deleted":true}`,
		at("unit", utf8, "furlong"), at("start", micros, moment), at("revision", arrow.PrimitiveTypes.Int64, int64(3)), at("deleted", arrow.FixedWidthTypes.Boolean, true))
	f(`{"meter":"`+long[:129]+`","time":"2024-04-30T00:00:00Z","value":1.5}`, at("meter", utf8, long))
	f(`{"meter":"E1","time":"2024-04-30T00:00:00Z","value":"NaN"}`, at("value", double, notNumbers[0]))
	f(`{"meter":"E1","time":"2024-04-30T00:00:00Z"}`, at("value", double, nil))
	f(`{"meter":"E1","time":"2024-04-30T00:00:00Z","value":1.5,"register":300}`, at("register", arrow.PrimitiveTypes.Int64, int64(300)))
	f(`{"meter":"E1","time":"time: got -1 us since 1970, want 1970 to 2199","value":1.5}`, at("time", micros, arrow.Timestamp(-1)))
}
