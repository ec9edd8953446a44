package sim

import "jouleline/schema"

// level is the level of government that an institution belongs to.
type level uint8

const (
	provincial level = iota
	city
	county
)

// archetype is a sort of institution with its usual magnitudes a year. They are
// judgements from published averages and audits of the sort (Guangdong 2021,
// Shantou 2022, Shandong quotas of 2019), not measurements of Shandong.
type archetype struct {
	name   string
	system string // the department tree's branch
	class  schema.Class
	level  level
	weight int // how many of a hundred
	// electricity in kWh/m2 with its deviation, heat in GJ/m2, gas in m3/m2
	electricity, deviation, heat, gas float64
	areaPerPerson                     float64 // m2
	water, fuel                       float64 // m3 and L of vehicle fuel a person
	leastPeople, mostPeople           float64
	closes                            bool // in the school holidays
}

var archetypes = []archetype{
	{"省直机关", "gov", schema.StateOrgan, provincial, 2, 65, 20, 0.28, 0.5, 35, 20, 25, 300, 1500, false},
	{"市直机关", "gov", schema.StateOrgan, city, 10, 65, 20, 0.28, 0.5, 35, 20, 25, 120, 700, false},
	{"机关", "gov", schema.StateOrgan, county, 24, 45, 15, 0.28, 0.4, 30, 15, 20, 50, 300, false},
	{"大学", "edu", schema.Education, city, 5, 38, 12, 0.26, 0.8, 25, 35, 1, 5000, 22000, true},
	{"中小学", "edu", schema.Education, county, 26, 18, 6, 0.24, 0.3, 9, 12, 0.2, 500, 3000, true},
	{"中心医院", "health", schema.Health, city, 4, 110, 35, 0.40, 2.0, 25, 50, 3, 1200, 5000, false},
	{"医院", "health", schema.Health, county, 11, 110, 35, 0.40, 2.0, 25, 50, 3, 200, 1800, false},
	{"图书馆", "culture", schema.Culture, city, 4, 55, 20, 0.28, 0.2, 40, 12, 1, 60, 300, false},
	{"文化馆", "culture", schema.Culture, county, 3, 55, 20, 0.28, 0.2, 40, 12, 1, 30, 120, false},
	{"体育馆", "sport", schema.Sport, city, 3, 55, 20, 0.28, 0.2, 40, 12, 1, 40, 200, false},
	{"研究所", "science", schema.Science, city, 3, 60, 25, 0.28, 0.4, 30, 18, 5, 80, 500, false},
	{"服务中心", "other", schema.OtherClass, county, 3, 60, 25, 0.28, 0.4, 30, 18, 5, 40, 250, false},
	{"团体联合会", "assoc", schema.Association, county, 2, 45, 15, 0.28, 0.4, 30, 15, 5, 30, 120, false},
}

// systems names the branches of the department tree.
var systems = []struct{ id, name string }{
	{"gov", "机关事务系统"}, {"edu", "教育系统"}, {"health", "卫生健康系统"}, {"culture", "文化系统"},
	{"sport", "体育系统"}, {"science", "科技系统"}, {"other", "其他事业单位"}, {"assoc", "团体组织"},
}

// counts shares a number of institutions out to the archetypes by their weights,
// largest remainder first, and each at least one where there are enough.
func counts(institutions int) []int {
	total := 0
	for _, a := range archetypes {
		total += a.weight
	}
	given, shares := 0, make([]int, len(archetypes))
	for i, a := range archetypes {
		shares[i] = institutions * a.weight / total
		if shares[i] == 0 && institutions >= len(archetypes) {
			shares[i] = 1
		}
		given += shares[i]
	}
	for given != institutions {
		best := 0
		for i, a := range archetypes {
			lack := func(i int) int { return institutions*archetypes[i].weight - shares[i]*total }
			if given < institutions && lack(i) > lack(best) || given > institutions && shares[i] > shares[best] && a.weight > 0 {
				best = i
			}
		}
		if given < institutions {
			shares[best]++
			given++
		} else {
			shares[best]--
			given--
		}
	}
	return shares
}
