package analyze

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"jouleline/cmd/jouleline/columns"
)

// printAnswer prints a struct for people by the names of its JSON: single figures
// line by line, then each list as a table.
func printAnswer(out io.Writer, answer any) error {
	w := columns.New(out)
	var lists []field
	for _, f := range fieldsOf("", reflect.ValueOf(answer)) {
		if f.value.Kind() == reflect.Slice && isStruct(f.value.Type().Elem()) {
			lists = append(lists, f)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\n", f.name, cellOf(f.value))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, list := range lists {
		if list.value.Len() == 0 {
			continue
		}
		fmt.Fprintf(out, "\n%s\n", list.name)
		for i := range list.value.Len() {
			row := fieldsOf("", list.value.Index(i))
			if i == 0 {
				fmt.Fprintln(w, strings.Join(names(row), "\t"))
			}
			cells := make([]string, len(row))
			for k, f := range row {
				cells[k] = cellOf(f.value)
			}
			fmt.Fprintln(w, strings.Join(cells, "\t"))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// field is a named value of an answer.
type field struct {
	name  string
	value reflect.Value
}

func names(fields []field) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.name
	}
	return list
}

func isStruct(t reflect.Type) bool { return t.Kind() == reflect.Struct }

// fieldsOf lists the fields of a struct, those of structs in it with the outer
// name before theirs, the entries of a map by key.
func fieldsOf(prefix string, v reflect.Value) []field {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		var list []field
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			switch {
			case v.Type().Field(i).Anonymous:
				list = append(list, fieldsOf(prefix, v.Field(i))...)
			case name != "" && name != "-":
				list = append(list, fieldsOf(joined(prefix, name), v.Field(i))...)
			}
		}
		return list
	case reflect.Map:
		var list []field
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			list = append(list, fieldsOf(joined(prefix, key.String()), v.MapIndex(key))...)
		}
		return list
	}
	return []field{{prefix, v}}
}

func joined(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

// cellOf gives a value as text, "-" where it is not known.
func cellOf(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "-"
		}
		return cellOf(v.Elem())
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', 8, 64)
	case reflect.Slice:
		cells := make([]string, v.Len())
		for i := range cells {
			cells[i] = cellOf(v.Index(i))
		}
		return strings.Join(cells, " ")
	case reflect.String:
		if v.String() == "" {
			return "-"
		}
	}
	return fmt.Sprint(v.Interface())
}
