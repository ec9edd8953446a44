package api_test

import (
	"context"
	"strings"
	"testing"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// A question as of a moment is answered by the registry of that moment.
func TestKnownAt_AsksTheRegistryOfThen(t *testing.T) {
	config := newConfig(t)
	renamed := map[string]string{}
	for name, content := range school {
		renamed[name] = strings.ReplaceAll(content, "山东省", "山东")
	}
	old := build(t, renamed)
	config.World.(*fakeWorld).RegistryAtFunc = func(_ context.Context, knownAt schema.Instant) (*registry.Registry, error) {
		if knownAt != at(t, "2024-03-31T00:00:00+08:00") {
			t.Errorf("got %s, want the moment that was asked for", knownAt)
		}
		return old, nil
	}
	h := serve(t, config)
	for _, question := range []string{questions["progress"], questions["breakdown"], questions["indicators"], questions["consumption"], questions["readings"], questions["registry"] + "?"} {
		if w := get(t, h, question+"&known_at=2024-03-31T00:00:00%2B08:00"); w.Code != 200 {
			t.Errorf("%s: got status %d: %s", question, w.Code, w.Body)
		}
	}
	if body := get(t, h, questions["progress"]+"&known_at=2024-03-31T00:00:00%2B08:00").Body.String(); !strings.Contains(body, `"山东"`) {
		t.Errorf("got %s, want the name of then", body)
	}
	if body := get(t, h, questions["progress"]).Body.String(); !strings.Contains(body, `"山东省"`) {
		t.Errorf("got %s, want the name of now", body)
	}
}
