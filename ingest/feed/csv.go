package feed

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// readCSV reads CSV with commas, semicolons or tabs, in UTF-8, UTF-16 with a
// byte order mark, or GB18030, in which spreadsheets in China write it.
func readCSV(data []byte) ([]sheet, error) {
	text, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	text = keptAsText.ReplaceAllString(text, "$1$2")
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = separator(text)
	in.FieldsPerRecord = -1
	var s sheet
	for {
		cells, err := in.Read()
		if err == io.EOF {
			return []sheet{s}, nil
		}
		l := line{cells: cells}
		var wrong *csv.ParseError
		switch {
		case errors.As(err, &wrong):
			l = line{number: wrong.StartLine, fault: wrong.Err.Error()}
		case err != nil:
			return nil, badFile("read as CSV: %v", err)
		default:
			l.number, _ = in.FieldPos(0)
		}
		if err := s.add(l); err != nil {
			return nil, err
		}
	}
}

// keptAsText is a cell as some programs write it so that a spreadsheet leaves it
// a text: ="007". It is no CSV.
var keptAsText = regexp.MustCompile(`(^|[,;\t\n])="([^",;\t\r\n]*)"`)

func decodeText(data []byte) (string, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		decoded, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return "", badFile("got UTF-16 that cannot be decoded: save the table as \"CSV UTF-8\"")
		}
		return string(decoded), nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
		return "", badFile("got text that is neither UTF-8 nor GB18030: save the table as \"CSV UTF-8\"")
	}
	return string(decoded), nil
}

// separator gives what stands most often in the first lines.
func separator(text string) rune {
	const lines = 5 // a title or two may stand above the header
	head := strings.Join(strings.SplitN(text, "\n", lines+1)[:min(lines, strings.Count(text, "\n")+1)], "\n")
	best, most := ',', 0
	for _, r := range ",;\t" {
		if n := strings.Count(head, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}
