package api

import (
	"fmt"
	"net/http"

	"jouleline/api/problem"
)

// mountPeer mounts the handler of other instances' questions. It is not part of
// the contract: only instances of the same program speak it.
func (s *Server) mountPeer() {
	handler := s.config.Peer
	if handler == nil {
		handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.fail(w, r, fmt.Errorf("%w: this server has no peers", problem.ErrUnavailable))
		})
	}
	s.router.Handle("POST /peer/v1/{question}", handler)
}
