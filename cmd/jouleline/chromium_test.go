package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// chromium is a browser without a window, spoken to over a pipe by its own
// protocol: messages of JSON, each ended by a zero byte.
type chromium struct {
	t  *testing.T
	in io.Writer

	mu      sync.Mutex // guards what follows
	last    int
	waiting map[int]chan answerOfChromium
	tabs    map[string]*tab
}

type answerOfChromium struct {
	ID        int
	Method    string
	SessionID string
	Params    json.RawMessage
	Result    json.RawMessage
	Error     *struct{ Message string }
}

// openChromium starts a browser, or skips the test where there is none. It ends
// with the test.
func openChromium(t *testing.T) *chromium {
	t.Helper()
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		t.Skip("no chromium here: install the Debian package chromium to look at the pages")
	}
	commands, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
		"--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{commands, answers} // 3 and 4, as the flag has it
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	commands.Close()
	answers.Close()
	b := &chromium{t: t, in: in, waiting: map[int]chan answerOfChromium{}, tabs: map[string]*tab{}}
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		b.listen(out)
	}()
	t.Cleanup(func() {
		_, _ = b.send("", "Browser.close", nil)
		in.Close()
		stop := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // how it ends does not matter
		stop.Stop()
		out.Close()
		<-listening
	})
	return b
}

// listen hands out answers and events until the pipe ends.
func (b *chromium) listen(out io.Reader) {
	r := bufio.NewReaderSize(out, 1<<20)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			break
		}
		var m answerOfChromium
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if ch, ok := b.waiting[m.ID]; ok && m.ID != 0 {
			delete(b.waiting, m.ID)
			ch <- m
		} else if tab, ok := b.tabs[m.SessionID]; ok {
			tab.event(&m)
		}
		b.mu.Unlock()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, ch := range b.waiting {
		delete(b.waiting, id)
		close(ch)
	}
}

