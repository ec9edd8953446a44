package ingest

import (
	"encoding/json"
	"fmt"

	"jouleline/schema"
)

// RejectedJSON is the content type of a record that carries what a gateway
// rejected, so that it becomes a row like what the pipeline rejects: nothing
// enters except through the topic.
const RejectedJSON = "application/vnd.jouleline.rejected+json"

// Reject is what a gateway rejected, as it came.
type Reject struct {
	Source   string      `json:"source"`
	Code     schema.Code `json:"code"`
	Detail   string      `json:"detail"`
	Original []byte      `json:"original"`
}

// EncodeRejects packs rejects into a record's value.
func EncodeRejects(rejects []Reject) ([]byte, error) { return json.Marshal(rejects) }

// DecodeRejects unpacks them.
func DecodeRejects(value []byte) (rejects []Reject, err error) {
	if err := json.Unmarshal(value, &rejects); err != nil {
		return nil, fmt.Errorf("rejects of a gateway: %w", err)
	}
	return rejects, nil
}
