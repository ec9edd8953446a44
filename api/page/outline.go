package page

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Area is a region on the map.
type Area struct {
	Name, URL, Value, State, Mark string
	Path                          string // of SVG
	X, Y                          string // where the name stands
}

// outline is the shape of a city in a box mapWidth wide.
type outline struct {
	code, name string
	path       strings.Builder
	x, y       float64
}

// mapWidth is the width of the map's box, MapBox its view box: the province is
// about 1.55 times as wide as it is high.
const mapWidth = 640

// laiwu became a part of jinan in 2019.
const (
	laiwu = "371200"
	jinan = "370100"
)

// features is the GeoJSON of the charting library, whose coordinates are written
// as steps in text.
type features struct {
	Features []struct {
		ID         string `json:"id"`
		Properties struct {
			Name  string     `json:"name"`
			Place [2]float64 `json:"cp"`
		} `json:"properties"`
		Geometry struct {
			Type        string          `json:"type"`
			Coordinates json.RawMessage `json:"coordinates"`
			Offsets     json.RawMessage `json:"encodeOffsets"`
		} `json:"geometry"`
	}
	UTF8Encoding bool `json:"UTF8Encoding"`
}

// Corners of the box in degrees: Shandong with its capes.
const (
	westEdge, northEdge = 114.72, 38.45
	eastEdge, southEdge = 122.78, 34.32
)

// project gives the place of a longitude and latitude in the box: degrees of
// longitude are shortened as in the middle of the province.
func project(longitude, latitude float64) (x, y float64) {
	scale := mapWidth / (eastEdge - westEdge)
	return (longitude - westEdge) * scale, (northEdge - latitude) * scale / math.Cos(36.4*math.Pi/180)
}

// decodeOutlines reads the outlines of the cities. Islands too small to be seen
// are left out.
func decodeOutlines(text []byte) ([]outline, error) {
	var f features
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	if !f.UTF8Encoding {
		return nil, fmt.Errorf("want encoded coordinates")
	}
	list := make([]outline, 0, len(f.Features))
	at := map[string]int{}
	for i := range f.Features {
		one := &f.Features[i]
		code := one.ID
		if code == laiwu {
			code = jinan
		}
		if _, ok := at[code]; !ok {
			at[code] = len(list)
			list = append(list, outline{code: code, name: one.Properties.Name})
			list[at[code]].x, list[at[code]].y = project(one.Properties.Place[0], one.Properties.Place[1])
		}
		rings, err := decodeRings(one.Geometry.Type, one.Geometry.Coordinates, one.Geometry.Offsets)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one.ID, err)
		}
		for _, ring := range rings {
			drawRing(&list[at[code]].path, ring)
		}
	}
	return list, nil
}

// decodeRings gives the rings of a polygon, or of several.
func decodeRings(kind string, coordinates, offsets json.RawMessage) (rings [][][2]float64, err error) {
	var texts [][]string
	var begins [][][2]int
	switch kind {
	case "Polygon":
		texts, begins = make([][]string, 1), make([][][2]int, 1)
		if err = json.Unmarshal(coordinates, &texts[0]); err == nil {
			err = json.Unmarshal(offsets, &begins[0])
		}
	case "MultiPolygon":
		if err = json.Unmarshal(coordinates, &texts); err == nil {
			err = json.Unmarshal(offsets, &begins)
		}
	default:
		err = fmt.Errorf("got %s, want a polygon", kind)
	}
	if err != nil {
		return nil, err
	}
	for i := range texts {
		if i >= len(begins) || len(begins[i]) < len(texts[i]) {
			return nil, fmt.Errorf("polygon %d has no beginning", i)
		}
		for j, text := range texts[i] {
			rings = append(rings, decodeRing(text, begins[i][j]))
		}
	}
	return rings, nil
}

// decodeRing adds up the steps of a ring: each a pair of runes, zigzag from 64,
// in 1024ths of a degree.
func decodeRing(text string, begin [2]int) (ring [][2]float64) {
	at := begin
	for len(text) > 0 {
		for axis := range at {
			r, size := utf8.DecodeRuneInString(text)
			text = text[size:]
			step := int(r) - 64
			at[axis] += step>>1 ^ -(step & 1)
		}
		ring = append(ring, [2]float64{float64(at[0]) / 1024, float64(at[1]) / 1024})
	}
	return ring
}

// leastArea is that of the smallest island that is drawn, in the box's units
// squared: one that covers a dot.
const leastArea = 1.5

// drawRing writes a ring as a path, without points that round to the one before.
func drawRing(path *strings.Builder, ring [][2]float64) {
	area := 0.0
	for i := range ring {
		x0, y0 := project(ring[i][0], ring[i][1])
		x1, y1 := project(ring[(i+1)%len(ring)][0], ring[(i+1)%len(ring)][1])
		area += (x0*y1 - x1*y0) / 2
	}
	if math.Abs(area) < leastArea {
		return
	}
	last, command := "", "M"
	for _, point := range ring {
		x, y := project(point[0], point[1])
		text := coordinate(x) + " " + coordinate(y)
		if text == last {
			continue
		}
		path.WriteString(command + text)
		last, command = text, "L"
	}
	path.WriteByte('Z')
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// areas puts the parts of a ranking on the map; nil where one of the cities is not
// among the parts, or the parts are other regions.
func (s *Site) areas(r *Ranking) []Area {
	rows := map[string]*RankRow{}
	for i := range r.Rows {
		rows[r.Rows[i].Code] = &r.Rows[i]
	}
	var list []Area
	for i := range s.outlines {
		o := &s.outlines[i]
		row, ok := rows[o.code]
		if !ok {
			return nil
		}
		list = append(list, Area{
			Name: row.Name, URL: row.URL, State: row.State, Mark: row.Mark, Value: row.Reduction.Text,
			Path: o.path.String(), X: coordinate(o.x), Y: coordinate(o.y),
		})
	}
	return list
}
