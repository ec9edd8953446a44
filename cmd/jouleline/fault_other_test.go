//go:build !linux

package main

import "testing"

// readOnlyFolder is not had here.
func readOnlyFolder(testing.TB) string { return "" }
