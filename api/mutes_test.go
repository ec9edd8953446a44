package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"jouleline/api/access"
	"jouleline/api/monitor"
	"jouleline/schema"
	"jouleline/schema/registry"
)

// mutesInMemory keeps mutes as the store does.
type mutesInMemory struct{ list []schema.Mute }

func (m *mutesInMemory) AddMute(_ context.Context, mute schema.Mute) (int64, error) {
	mute.ID = int64(len(m.list) + 1)
	m.list = append([]schema.Mute{mute}, m.list...)
	return mute.ID, nil
}

func (m *mutesInMemory) LiftMute(_ context.Context, id int64, by string, at schema.Instant) (bool, error) {
	for i := range m.list {
		if m.list[i].ID == id && m.list[i].Lifted == 0 {
			m.list[i].Lifted, m.list[i].LiftedBy = at, by
			return true, nil
		}
	}
	return false, nil
}

func (m *mutesInMemory) Mutes(context.Context) ([]schema.Mute, error) { return m.list, nil }

const muteLeak = `{"meter":"W1","cause":"leak","reason":"irrigation of the sports field","until":"2026-09-01T00:00:00+08:00"}`

func TestMutes_HideWithReasonAndComeBack(t *testing.T) {
	config := leakyConfig(t)
	config.Mutes = &mutesInMemory{}
	h := serve(t, config)
	leak := func() monitor.Anomaly {
		t.Helper()
		a := decode[monitor.AnomaliesAnswer](t, get(t, h, "/api/v1/anomalies?meter=W1"+leakStretch))
		if len(a.Findings) != 1 {
			t.Fatalf("got %+v, want the leak", a.Findings)
		}
		return a.Findings[0]
	}
	if f := leak(); f.Muted != nil {
		t.Fatalf("muted before anybody did: %+v", f.Muted)
	}
	post := func(body string) *responseRecorder {
		return call(t, h, http.MethodPost, "/api/v1/anomalies/mutes", strings.NewReader(body), "Content-Type", "application/json")
	}
	if w := post(muteLeak); w.Code != 201 {
		t.Fatalf("mute: got status %d: %s", w.Code, w.Body)
	}
	if f := leak(); f.Muted == nil || f.Muted.Reason != "irrigation of the sports field" || f.Muted.Author != "loopback" || f.Total == nil {
		t.Errorf("got %+v, want the leak, muted with its reason and its size as ever", f.Muted)
	}
	if a := decode[monitor.MutesAnswer](t, get(t, h, "/api/v1/anomalies/mutes")); len(a.Mutes) != 1 || a.Mutes[0].ID != 1 {
		t.Errorf("got %+v, want the mute", a)
	}
	for range 2 { // the second finds none in force
		w := call(t, h, http.MethodDelete, "/api/v1/anomalies/mutes/1", nil)
		if w.Code != 200 && w.Code != 404 {
			t.Errorf("lift: got status %d: %s", w.Code, w.Body)
		}
	}
	if f := leak(); f.Muted != nil {
		t.Errorf("got %+v, want the leak as before", f.Muted)
	}
	if a := decode[monitor.MutesAnswer](t, get(t, h, "/api/v1/anomalies/mutes?ended=true")); len(a.Mutes) != 1 || a.Mutes[0].Lifted == nil || a.Mutes[0].LiftedBy != "loopback" {
		t.Errorf("got %+v, want it on record who lifted it", a)
	}

	refused(t, post(strings.Replace(muteLeak, "W1", "W9", 1)), 404, "W9")
	refused(t, post(strings.Replace(muteLeak, "2026-09", "2025-09", 1)), 422, "until")
	refused(t, post(strings.Replace(muteLeak, "2026-09", "2029-09", 1)), 422, "two years")
	refused(t, post(strings.Replace(muteLeak, "irrigation of the sports field", "      ", 1)), 422, "reason")
	refused(t, post(strings.Replace(muteLeak, "leak", "smell", 1)), 422, "cause")
	refused(t, call(t, h, http.MethodDelete, "/api/v1/anomalies/mutes/7", nil), 404, "mute 7")
}

