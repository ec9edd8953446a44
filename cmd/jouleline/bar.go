package main

import (
	"fmt"
	"io"
	"strings"
)

// bar is a progress bar of one line. It is drawn anew for every hundredth part.
type bar struct {
	out         io.Writer
	what        string
	done, total int
	drawn       int
}

func newBar(out io.Writer, what string, total int) *bar {
	b := &bar{out: out, what: what, total: total, drawn: -1}
	b.draw()
	return b
}

func (b *bar) add(n int) { b.set(b.done + n) }

func (b *bar) set(done int) {
	b.done = done
	b.draw()
}

func (b *bar) draw() {
	const width = 30
	percent := 100
	if b.total > 0 {
		percent = 100 * b.done / b.total
	}
	if percent == b.drawn {
		return
	}
	b.drawn = percent
	filled := width * percent / 100
	fmt.Fprintf(b.out, "\r%-42s [%s%s] %3d %%", b.what, strings.Repeat("#", filled), strings.Repeat(" ", width-filled), percent)
}

func (b *bar) end() { fmt.Fprintln(b.out) }
