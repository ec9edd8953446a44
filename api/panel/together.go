package panel

import "jouleline/metrics/indicator"

// together is rows whose groups are parts of one scope.
type together struct {
	scope indicator.Scope
	// part is what the rows speak of; "" where it is the scope itself.
	part indicator.Level
	rows []int
}

// fewApart is how many groups of one parent are asked for one by one: a
// breakdown reads all children of the parent.
const fewApart = 2

// together sorts rows by the parent of their groups.
func (a *selection) together(level indicator.Level, rows []entry) []together {
	parents := map[string][]string{}
	of := map[string][]int{}
	var order []string
	for i := range rows {
		id := rows[i].about.ID
		if of[id] == nil {
			parent := a.parent(level, id)
			if parents[parent] == nil {
				order = append(order, parent)
			}
			parents[parent] = append(parents[parent], id)
		}
		of[id] = append(of[id], i)
	}
	var list []together
	for _, parent := range order {
		if ids := parents[parent]; parent == "" || len(ids) <= fewApart {
			for _, id := range ids {
				list = append(list, together{indicator.Scope{Level: level, ID: id}, "", of[id]})
			}
			continue
		}
		t := together{scope: indicator.Scope{Level: level, ID: parent}, part: level}
		if level == indicator.ByInstitution {
			t.scope.Level = indicator.ByRegion
		}
		for _, id := range parents[parent] {
			t.rows = append(t.rows, of[id]...)
		}
		list = append(list, t)
	}
	return list
}

// parent names what a group is a part of, "" where it is a part of nothing.
func (a *selection) parent(level indicator.Level, id string) string {
	var path []string
	switch level {
	case indicator.ByRegion:
		path = a.w.RegionPath(id, a.cat.day)
	case indicator.ByDepartment:
		path = a.w.DepartmentPath(id, a.cat.day)
	case indicator.ByInstitution:
		index, _ := a.w.InstitutionIndex(id)
		return a.w.InstitutionOn(index, a.cat.day).Region
	}
	if len(path) < 2 {
		return ""
	}
	return path[1]
}
