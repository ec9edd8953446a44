package influx

import (
	"strings"
	"time"

	"github.com/influxdata/influxdb-client-go/v2/api/write"

	"jouleline/metrics/indicator"
	"jouleline/schema"
)

// The measurements; docs/influxdb.md has their tags and fields.
const (
	ofMeter       = "jouleline_meter"
	ofBuilding    = "jouleline_building"
	ofInstitution = "jouleline_institution"
	ofRegion      = "jouleline_region"
)

// Tags that name the subject of a series.
const (
	tagMeter       = "meter"
	tagBuilding    = "building"
	tagInstitution = "institution"
	tagRegion      = "region"
)

// tags are those of a series. An empty one is left out.
type tags map[string]string

// line writes a point. Timestamps are whole seconds: every bucket begins at one.
func line(measurement string, of tags, fields map[string]any, at time.Time) string {
	for name, value := range of {
		if value == "" {
			delete(of, name)
		}
	}
	return strings.TrimSuffix(write.PointToLineProtocol(write.NewPoint(measurement, of, fields, at), time.Second), "\n")
}

// amount are the fields of consumption. They all add up, over buckets and meters.
func amount(quantity, estimated schema.Quantity, knownMillis, expectedMillis int64) map[string]any {
	return map[string]any{
		"quantity": quantity.Float64(), "estimated": estimated.Float64(),
		"known_seconds": float64(knownMillis) / 1000, "expected_seconds": float64(max(expectedMillis, knownMillis)) / 1000,
	}
}

// meterTags are those of a meter, as its latest version stands; ok is false where
// it is not registered.
func (a *atlas) meterTags(id string) (of tags, ok bool) {
	versions := a.MeterVersions(id)
	if len(versions) == 0 {
		return nil, false
	}
	last := &versions[len(versions)-1]
	of = tags{
		tagMeter: id, tagBuilding: last.Building, "carrier": last.Carrier.String(), "use": last.Use.String(),
		"unit": last.Carrier.Unit().String(), "step": a.step.String(), "counts": "no",
	}
	if last.Counts() {
		of["counts"] = "yes"
	}
	if b, found := a.Building(last.Building); found {
		of[tagInstitution] = b.Institution
	}
	return of, true
}

// buildingTags are those of a building, without carrier and unit.
func (a *atlas) buildingTags(id string) (of tags, ok bool) {
	b, ok := a.Building(id)
	if !ok {
		return nil, false
	}
	of = tags{tagBuilding: id, tagInstitution: b.Institution, "step": "P1D"}
	if inst, found := a.institution(b.Institution); found {
		of[tagRegion] = inst.Region
	}
	return of, true
}

// scopeTags are those of an institution or region, without indicator, unit and
// step, as its latest version stands.
func (a *atlas) scopeTags(s indicator.Scope) (measurement string, of tags) {
	if s.Level == indicator.ByRegion {
		area, _ := a.Region(s.ID, schema.Never-1)
		return ofRegion, tags{tagRegion: s.ID, "parent": area.Parent}
	}
	inst, _ := a.institution(s.ID)
	return ofInstitution, tags{tagInstitution: s.ID, tagRegion: inst.Region, "class": string(inst.Class), "department": inst.Department}
}

// institution gives the latest version of an institution.
func (a *atlas) institution(id string) (inst schema.Institution, ok bool) {
	index, ok := a.InstitutionIndex(id)
	if !ok {
		return inst, false
	}
	versions := a.InstitutionVersions(index)
	return versions[len(versions)-1], true
}
