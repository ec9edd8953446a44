package indicator

import "jouleline/schema"

// tree is the distinct ids of a tree of areas.
type tree struct {
	ids  []string
	rows map[string]int32
}

func newTree(areas []schema.Area) tree {
	t := tree{rows: make(map[string]int32, len(areas))}
	for i := range areas {
		if _, ok := t.rows[areas[i].ID]; !ok {
			t.rows[areas[i].ID] = int32(len(t.ids))
			t.ids = append(t.ids, areas[i].ID)
		}
	}
	return t
}

// row gives the row of an id, -1 where it is empty or unknown.
func (t *tree) row(id string) int32 {
	if row, ok := t.rows[id]; ok {
		return row
	}
	return -1
}

// placement is where everything stands on a day.
type placement struct {
	day schema.Day
	// stand of each institution: rows of the trees and position of its class.
	stand []stand
	// regionUp and departmentUp give the row of the parent, -1 at the root.
	regionUp, departmentUp []int32
	// regionValid and departmentValid tell which areas exist on the day.
	regionValid, departmentValid []bool
}

func (w *World) place(day schema.Day) *placement {
	p := &placement{day: day, stand: make([]stand, len(w.reg.InstitutionIDs))}
	for i := range p.stand {
		p.stand[i] = w.stands[w.versionOn(int32(i), day)]
	}
	p.regionUp, p.regionValid = w.regions.parents(day, w.reg.Region)
	p.departmentUp, p.departmentValid = w.departments.parents(day, w.reg.Department)
	return p
}

func (t *tree) parents(day schema.Day, at func(string, schema.Day) (schema.Area, bool)) (up []int32, valid []bool) {
	up, valid = make([]int32, len(t.ids)), make([]bool, len(t.ids))
	for row, id := range t.ids {
		area, _ := at(id, day)
		up[row], valid[row] = t.row(area.Parent), area.Contains(day)
	}
	return up, valid
}

// What [below] gives beside rows.
const (
	outside = -1 // not below the root
	direct  = -2 // the root itself
)

// below gives for each row of a tree the child of root that it is or hangs
// under; direct for the root itself and outside for everything else. A root of
// -1 stands above all roots.
func below(root int32, up []int32) []int32 {
	const unknown = -3
	child := make([]int32, len(up))
	for row := range child {
		child[row] = unknown
	}
	var find func(row int32) int32
	find = func(row int32) int32 {
		switch {
		case row == root:
			return direct
		case row < 0:
			return outside
		case child[row] != unknown:
			return child[row]
		}
		found := find(up[row])
		if found == direct {
			found = row
		}
		child[row] = found
		return found
	}
	for row := range child {
		child[row] = find(int32(row))
	}
	return child
}
