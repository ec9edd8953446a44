#!/usr/bin/env bash
# Brings InfluxData's language server of Flux from npm and prints the folder that it
# is in, for check.mjs. Prints nothing, and says why, where it cannot be had.
set -euo pipefail
version=0.8.40
folder=${XDG_CACHE_HOME:-$HOME/.cache}/jouleline/flux-checker-$version
package=$folder/node_modules/@influxdata/flux-lsp-browser

if [ ! -f "$package/flux-lsp-browser_bg.wasm" ]; then
	command -v npm >/dev/null || { echo "no Flux checker: npm is missing" >&2; exit 0; }
	mkdir -p "$folder"
	npm install --prefix "$folder" --no-save --no-audit --no-fund --ignore-scripts "@influxdata/flux-lsp-browser@$version" >&2 ||
		{ echo "no Flux checker: it could not be had from npm, see above" >&2; exit 0; }
fi
echo "$package"
