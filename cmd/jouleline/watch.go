package main

import (
	"jouleline/api/telemetry"
	"jouleline/ingest"
	"jouleline/ingest/gateway"
	"jouleline/ingest/pipeline"
	"jouleline/schema"
)

// pipelineWatch lets the pipeline tell the server's own metrics.
type pipelineWatch struct{ *telemetry.Telemetry }

func (w pipelineWatch) Batch(s pipeline.Stats) { w.Telemetry.Batch(telemetry.Batch(s)) }

func (w pipelineWatch) Unmapped(fields int) { w.Telemetry.Unmapped(ingest.TopicReadings, fields) }

// gatewayWatch lets the gateway tell them.
type gatewayWatch struct{ *telemetry.Telemetry }

func (w gatewayWatch) Readings(source gateway.Source, code schema.Code, n int) {
	w.Telemetry.Readings(string(source), code, n)
}

func (w gatewayWatch) Unmapped(source gateway.Source, fields int) {
	w.Telemetry.Unmapped(string(source), fields)
}

func (w gatewayWatch) Refused(source gateway.Source, status int) {
	w.Telemetry.Refused(string(source), status)
}
