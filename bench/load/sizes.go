package main

import "fmt"

// sizes say how much is measured with.
type sizes struct {
	// Readings of an ingest run, Meters that give them.
	Readings int `json:"readings"`
	Meters   int `json:"meters"`
	// ManyMeters is a million.
	ManyMeters int `json:"many_meters"`
	// Institutions of the province whose progress is asked for.
	Institutions int `json:"institutions"`
	// LoadedMeters and LoadedDays are what is loaded, at 15 minutes, before
	// corrections are sent and buildings are asked for. CrowdMeters are in the same
	// store, for as many days; their past was put into its file.
	LoadedMeters int `json:"loaded_meters"`
	CrowdMeters  int `json:"crowd_meters"`
	LoadedDays   int `json:"loaded_days"`
}

// defaultSizes take about three quarters of an hour on two cores, and 16 GB on the
// disk. Three million readings are six seconds at the first bar: long enough for a
// dozen transactions. The goals for a loaded store speak of 100,000 meters and a year,
// which is 3.5 billion readings and takes three hours to load. What a question costs
// depends on what other meters lie in the tables as well: so those whose readings are
// corrected go the whole way, and the others are put there as the store would have
// left them.
var defaultSizes = sizes{
	Readings: 3_000_000, Meters: 20_000, ManyMeters: 1_000_000, Institutions: 45_000, LoadedMeters: 2_000, CrowdMeters: 98_000, LoadedDays: 365,
}

// Sizes that every row has.
const (
	partitions = 4
	seed       = 1
)

func (s *sizes) validate() error {
	for _, size := range []struct {
		name             string
		got, least, most int
	}{
		{"readings", s.Readings, 10_000, 1_000_000_000},
		{"meters", s.Meters, 100, 1_000_000},
		{"many-meters", s.ManyMeters, 1_000, 10_000_000},
		{"institutions", s.Institutions, 100, 1_000_000},
		{"loaded-meters", s.LoadedMeters, 100, 1_000_000},
		{"crowd-meters", s.CrowdMeters, 0, 1_000_000},
		{"loaded-days", s.LoadedDays, 32, 366},
	} {
		if size.got < size.least || size.got > size.most {
			return fmt.Errorf("%s: got %d, want %d to %d", size.name, size.got, size.least, size.most)
		}
	}
	return nil
}

// loadedReadings is how many readings are loaded before anything is asked.
func (s *sizes) loadedReadings() int { return s.LoadedMeters * s.LoadedDays * 96 }
