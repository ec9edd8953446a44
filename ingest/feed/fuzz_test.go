package feed_test

import (
	"bytes"
	"errors"
	"testing"

	"jouleline/ingest/feed"
	"jouleline/schema"
	"jouleline/schema/codec"
)

// FuzzReadBills asserts what holds of every file: an error of the file or rows
// that each have one verdict and a place, and readings that every other way in
// would take.
func FuzzReadBills(f *testing.F) {
	f.Add([]byte("户号,起始日期,截止日期,用量（千瓦时）,单位,费用,修订\nE1,2024-05-01,2024年5月31日,\"1,234.5\",万度,1元,2\nE1,45413,20240531,-1,t,,\n合计,,,1\n"))
	f.Add([]byte("meter;month;usage;carrier\n=\"007\";202405;1e-7;gas\n\"x;2024-5;1;水\n"))
	f.Add([]byte("\xff\xfeh\x62\xf7\x53"))
	f.Add([]byte("\xbb\xa7\xba\xc5,\xd5\xcb\xc6\xda,\xd3\xc3\xc1\xbf\n1,202405,5\n"))
	f.Add(workbook(f, nil, [][]any{{"meter", "start", "end", "usage"}, {"E1", 45413, "2024-05-31", 0.1}}))
	f.Fuzz(func(t *testing.T, file []byte) {
		bills, err := feed.ReadBills(bytes.NewReader(file), config())
		if err != nil {
			if !errors.As(err, new(*feed.FileError)) {
				t.Fatalf("got %v, want a FileError", err)
			}
			return
		}
		s := bills.Summary
		if n := s.Accepted + s.Duplicate + s.Corrected + s.Superseded + s.Ignored + len(s.Rejected); n != len(bills.Rows) {
			t.Fatalf("counted %d of %d rows", n, len(bills.Rows))
		}
		for _, row := range bills.Rows {
			if row.Row < 1 || (row.Problem == nil) == (row.Verdict == feed.Rejected || row.Verdict == feed.Overlap || row.Verdict == feed.Gap) {
				t.Fatalf("got the row %+v", row)
			}
		}
		for _, r := range bills.Readings() {
			if code, detail := codec.CheckMeter(r.Meter); code != schema.Accepted {
				t.Fatal(detail)
			}
			if code, detail := codec.Validate(&r, config().Received); code != schema.Accepted || r.Value < 0 || r.Kind != schema.Bill || !r.HasStart {
				t.Fatalf("got %+v: %s", r, detail)
			}
			var d codec.Decoder
			d.Reset(codec.Format{Encoding: codec.JSON}, codec.AppendJSON(nil, &r), config().Received)
			if !d.Next() || d.Rejection() != nil {
				t.Fatalf("got %+v, which as JSON is rejected: %+v", r, d.Rejection())
			}
		}
	})
}

// FuzzReadNY301 asserts that every row has one verdict, and that whatever is
// declared can be written and is declared by what was written.
func FuzzReadNY301(f *testing.F) {
	f.Add([]byte(someForm))
	f.Add([]byte("code;quantity;unit\n150;5;m3\n1501;4,000;L\n1502;1e3;\n"))
	f.Add([]byte("代码,数量\n110,1e-30\n110,.5\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		form, err := feed.ReadNY301(bytes.NewReader(file), institution())
		if err != nil {
			if !errors.As(err, new(*feed.FileError)) {
				t.Fatalf("got %v, want a FileError", err)
			}
			return
		}
		if n := form.Accepted + form.Duplicate + form.Ignored + len(form.Rejected); n != len(form.Rows) || form.Accepted != len(form.Declared) {
			t.Fatalf("counted %d of %d rows, %d figures: %+v", n, len(form.Rows), len(form.Declared), form.Summary)
		}
		for _, d := range form.Declared {
			if d.Value.Mantissa < 0 || d.Value.Lost || d.Unit == "" || d.ID != "S1" || d.Year != 2023 {
				t.Fatalf("got %+v", d)
			}
		}
		if len(form.Declared) == 0 {
			return
		}
		var written bytes.Buffer
		left, err := feed.WriteNY301(&written, feed.FormSheet{Year: 2023, Declared: form.Declared})
		if err != nil || len(left) > 0 {
			t.Fatalf("%+v: %v, %d left over", form.Declared, err, len(left))
		}
		again, err := feed.ReadNY301(&written, institution())
		if err != nil || len(again.Declared) != len(form.Declared) || len(again.Rejected) > 0 {
			t.Fatalf("%+v is read again as %+v: %v", form.Declared, again, err)
		}
	})
}
