package influx

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/api"
	influxhttp "github.com/influxdata/influxdb-client-go/v2/api/http"
)

// requestTimeout bounds one request; a batch of 5,000 points takes milliseconds, a
// deletion on a busy server seconds.
const requestTimeout = 30 * time.Second

// client is one InfluxDB.
type client struct {
	influxdb2.Client
	write       api.WriteAPIBlocking
	org, bucket string
	// legacy tells that the server has no /api/v2/delete (1.8) and deletes by
	// InfluxQL.
	legacy bool
}

func newClient(c *Config) *client {
	options := influxdb2.DefaultOptions().SetUseGZip(true).SetPrecision(time.Second).SetLogLevel(0).
		SetHTTPClient(&http.Client{Timeout: c.timeout, CheckRedirect: stayAWrite})
	all := influxdb2.NewClientWithOptions(c.URL, c.Token, options)
	return &client{Client: all, write: all.WriteAPIBlocking(c.Org, c.Bucket), org: c.Org, bucket: c.Bucket}
}

// stayAWrite follows no redirection that makes a GET of a POST: the page that it
// leads to, of a login as a rule, has taken nothing.
func stayAWrite(next *http.Request, via []*http.Request) error {
	if next.Method != via[0].Method || len(via) >= 5 {
		return http.ErrUseLastResponse
	}
	return nil
}

// put writes lines in one request. The error is an *influxhttp.Error.
func (c *client) put(ctx context.Context, lines []string) error {
	return c.write.WriteRecord(ctx, lines...)
}

// erase deletes points.
func (c *client) erase(ctx context.Context, e erasure) error {
	if !c.legacy {
		err := c.eraseByPredicate(ctx, e)
		var answer *influxhttp.Error
		// A bucket that is missing is told in JSON; a path that is, is not.
		if !errors.As(err, &answer) || answer.StatusCode != http.StatusNotFound || fromInflux(answer) {
			return err
		}
		c.legacy = true
	}
	return c.eraseByQuery(ctx, e)
}

func (c *client) eraseByPredicate(ctx context.Context, e erasure) error {
	body, err := json.Marshal(map[string]string{
		"start": e.from.UTC().Format(time.RFC3339), "stop": e.to.UTC().Format(time.RFC3339), "predicate": e.predicate(),
	})
	if err != nil {
		return err
	}
	service := c.HTTPService()
	address := service.ServerAPIURL() + "delete?" + url.Values{"org": {c.org}, "bucket": {c.bucket}}.Encode()
	return result(service.DoPostRequest(ctx, address, bytes.NewReader(body), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json")
	}, closeBody))
}

// eraseByQuery deletes by InfluxQL, in every retention policy of the database.
func (c *client) eraseByQuery(ctx context.Context, e erasure) error {
	service := c.HTTPService()
	database, _, _ := strings.Cut(c.bucket, "/")
	address := service.ServerURL() + "query?" + url.Values{"db": {database}}.Encode()
	form := url.Values{"q": {e.query()}}.Encode()
	return result(service.DoPostRequest(ctx, address, strings.NewReader(form), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}, func(r *http.Response) error {
		defer r.Body.Close()
		return queryError(r.Body)
	}))
}

// maxAnswer bounds what is read of an answer that has nothing to say.
const maxAnswer = 1 << 20

// queryError finds the error in the answer of a query, whose status is 200 all the
// same.
func queryError(body io.Reader) error {
	var answer struct {
		Error   string `json:"error"`
		Results []struct {
			Error string `json:"error"`
		} `json:"results"`
	}
	if err := json.NewDecoder(io.LimitReader(body, maxAnswer)).Decode(&answer); err != nil {
		return fmt.Errorf("read the answer of a deletion: %w", err)
	}
	if answer.Error != "" {
		return errors.New(answer.Error)
	}
	for _, r := range answer.Results {
		if r.Error != "" {
			return errors.New(r.Error)
		}
	}
	return nil
}

func closeBody(r *http.Response) error { return r.Body.Close() }

// result keeps a nil pointer from becoming an error.
func result(err *influxhttp.Error) error {
	if err == nil {
		return nil
	}
	return err
}
