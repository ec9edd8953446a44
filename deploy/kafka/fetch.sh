#!/usr/bin/env bash
# Prints the folder with the jars of Apache Kafka, fetching them from Maven
# Central where they are not there yet. Prints nothing, and the reason to stderr,
# where java or mvn is missing or Maven Central cannot be reached.
set -euo pipefail
pom=$(cd "$(dirname "$0")" && pwd)/pom.xml
version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$pom")
folder=${XDG_CACHE_HOME:-$HOME/.cache}/jouleline/kafka-$version

command -v java >/dev/null || { echo "no real Kafka: java (17 or later) is missing" >&2; exit 0; }
if [ ! -e "$folder/complete" ]; then
	command -v mvn >/dev/null || { echo "no real Kafka: mvn is missing" >&2; exit 0; }
	mkdir -p "$folder"
	echo "fetching Apache Kafka $version from Maven Central" >&2
	mvn -B -q -f "$pom" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$folder" >&2 ||
		{ echo "no real Kafka: Maven Central gave an error, see above" >&2; exit 0; }
	touch "$folder/complete"
fi
echo "$folder"
