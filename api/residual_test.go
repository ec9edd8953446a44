package api_test

import (
	"context"
	"maps"
	"testing"

	"jouleline/api/access"
	"jouleline/schema/registry"
)

// A sub-meter that stands in another institution tells of that institution, so a
// caller who may not see it gets no residual.
func TestConsumption_ResidualOfWhatACallerMaySee(t *testing.T) {
	text := maps.Clone(county)
	text["meters.csv"] = "id,building,carrier,kind,unit,interval,parent\n" +
		"a,A1,electricity,register,kWh,PT1H,\nb,B1,electricity,register,kWh,PT1H,a\n"
	reg := build(t, text)
	config := countyConfig(t)
	world := config.World.(*fakeWorld)
	world.RegistryFunc = func(context.Context) (*registry.Registry, error) { return reg, nil }
	const ask = "/api/v1/consumption?meter=a&step=P1D&" + may
	f := func(grant access.Grant, residual bool, status int) {
		t.Helper()
		config.Access = granted{grant: grant}
		question := ask
		if residual {
			question += "&residual=true"
		}
		w := get(t, serve(t, config), question)
		if w.Code != status {
			t.Errorf("%+v, residual %v: got status %d: %s, want %d", grant, residual, w.Code, w.Body, status)
		}
	}
	f(access.Grant{Scope: access.Read, Institution: "A"}, false, 200)
	f(access.Grant{Scope: access.Read, Institution: "A"}, true, 403)
	f(access.Grant{Scope: access.Read, Region: "370000"}, true, 200)
}
