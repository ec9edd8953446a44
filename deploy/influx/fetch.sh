#!/usr/bin/env bash
# Prints the program influxd of InfluxDB 1.8, building it from the Go module proxy
# where it is not there yet. Prints nothing, and the reason to stderr, where it
# cannot be built.
set -euo pipefail
version=1.8.10
folder=${XDG_CACHE_HOME:-$HOME/.cache}/jouleline/influxd-$version

if [ ! -x "$folder/influxd" ]; then
	command -v "${GO:=go}" >/dev/null || { echo "no real InfluxDB: go is missing" >&2; exit 0; }
	mkdir -p "$folder"
	echo "building InfluxDB $version from the Go module proxy" >&2
	(cd "$folder" && GOBIN="$folder" GOFLAGS= CGO_ENABLED=0 "$GO" install "github.com/influxdata/influxdb/cmd/influxd@v$version") >&2 ||
		{ echo "no real InfluxDB: it could not be built, see above" >&2; exit 0; }
fi
echo "$folder/influxd"
