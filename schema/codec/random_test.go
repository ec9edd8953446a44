package codec

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"jouleline/bench/chance"
)

// Words that readings are made of, and some that spoil them.
var (
	jsonNames  = strings.Fields(`"meter" "time" "value" "start" "unit" "kind" "revision" "register" "deleted" "x" "Meter" "m\u0065ter" "é" meter`)
	jsonValues = strings.Fields(`"E1" "一" "" "a\n" "2024-05-01T00:00:00Z" "2024-04-30T08:00:00.25+08:00" "2023-02-29T00:00:00Z" "2030-01-01T00:00:00Z" "kWh" "m³" "delta" "power" "z"
		0 1 -0 1.5 -12.3456789 1e3 1E-7 255 256 01 1. .5 +1 - 9999999999 999999999999.999999 4611686018427.387904 0.1234565 true false null NaN {} [] {"a":[1]}`)
	lineNames  = strings.Fields(`value value value start revision register deleted x é a\ b a=b "q" a"b`)
	lineValues = strings.Fields(`1 1i -1i 2u 1.5 -12.3456789 007 5. .5 + 1e3 1e 1i5 1.5i i "a" "a b" "a\"b" "2024-05-01T00:00:00Z" 1714520000i 1714520000 t F true x 300i 99999999999i é`)
	lineTags   = append(strings.Fields(`,meter=E1 ,meter=一 ,meter= ,unit=kWh ,unit=z ,kind=bill ,kind= ,host=a ,host ,=a ,host=a=b ,a"b=c"d ,é=é`), `,meter=一\ 号`)
	lineStamps = []string{"", " ", " 1714521600", "  0 ", " 1714521600\r", " -1", " 5x", "5", " 9223372036854775808", " 1714521600\nm", " 1714521600000000000", " 1714521600123", " 1714521600123456", "", "", "", "", " 1 2"}
)

// TestScanners_AreLikeThePlainParsers tries random sentences, most of them
// nearly right, and asserts what the fuzz tests assert.
func TestScanners_AreLikeThePlainParsers(t *testing.T) {
	random := chance.Random(t)
	pick := func(words []string) string { return words[random.IntN(len(words))] }
	const tries = 100_000
	objects, lines := 0, 0
	for range tries {
		object := good[:len(good)-1]
		if random.IntN(4) == 0 {
			object = `{"y":1`
		}
		for range random.IntN(5) {
			object += pick([]string{",", ",", " ,\t", ",", ",,"}) + pick(jsonNames) + pick([]string{":", ":", ": ", " :"}) + pick(jsonValues)
		}
		if checkObject(t, []byte(object+pick([]string{"}", "}", " }", "}}", ""}))) {
			objects++
		}
		line := pick([]string{"m", "m", "é", "m,meter=E1", "m,meter=E1", "m,meter=E1", "m,meter=E1", `a\,b`, "a=b"})
		for range random.IntN(3) {
			line += pick(lineTags)
		}
		line += " " + pick([]string{"value=1.5", "value=1.5", "x=1", ""})
		for range random.IntN(3) {
			line += "," + pick(lineNames) + "=" + pick(lineValues)
		}
		if checkLine(t, Format{Line, Precision(random.IntN(4))}, []byte(line+pick(lineStamps))) {
			lines++
		}
	}
	if objects < tries/20 || lines < tries/50 {
		t.Errorf("the scanners took %d objects and %d lines of %d: too few to say anything", objects, lines, tries)
	}
}

// TestDecoder_HostileBodiesTakeLinearTime feeds bodies of which every line asks
// for a look at all lines behind it. Each takes a tenth of a second; in quadratic
// time it would take many minutes.
func TestDecoder_HostileBodiesTakeLinearTime(t *testing.T) {
	const size, most = 1 << 20, time.Minute
	f := func(format Format, head string, lines ...string) {
		for _, line := range lines {
			began := time.Now()
			checkElements(t, format, append([]byte(head), bytes.Repeat([]byte(line), size/len(line))...))
			if took := time.Since(began); took > most {
				t.Errorf("%v of %q: took %v, want less than %v", format.Encoding, line, took, most)
			}
		}
	}
	f(asJSON, "", "\n", "{\n", "{\"a\":\n", "{\"a\":[\n", "{\"a\":[{},\n{},\n", "{\"a\":\"\n", "[\n", "[{},\n", "[", "{\"a\":",
		"{}\n{\"a\":1,\n\"b\":2,\n", "{\"readings\":[\n", "{\"\n", "{\"\\", "x", "x\n", "x\n\n\n\n", "\x00")
	f(asLine, "", "m,meter=E1 value=\"\n", "m f=\"\\\"\n", "m f=\"\\\n", "m,a ", "m\\ ", "#\n", "x", "x\n", "\x00", "=", ",")
	f(asCSV, "", "\n", "\"\n", ",", ",\n", "\"\"", "\x00")
	f(asCSV, "meter,time,value\n", "\n", "\"\n", "\"\"\n", "\"\"\"\n", "a,\"\n", "\"\"\"a\n", ",", ",,\n", "a\n", "\x00")
}
