package explain

// Kind is a stable short word for what a figure is, so that its label can be
// said in other languages than English. What differs within a kind stands beside
// it: Word is a member of a closed set (a measure, a carrier), Name an id, a name
// or a number that reads alike in all languages.
type Kind string

// The kinds.
const (
	Named         Kind = "named"           // by Name alone: a day, an institution
	OfConsumption Kind = "consumption"     // of what was asked for
	OfMeter       Kind = "meter"           // Name
	OfFormula     Kind = "formula"         // Name
	OfSpan        Kind = "span"            // from one reading to the next
	PartOfDay     Kind = "part_of_day"     // Name is the day
	WholeMeter    Kind = "whole_meter"     // of which a share counts
	NotKept       Kind = "not_kept"        // booked from readings that were let go
	NotInReadings Kind = "not_in_readings" // in the books only
	OfMeasure     Kind = "measure"         // Word is the measure, Name the group
	OfReduction   Kind = "reduction"       // likewise
	OfContent     Kind = "content"         // Word is energy, energy_without_vehicles, water or carbon
	OfBasis       Kind = "basis"           // Word is floor_area or headcount
	OfCarrier     Kind = "carrier"         // Word is the carrier
	OfVehicles    Kind = "vehicles"        // likewise, of vehicles
	OfEntry       Kind = "entry"           // Word is the kind of a correction, Name its id
	DeclaredTotal Kind = "declared_total"
	DeclaredYear  Kind = "declared_year" // for the year as a whole
	OfBuilding    Kind = "building_from" // Name is a building and a day
	OfHeadcount   Kind = "headcount_from"
	Others        Kind = "others" // Name is how many institutions
	Before        Kind = "before" // likewise, before those that are listed
	After         Kind = "after"
)
