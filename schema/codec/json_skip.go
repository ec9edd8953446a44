package codec

// maxDepth bounds how deep foreign fields of a JSON body may nest. Readings are
// flat. It bounds the stack, and together with the early end at the first wrong
// byte it bounds how often a byte is looked at while broken lines are skipped.
const maxDepth = 16

// skipValue gives the end of the JSON value at b[i:]. It holds the structure to
// the grammar and takes any word or number, also NaN, so that such a value
// spoils its own reading only. Where ok is false, end is the offending byte.
func skipValue(b []byte, i, depth int) (end int, ok bool) {
	if i >= len(b) || depth > maxDepth {
		return i, false
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{':
		end, _, ok = walkObject(b, i+1, depth, false)
		return end, ok
	case '[':
		if i = skipSpace(b, i+1); i < len(b) && b[i] == ']' {
			return i + 1, true
		}
		for {
			if i, ok = skipValue(b, i, depth+1); !ok {
				return i, false
			}
			if i = skipSpace(b, i); i >= len(b) || b[i] != ',' && b[i] != ']' {
				return i, false
			}
			if b[i] == ']' {
				return i + 1, true
			}
			i = skipSpace(b, i+1)
		}
	}
	for end = i; end < len(b) && isWord(b[end]); end++ {
	}
	return end, end > i
}

// walkObject goes through the members of an object from behind its opening
// brace (or a later comma) on. Where readings is set it stops behind the '[' of
// an array of that name (array is true), else behind the closing brace.
func walkObject(b []byte, i, depth int, readings bool) (end int, array, ok bool) {
	if i = skipSpace(b, i); i < len(b) && b[i] == '}' {
		return i + 1, false, true
	}
	for {
		if i >= len(b) || b[i] != '"' {
			return i, false, false
		}
		name := i
		if i, ok = skipString(b, i); !ok {
			return i, false, false
		}
		named := readings && string(b[name:i]) == `"readings"`
		if i = skipSpace(b, i); i >= len(b) || b[i] != ':' {
			return i, false, false
		}
		i = skipSpace(b, i+1)
		if named && i < len(b) && b[i] == '[' {
			return i + 1, true, true
		}
		if i, ok = skipValue(b, i, depth+1); !ok {
			return i, false, false
		}
		if i = skipSpace(b, i); i >= len(b) || b[i] != ',' && b[i] != '}' {
			return i, false, false
		}
		if b[i] == '}' {
			return i + 1, false, true
		}
		i = skipSpace(b, i+1)
	}
}

// skipString gives the end of the string at b[i:], which starts with a quote.
func skipString(b []byte, i int) (end int, ok bool) {
	for i++; ; i++ {
		i = plainEnd(b, i)
		switch {
		case i >= len(b):
			return i, false
		case b[i] == '"':
			return i + 1, true
		case b[i] == '\\':
			i++
		case b[i] < ' ':
			return i, false
		}
	}
}

func isWord(c byte) bool {
	return c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '.' || c == '-' || c == '+'
}
