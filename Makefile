# Every target is one line a person could type.

GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT = mvdan.cc/gofumpt@v0.12.0
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@latest

.PHONY: build test race check-data integration bench demo lint vuln chance fuzz clean

build: ## the one binary
	$(GO) build -o bin/jouleline ./cmd/jouleline

test: ## everything that needs no foreign server
	$(GO) test -timeout 20m ./...

race: ## the same under the race detector, shorter
	$(GO) test -race -short ./...

demo: build ## real and simulated readings, a table, a server to look around in
	./bin/jouleline demo

check-data: ## real inputs that lie beside the checkout (skipped where they do not)
	$(GO) test -count=1 -run 'Data' ./cmd/... ./analytics/... ./schema/registry

integration: ## against a real Kafka (from Maven Central), Prometheus, InfluxDB (from the Go module proxy), the Flux checker and Grafana's schema (from npm) and Mosquitto, each skipped where it cannot be had
	$(GO) test -tags integration -count=1 -timeout 5m -v -run Integration ./api
	JOULELINE_KAFKA_LIBS="$$(./deploy/kafka/fetch.sh)" JOULELINE_INFLUXD="$$(./deploy/influx/fetch.sh)" JOULELINE_FLUX_CHECKER="$$(./deploy/influx/fetch-checker.sh)" JOULELINE_GRAFANA_SCHEMA="$$(./deploy/grafana/fetch-schema.sh)" $(GO) test -tags integration -count=1 -timeout 16m -v -run Integration ./cmd/jouleline

bench: ## the figures of the README; prints a table and writes JSON
	$(GO) run ./bench/load

lint: ## formatting, vet and staticcheck
	test -z "$$(gofmt -l .)"
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

vuln: ## known vulnerabilities (needs the vulnerability database on the internet)
	$(GO) run $(GOVULNCHECK) ./...

chance: ## the tests again, from seeds of the moment (a test that fails prints its own)
	TEST_SEED=new $(GO) test -timeout 20m -count=$${CHANCES:-1} ./...

fuzz: ## each fuzzer for FUZZTIME (default 30s)
	./deploy/fuzz.sh $${FUZZTIME:-30s}

clean:
	rm -rf bin demo-data