func TestMutes_WithinReachOnly(t *testing.T) {
	mutes := &mutesInMemory{}
	as := func(grant access.Grant) http.Handler {
		config := countyConfig(t)
		config.Access, config.Mutes = granted{grant: grant}, mutes
		return serve(t, config)
	}
	city, other := as(access.Grant{Scope: access.Read, Region: "370100", Subject: "city"}), as(access.Grant{Scope: access.Read, Institution: "B", Subject: "B"})
	body := func(meter string) *strings.Reader {
		return strings.NewReader(strings.Replace(muteLeak, "W1", meter, 1))
	}
	mute := func(h http.Handler, meter string) int {
		return call(t, h, http.MethodPost, "/api/v1/anomalies/mutes", body(meter), "Content-Type", "application/json").Code
	}
	if got := mute(city, "a"); got != 201 {
		t.Fatalf("a meter within reach: got status %d", got)
	}
	for _, meter := range []string{"b", "nothing"} {
		if got := mute(city, meter); got != 403 {
			t.Errorf("meter %s beyond reach: got status %d, want 403", meter, got)
		}
	}
	if a := decode[monitor.MutesAnswer](t, get(t, other, "/api/v1/anomalies/mutes")); len(a.Mutes) != 0 {
		t.Errorf("got %+v, want none of another's mutes", a)
	}
	refused(t, call(t, other, http.MethodDelete, "/api/v1/anomalies/mutes/1", nil), 404)
	if mutes.list[0].Lifted != 0 || mutes.list[0].Author != "city" {
		t.Errorf("got %+v, want it to stand", mutes.list[0])
	}
	if w := call(t, city, http.MethodDelete, "/api/v1/anomalies/mutes/1", nil); w.Code != 200 {
		t.Errorf("lift within reach: got status %d: %s", w.Code, w.Body)
	}
}

func TestAnomalies_Cost(t *testing.T) {
	ask := func(tariffs string) monitor.Anomaly {
		t.Helper()
		tables := map[string]string{}
		for file, text := range leaky {
			tables[file] = text
		}
		tables["tariffs.csv"] = "carrier,region,valid_from,price,currency,source\n" + tariffs
		config := leakyConfig(t)
		reg := build(t, tables)
		config.World.(*fakeWorld).RegistryFunc = func(context.Context) (*registry.Registry, error) { return reg, nil }
		a := decode[monitor.AnomaliesAnswer](t, get(t, serve(t, config), "/api/v1/anomalies?meter=W1"+leakStretch))
		if len(a.Findings) != 1 {
			t.Fatalf("got %+v, want the leak", a.Findings)
		}
		return a.Findings[0]
	}
	f := ask("water,370000,,4,CNY,bureau of prices\n")
	if f.Cost == nil || *f.Cost < 4**f.Total-1e-9 || *f.Cost > 4**f.Total+1e-9 || f.Currency != "CNY" || f.PriceSource != "bureau of prices" || f.CostReason != "" {
		t.Errorf("got %+v, %q, want four times %v m3", f.Cost, f.CostReason, *f.Total)
	}
	// It runs from 2 h on 9 May to 5 h on 14 May: 46 of its 123 hours at the old price.
	f = ask("water,,,4,CNY,old\nwater,,2023-05-11,10,CNY,new\n")
	if want := *f.Total * (46*4 + 77*10) / 123; f.Cost == nil || *f.Cost < want-1e-9 || *f.Cost > want+1e-9 {
		t.Errorf("across a new price: got %+v, want %v", f.Cost, want)
	}
	none := func(tariffs, why string) {
		t.Helper()
		if f := ask(tariffs); f.Cost != nil || !strings.Contains(f.CostReason, why) {
			t.Errorf("%s: got %+v, %q, want no cost and %q", tariffs, f.Cost, f.CostReason, why)
		}
	}
	none("", "no price of water")
	none("electricity,,,1,CNY,x\n", "no price of water")
	none("water,,2023-05-10,1,CNY,x\n", "no price of water is registered for 2023-05-09")
	none("water,,,1,CNY,x\nwater,,2023-05-10,1,EUR,x\n", "CNY and EUR")
}

// A link of a page asks for an encoding in its address.
func TestAnswer_AsTheAddressAsks(t *testing.T) {
	h := serve(t, leakyConfig(t))
	w := get(t, h, "/api/v1/anomalies?meter=W1&as=csv"+leakStretch, "Accept", "text/html")
	if got := w.Header().Get("Content-Type"); w.Code != 200 || !strings.HasPrefix(got, "text/csv") {
		t.Errorf("got status %d, %s, want CSV", w.Code, got)
	}
	refused(t, get(t, h, "/api/v1/anomalies?meter=W1&as=paper"+leakStretch), 422, "as")
}
