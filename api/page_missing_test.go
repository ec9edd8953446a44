package api_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"jouleline/api/problem"
)

// browser is what browsers send.
const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

// An address that is no page's is told to people by a page, in their language,
// from which they find home, and to programs by a problem.
func TestPages_NotFound(t *testing.T) {
	h := serve(t, newConfig(t))
	page := func(method, path, language string, status int, want string) {
		t.Helper()
		w := call(t, h, method, path, nil, "Accept", browser, "Accept-Language", language)
		body := w.Body.String()
		if w.Code != status || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Fatalf("%s %s: got status %d, %v", method, path, w.Code, w.Header())
		}
		if got := text(body); !strings.Contains(got, want) {
			t.Errorf("%s %s: got %s, want %s", method, path, got, want)
		}
		if !strings.Contains(body, `<a href="/">`) {
			t.Errorf("%s %s: got %s, want a link home", method, path, body)
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'self'") || strings.Contains(policy, "unsafe") || strings.Contains(body, "<script") {
			t.Errorf("%s %s: got policy %q for %s", method, path, policy, body)
		}
		if vary := strings.Join(w.Header().Values("Vary"), ", "); !strings.Contains(vary, "Accept, ") || !strings.Contains(vary, "Accept-Language") {
			t.Errorf("%s %s: got Vary %q, want what it was chosen by", method, path, vary)
		}
	}
	page(http.MethodGet, "/no/such/page", "zh-CN", 404, "页面不存在 404 请求未完成 没有这个页面。 /no/such/page 返回首页")
	page(http.MethodGet, "/no/such/page", "en-GB", 404, "Page not found 404 Not Found no such page: /no/such/page; see /docs /no/such/page Back to the start")
	page(http.MethodGet, "/nowhere?lang=zh", "en", 404, "页面不存在")
	page(http.MethodPost, "/nowhere", "en", 404, "Page not found")
	page(http.MethodGet, "/mute", "zh-CN", 405, "无法显示 405 请求未完成 此地址不支持该请求方法。")
	if w := get(t, h, "/mute", "Accept", browser); w.Header().Get("Allow") != "POST" {
		t.Errorf("got Allow %q, want POST", w.Header().Get("Allow"))
	}
	if w := call(t, h, http.MethodHead, "/nowhere", nil, "Accept", browser); w.Code != 404 || w.Body.Len() > 0 {
		t.Errorf("HEAD: got status %d and %d bytes", w.Code, w.Body.Len())
	}
}

func TestPages_NotFoundForPrograms(t *testing.T) {
	h := serve(t, newConfig(t))
	f := func(path, accept string) {
		t.Helper()
		w := get(t, h, path, "Accept", accept, "Accept-Language", "zh-CN")
		if w.Code != 404 || w.Header().Get("Content-Type") != problem.MediaType || w.Header().Get("Vary") != "Accept" {
			t.Fatalf("%s for %q: got status %d, %v", path, accept, w.Code, w.Header())
		}
		var p problem.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != "no_such_page" || !strings.Contains(p.Detail, path) {
			t.Errorf("%s for %q: got %s, %v", path, accept, w.Body, err)
		}
	}
	f("/no/such/page", "")
	f("/no/such/page", "*/*")
	f("/no/such/page", "application/json")
	f("/no/such/page", "application/json, text/html")
	f("/no/such/page", "application/json, text/html;q=0.9")
	f("/no/such/page", "text/html;q=0")
	f("/no/such/page", "image/avif,image/webp,*/*")
	f("/api/v1/nothing", browser) // speaks to programs, whoever asks
	if w := get(t, h, "/prometheus/api/v1/nothing", "Accept", browser); w.Code != 404 || !strings.Contains(w.Body.String(), `"status":"error"`) {
		t.Errorf("got status %d: %s, want an answer of Prometheus", w.Code, w.Body)
	}
}

// A link of the page leads nowhere else, whatever the address was.
func TestPages_NotFoundStaysHere(t *testing.T) {
	h := serve(t, newConfig(t))
	outside := regexp.MustCompile(`(?i)(href|src|action)\s*=\s*["']?([a-z]+:|/?[/\\]{2}|/[/\\])`)
	for _, path := range []string{"//example.com/x", "///example.com", "/%5Cexample.com", "/%2F/example.com", "//example.com/%22%3E%3Cscript%3E"} {
		body := get(t, h, path, "Accept", browser).Body.String()
		if found := outside.FindString(body); found != "" || strings.Contains(body, "<script") || !strings.Contains(body, "Page not found") {
			t.Errorf("%s: got %q in %s", path, found, body)
		}
	}
}

// A form that holds what it cannot is the sender's fault, and told on a page.
func TestPages_BadForms(t *testing.T) {
	h := serve(t, newConfig(t))
	f := func(path, form, want string) {
		t.Helper()
		w := call(t, h, http.MethodPost, path, strings.NewReader(form), "Content-Type", "application/x-www-form-urlencoded", "Accept", browser, "Accept-Language", "zh-CN")
		if got := text(w.Body.String()); w.Code != 422 || !strings.Contains(got, "此查询无法回答：") || !strings.Contains(got, want) {
			t.Errorf("%s %.40s: got status %d, %s; want 422 with %s", path, form, w.Code, got, want)
		}
	}
	f("/mute", "meter=E1&cause=leak&reason=x&until=tomorrow", "tomorrow")
	f("/mute", "until=%zz", "%zz")
	f("/mute", "until="+strings.Repeat("x", 9<<10), "too large")
	f("/unmute", "id=one", "one")
}
