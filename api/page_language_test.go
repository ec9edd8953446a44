package api_test

import (
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jouleline/api"
)

// englishWords is a run of three words of Latin letters: a sentence, where it is
// no name.
var englishWords = regexp.MustCompile(`[A-Za-z][A-Za-z'’]*(?:[ \n]+[A-Za-z][A-Za-z'’]*){2,}`)

// heard are the attributes that are read out, or shown on pointing.
var heard = []string{"aria-label", "title", "alt", "placeholder"}

// unmarked gives what a page in Chinese says in English without saying so.
func unmarked(t *testing.T, page string) (found []string) {
	t.Helper()
	page = regexp.MustCompile(`(?s)<script[^>]*>.*?</script>`).ReplaceAllString(page, " ")
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	english := []bool{false} // for each open element
	seen := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("read the page: %v", err)
		}
		now := english[len(english)-1]
		look := func(text string) {
			if seen++; !now {
				found = append(found, englishWords.FindAllString(text, -1)...)
			}
		}
		switch x := token.(type) {
		case xml.StartElement:
			if x.Name.Local == "code" {
				now = true // a command, or an address
			}
			for _, a := range x.Attr {
				if a.Name.Local == "lang" {
					now = a.Value == "en"
				}
			}
			for _, a := range x.Attr {
				if slices.Contains(heard, a.Name.Local) {
					look(a.Value)
				}
			}
			english = append(english, now)
		case xml.EndElement:
			english = english[:len(english)-1]
		case xml.CharData:
			look(string(x))
		}
	}
	if seen < 20 {
		t.Fatalf("saw only %d texts: the walk went wrong", seen)
	}
	return found
}

// A page in Chinese holds no sentence in English that is not marked as one, in
// what is shown and in what is read out.
func TestPages_ChineseThroughout(t *testing.T) {
	for _, world := range []struct {
		name   string
		config func(testing.TB) api.Config
		pages  []string
	}{
		{"school", newConfig, slices.Concat(schoolPages, []string{
			"/region/370000?year=2020", "/region/370000?year=2021", "/region/370000?year=2022", "/institution/S1?year=2021", "/institution/S1?year=2020",
			"/institution/nobody", "/region/nowhere", "/meter/none/readings", "/no/such/page", "/explain",
			"/explain?meter=E1&from=2019-05-01&to=2019-05-03", "/explain?region=370000&indicator=carbon_per_area&year=2021",
		})},
		{"county", countyConfig, []string{"/", "/region/370100", "/region/370000/quality", "/institution/A", "/institution/B?year=2022", "/meter/w", "/explain?institution=B&carrier=electricity&from=2023-05-01&to=2023-05-02"}},
		{"leaky", leakyConfig, []string{"/institution/S1", "/institution/S2", "/meter/W1", "/institution/S1/quality"}},
	} {
		t.Run(world.name, func(t *testing.T) {
			h := serve(t, world.config(t))
			for _, page := range world.pages {
				body := get(t, h, page, "Accept-Language", "zh-CN", "Accept", "text/html").Body.String()
				if found := unmarked(t, body); len(found) > 0 {
					t.Errorf("%s: got %q", page, found)
				}
			}
		})
	}
}

// The test of pages sees what it looks for.
func TestPages_EnglishIsSeen(t *testing.T) {
	filler := strings.Repeat("<p>字</p>", 20)
	for page, want := range map[string]int{
		`<p>nothing is known<br>here</p>`: 1, `<p lang="en">nothing is known</p>`: 0, `<p lang="en"><b lang="zh">nothing is known</b></p>`: 1,
		`<p aria-label="nothing is known">字</p>`: 1, `<code>get a page</code>`: 0, `<p>Jouleline OpenAPI 3.1</p>`: 0,
	} {
		if found := unmarked(t, "<html lang=\"zh-CN\">"+filler+page+"</html>"); len(found) != want {
			t.Errorf("%s: got %q, want %d", page, found, want)
		}
	}
}

// What cannot be shown is told in Chinese by its cause; English stays only where
// it tells which part of a question is wrong.
func TestPages_RefusalsInChinese(t *testing.T) {
	h := serve(t, newConfig(t))
	f := func(page string, status int, want string, english bool) {
		t.Helper()
		w := get(t, h, page, "Accept-Language", "zh-CN", "Accept", "text/html")
		if w.Code != status || !strings.Contains(text(w.Body.String()), want) || strings.Contains(w.Body.String(), `lang="en"`) != english {
			t.Errorf("%s: got status %d, %s; want %d, %s, with English %t", page, w.Code, text(w.Body.String()), status, want, english)
		}
	}
	f("/institution/nobody", 404, "404 请求未完成 地址中的区域、机构、建筑或表计未登记。 /institution/nobody", false)
	f("/explain?region=370000&indicator=energy_per_area&year=2023", 200, "= 下列各项之和", true)
	f("/explain?region=370000&indicator=energy_per_area&year=2023", 200, "状态：已达目标", true)
	f("/explain?meter=E1&from=2023-05-01&to=2023-05-03", 200, "表计 E1的用量", true)
	f("/explain?meter=E1&from=2023-05-01&to=2023-05-03", 200, "累计读数之差", true)
	f("/explain?region=370000&indicator=nothing", 422, "此查询无法回答：", true)
}
