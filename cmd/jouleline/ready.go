package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// ReadyCmd asks a server whether it can do its work: the health check of a
// container that holds this program and nothing else.
type ReadyCmd struct {
	Server string `help:"Address of the server." default:"http://127.0.0.1:8080" placeholder:"URL"`
}

// readyWithin bounds how long a server may take to say that it is ready.
const readyWithin = 4 * time.Second

// Run prints "ready", or fails with the server's reasons.
func (c *ReadyCmd) Run(ctx context.Context, std streams) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	remote := Remote{Server: c.Server}
	request, err := remote.request(ctx, http.MethodGet, "/readyz", nil, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return remote.unreached(err)
	}
	defer response.Body.Close()
	var answer struct {
		Ready   bool     `json:"ready"`
		Reasons []string `json:"reasons"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("read the server's answer of status %d: %w", response.StatusCode, err)
	}
	if !answer.Ready {
		return errors.New("not ready: " + strings.Join(answer.Reasons, "; "))
	}
	_, err = fmt.Fprintln(std.out, "ready")
	return err
}
