package api

import (
	"encoding/json"
	"net/http"

	"jouleline/api/contract"
)

// Alive is the answer of /healthz.
type Alive struct {
	Status  string `json:"status" doc:"Always ok" example:"ok"`
	Version string `json:"version" doc:"Version of the program" example:"0.1.0"`
}

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready   bool     `json:"ready" doc:"The server can do its work"`
	Reasons []string `json:"reasons" doc:"Why it cannot"`
}

// mountHealth mounts what tells of the server itself.
func (s *Server) mountHealth() {
	s.build.Mount(contract.Operation{
		ID: "healthz", Route: "GET /healthz", Tag: contract.TagServer,
		Summary: "Is the program alive", Text: "Answers as long as the program answers at all.",
	}, http.HandlerFunc(s.healthz), nil, contract.AnswerJSON[Alive](s.build, "healthz", "It is"))
	s.build.Mount(contract.Operation{
		ID: "readyz", Route: "GET /readyz", Tag: contract.TagServer,
		Summary: "Can the server do its work", Text: "200 where it can, 503 with the same document and the reasons where it cannot: the books are not open yet, the disk is full, Kafka is away.",
	}, http.HandlerFunc(s.readyz), nil, contract.AnswerJSON[Readiness](s.build, "readyz", "It can"))
	s.build.Mount(contract.Operation{
		ID: "metrics", Route: "GET /metrics", Tag: contract.TagServer,
		Summary: "Metrics of the server", Text: "For Prometheus, in its text format.",
	}, s.config.Metrics, nil, contract.DescribedOnly("Metrics in the text format of Prometheus"))
}

func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, Alive{Status: "ok", Version: s.config.Version})
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	answer, status := Readiness{Reasons: s.config.Health.NotReady(r.Context())}, http.StatusServiceUnavailable
	if len(answer.Reasons) == 0 {
		answer, status = Readiness{Ready: true, Reasons: []string{}}, http.StatusOK
	}
	writeJSON(w, status, answer)
}

// writeJSON answers with a small document.
func writeJSON(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", contract.JSONType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // an error means that the caller is gone
}
