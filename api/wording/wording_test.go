package wording_test

import (
	"testing"

	"jouleline/api/wording"
)

func TestTable(t *testing.T) {
	table := wording.Table{"days": {"%d d", "%d 天"}, "state.ok": {"known", "已知"}, "share": {"100 %", "100%"}}
	f := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(table.Say(wording.English, "days", 3), "3 d")
	f(table.Say(wording.Chinese, "days", 3), "3 天")
	f(table.Say("fr", "days", 3), "3 d")
	f(table.Say(wording.Chinese, "share"), "100%") // no values: no places
	f(table.Word(wording.Chinese, "state", "ok"), "已知")
	f(table.Word(wording.Chinese, "state", "not_yet_known"), "not yet known")
	defer func() {
		if recover() == nil {
			t.Error("a message that is not in the table was said")
		}
	}()
	table.Say(wording.English, "nothing")
}
