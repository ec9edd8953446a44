package echarts_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"jouleline/third_party/echarts"
)

// The files are those of the packages, byte for byte.
func TestFiles_AreAsPublished(t *testing.T) {
	source, err := os.ReadFile("SOURCE.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"echarts.min.js": echarts.Script(), "shandong.json": echarts.Shandong()} {
		sum := sha256.Sum256(content)
		if !strings.Contains(string(source), hex.EncodeToString(sum[:])) {
			t.Errorf("%s: got %x, want the sum in SOURCE.md", name, sum)
		}
	}
	if !bytes.Contains(echarts.Script(), []byte(`"`+echarts.Version+`"`)) {
		t.Errorf("the script does not say that it is %s", echarts.Version)
	}
}
