package main

import (
	"bytes"
	"compress/gzip"
	"io"
)

// pieceRows bounds the lines of one push.
const pieceRows = 20_000

// piece is a part of a file that stands on its own.
type piece struct {
	body []byte
	rows int
}

// pieces cuts a file of lines into parts that each hold whole lines; parts of a
// CSV file begin with its header. A JSON document is one piece.
func pieces(content []byte, contentType string) []piece {
	if contentType == "application/json" {
		return []piece{{content, 0}}
	}
	var header []byte
	if contentType == "text/csv" {
		end := bytes.IndexByte(content, '\n') + 1
		header, content = content[:end], content[end:]
	}
	var list []piece
	for len(content) > 0 {
		end, rows := 0, 0
		for rows < pieceRows && end < len(content) {
			next := bytes.IndexByte(content[end:], '\n')
			if next < 0 {
				end = len(content)
			} else {
				end += next + 1
			}
			rows++
		}
		list = append(list, piece{append(bytes.Clone(header), content[:end]...), rows})
		content = content[end:]
	}
	return list
}

// gunzip reads a gzip file.
func gunzip(r io.Reader) ([]byte, error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	defer unpacked.Close()
	return io.ReadAll(unpacked)
}
