package codec

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// mostStrangers is how many unknown names a detail tells: enough to find the
// misspelt one among a gateway's own, few enough to be read.
const mostStrangers = 4

// strangers says which names of the object b[0:] mean nothing here, and which
// would; empty where there are none. It goes as far as b has the form of an
// object, so that it also tells of one that was cut short. whole is set where the
// object may hold readings instead of being one.
//
// Unknown names are no fault of a reading: a gateway may well send more than is
// asked for. But where a required name is missing, one of them is likely that one,
// misspelt.
func strangers(b []byte, whole bool) string {
	var names []string
	more, noArray := 0, false
	for i := skipSpace(b, 1); i < len(b) && b[i] == '"'; {
		end, ok := skipString(b, i)
		if !ok {
			break
		}
		switch name := plainName(b[i:end]); {
		case whole && name == "readings":
			noArray = true
		case slices.Contains(columnNames[1:], name) || slices.Contains(names, name):
		case len(names) < mostStrangers:
			names = append(names, name)
		default:
			more++
		}
		if i = skipSpace(b, end); i >= len(b) || b[i] != ':' {
			break
		}
		if i, ok = skipValue(b, skipSpace(b, i+1), 1); !ok {
			break
		}
		if i = skipSpace(b, i); i < len(b) && b[i] == ',' {
			i = skipSpace(b, i+1)
		}
	}
	if noArray {
		return "; got readings, which is no array"
	}
	if len(names) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("; got the unknown name")
	if len(names) > 1 {
		out.WriteByte('s')
	}
	for i, name := range names {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, " %q", clip(name))
	}
	if more > 0 {
		fmt.Fprintf(&out, " and %d more", more)
	}
	out.WriteString(", known are " + strings.Join(columnNames[1:], ", "))
	if whole {
		out.WriteString(", or readings with an array of such")
	}
	return out.String()
}

// plainName gives a name without quotes and escapes.
func plainName(quoted []byte) string {
	var name string
	if json.Unmarshal(quoted, &name) != nil {
		return string(quoted[1 : len(quoted)-1])
	}
	return name
}
