package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
)

// readSecret reads a password or token from a file of its own; the end of the line
// does not belong to it.
func readSecret(file string) (string, error) {
	content, err := os.ReadFile(file)
	return strings.TrimRight(string(content), "\r\n"), err
}

// trusting makes a client's TLS that trusts the certificates of a file only.
func trusting(file string) (*tls.Config, error) {
	certificates, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: x509.NewCertPool()}
	if !config.RootCAs.AppendCertsFromPEM(certificates) {
		return nil, usageError{fmt.Errorf("%s holds no certificate", file)}
	}
	return config, nil
}
