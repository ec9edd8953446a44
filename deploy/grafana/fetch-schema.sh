#!/usr/bin/env bash
# Brings Grafana's schema of dashboards and the TypeScript compiler from npm and
# prints the folder that they are in, for check.mjs. Prints nothing, and says why,
# where they cannot be had.
set -euo pipefail
version=12.1.0 # of Grafana: that of ../compose.yaml
compiler=5.8.3 # the one that this schema is made with
folder=${XDG_CACHE_HOME:-$HOME/.cache}/jouleline/grafana-schema-$version

if [ ! -f "$folder/node_modules/@grafana/schema/package.json" ] || [ ! -f "$folder/node_modules/typescript/package.json" ]; then
	command -v npm >/dev/null || { echo "no schema of Grafana: npm is missing" >&2; exit 0; }
	mkdir -p "$folder"
	npm install --prefix "$folder" --no-save --no-audit --no-fund --ignore-scripts "@grafana/schema@$version" "typescript@$compiler" >&2 ||
		{ echo "no schema of Grafana: it could not be had from npm, see above" >&2; exit 0; }
fi
echo "$folder/node_modules"