// send sends a command and gives its result.
func (b *chromium) send(session, method string, params any) (json.RawMessage, error) {
	b.mu.Lock()
	b.last++
	id, ch := b.last, make(chan answerOfChromium, 1)
	b.waiting[id] = ch
	b.mu.Unlock()
	message := map[string]any{"id": id, "method": method}
	if params != nil {
		message["params"] = params
	}
	if session != "" {
		message["sessionId"] = session
	}
	text, err := json.Marshal(message)
	if err != nil {
		return nil, err
	}
	if _, err := b.in.Write(append(text, 0)); err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	select {
	case m, ok := <-ch:
		if !ok {
			return nil, fmt.Errorf("%s: the browser has ended", method)
		}
		if m.Error != nil {
			return nil, fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		return m.Result, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: no answer within a minute", method)
	}
}

// tab is one page of the browser.
type tab struct {
	b       *chromium
	session string
	loaded  chan struct{} // has room for one
	// troubles are what the console shows as errors; guarded by the browser's lock.
	troubles []string
}

// open opens a tab of a size that prefers dark or light colours.
func (b *chromium) open(width, height int, scheme string) *tab {
	b.t.Helper()
	var target struct{ TargetID string }
	b.must("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.must("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	tab := &tab{b: b, session: attached.SessionID, loaded: make(chan struct{}, 1)}
	b.mu.Lock()
	b.tabs[tab.session] = tab
	b.mu.Unlock()
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.must(tab.session, domain+".enable", nil, nil)
	}
	b.must(tab.session, "Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	b.must(tab.session, "Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
	return tab
}

func (b *chromium) must(session, method string, params, into any) {
	b.t.Helper()
	result, err := b.send(session, method, params)
	if err == nil && into != nil {
		err = json.Unmarshal(result, into)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// event takes note of what the page does. The browser's lock is held.
func (tab *tab) event(m *answerOfChromium) {
	var p struct {
		Type  string
		Args  []struct{ Value, Description any }
		Entry struct{ Level, Text, URL string }

		ExceptionDetails struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	_ = json.Unmarshal(m.Params, &p) // an event of another shape is not looked at
	switch m.Method {
	case "Page.loadEventFired":
		select {
		case tab.loaded <- struct{}{}:
		default:
		}
	case "Runtime.consoleAPICalled":
		if p.Type == "error" || p.Type == "warning" || p.Type == "assert" {
			tab.troubles = append(tab.troubles, fmt.Sprintf("console %s: %v", p.Type, p.Args))
		}
	case "Runtime.exceptionThrown":
		tab.troubles = append(tab.troubles, p.ExceptionDetails.Text+" "+p.ExceptionDetails.Exception.Description)
	case "Log.entryAdded":
		if p.Entry.Level == "error" || p.Entry.Level == "warning" {
			tab.troubles = append(tab.troubles, strings.TrimSpace(p.Entry.Text+" "+p.Entry.URL))
		}
	}
}

// visit loads an address and waits until it has.
func (tab *tab) visit(address string) {
	tab.b.t.Helper()
	tab.leave(func() { tab.b.must(tab.session, "Page.navigate", map[string]any{"url": address}, nil) })
}

// click follows the first link that a selector finds, and waits for its page.
func (tab *tab) click(selector string) {
	tab.b.t.Helper()
	tab.leave(func() {
		var found bool
		tab.eval(fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (e) e.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, view: window})); return !!e })()`, selector), &found)
		if !found {
			tab.b.t.Fatalf("no %s to click at %s", selector, tab.address())
		}
	})
}

func (tab *tab) leave(start func()) {
	tab.b.t.Helper()
	select {
	case <-tab.loaded:
	default:
	}
	start()
	select {
	case <-tab.loaded:
	case <-time.After(time.Minute):
		tab.b.t.Fatalf("the page did not load within a minute: %s", tab.address())
	}
}

// eval gives the value of an expression in the page, of a promise once it is kept.
func (tab *tab) eval(expression string, into any) {
	tab.b.t.Helper()
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	tab.b.must(tab.session, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &r)
	if r.ExceptionDetails != nil {
		tab.b.t.Fatalf("%s: %s", expression, r.ExceptionDetails.Exception.Description)
	}
	if err := json.Unmarshal(r.Result.Value, into); err != nil {
		tab.b.t.Fatalf("%s: %v: %s", expression, err, r.Result.Value)
	}
}

func (tab *tab) address() (path string) {
	tab.eval("decodeURIComponent(location.pathname + location.search + location.hash)", &path)
	return path
}

// complaints gives what went wrong in the page since it was last asked.
func (tab *tab) complaints() []string {
	tab.b.mu.Lock()
	defer tab.b.mu.Unlock()
	troubles := tab.troubles
	tab.troubles = nil
	return troubles
}

// shoot keeps a picture of the page, so many points high, from a selector's top on,
// where a folder for pictures is named.
func (tab *tab) shoot(name, selector string, height int) {
	tab.b.t.Helper()
	var top float64
	tab.eval(fmt.Sprintf(`(() => { const e = document.querySelector(%q); return e ? Math.max(0, e.getBoundingClientRect().top + scrollY - 8) : 0 })()`, selector), &top)
	var width int
	tab.eval("innerWidth", &width)
	var shot struct{ Data string }
	tab.b.must(tab.session, "Page.captureScreenshot", map[string]any{
		"format": "png", "captureBeyondViewport": true, "clip": map[string]any{"x": 0, "y": top, "width": width, "height": height, "scale": 1},
	}, &shot)
	picture, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil || len(picture) < 5000 || len(picture) > 200<<10 {
		tab.b.t.Fatalf("%s: got a picture of %d bytes, %v, want one that is not empty and fits beside a README", name, len(picture), err)
	}
	folder := os.Getenv("JOULELINE_SCREENSHOTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		tab.b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
		tab.b.t.Fatal(err)
	}
}
