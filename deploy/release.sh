#!/usr/bin/env bash
# Builds the program for linux, stripped and packed with what it is run by:
#   deploy/release.sh [FOLDER]        default dist; ARCHS="amd64 arm64" by default
# An architecture that is not this machine's needs its cross compiler, as
# gcc-aarch64-linux-gnu and g++-aarch64-linux-gnu; without it, it is left out.
set -euo pipefail
out=$(realpath -m "${1:-dist}")
cd "$(dirname "$0")/.."
version=$(git describe --tags --always --dirty 2>/dev/null || echo development)
declare -A machine=([amd64]=x86_64 [arm64]=aarch64)
mkdir -p "$out"
for arch in ${ARCHS:-amd64 arm64}; do
	prefix=
	[ "$(uname -m)" = "${machine[$arch]}" ] || prefix=${machine[$arch]}-linux-gnu-
	if ! command -v "${prefix}g++" >/dev/null; then
		echo "left out: linux/$arch, since ${prefix}g++ is missing" >&2
		continue
	fi
	name=jouleline-$version-linux-$arch
	stage=$(mktemp -d)
	mkdir "$stage/$name"
	CC=${prefix}gcc CXX=${prefix}g++ CGO_ENABLED=1 GOOS=linux GOARCH=$arch \
		go build -trimpath -ldflags="-s -w" -o "$stage/$name/jouleline" ./cmd/jouleline
	cp README.md deploy/jouleline.service deploy/CLUSTER.md "$stage/$name"
	tar -C "$stage" --owner=0 --group=0 -czf "$out/$name.tar.gz" "$name"
	rm -r "$stage"
	echo "$out/$name.tar.gz"
done
(cd "$out" && sha256sum jouleline-"$version"-linux-*.tar.gz > "jouleline-$version.sha256")
