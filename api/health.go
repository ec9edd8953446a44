package api

import (
	"encoding/json"
	"net/http"
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
	s.mount(operation{
		id: "healthz", route: "GET /healthz", tag: tagServer,
		summary: "Is the program alive", text: "Answers as long as the program answers at all.",
	}, http.HandlerFunc(s.healthz), nil, answerJSON[Alive](s, "healthz", "It is"))
	s.mount(operation{
		id: "readyz", route: "GET /readyz", tag: tagServer,
		summary: "Can the server do its work", text: "200 where it can, 503 with the same document and the reasons where it cannot: the books are not open yet, the disk is full, Kafka is away.",
	}, http.HandlerFunc(s.readyz), nil, answerJSON[Readiness](s, "readyz", "It can"))
	s.mount(operation{
		id: "metrics", route: "GET /metrics", tag: tagServer,
		summary: "Metrics of the server", text: "For Prometheus, in its text format.",
	}, s.config.Metrics, nil, describedOnly("Metrics in the text format of Prometheus"))
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
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // an error means that the caller is gone
}
