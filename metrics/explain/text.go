package explain

import (
	"bufio"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"
)

// Write writes a tree as indented text: a line for each figure, and below it how
// it came about. Times are those of a location.
func Write(w io.Writer, n *Node, in *time.Location) error {
	out := bufio.NewWriter(w)
	write(out, n, in, "")
	return out.Flush()
}

func write(out *bufio.Writer, n *Node, in *time.Location, indent string) {
	fmt.Fprintf(out, "%s%s: %s", indent, n.Label, with(n.Value, n.Unit))
	if n.Source != "" {
		fmt.Fprintf(out, " (%s)", n.Source)
	}
	if n.Estimated != nil && n.Estimated.Sign() != 0 {
		fmt.Fprintf(out, ", of which %s estimated", number(n.Estimated))
	}
	if n.Expected > 0 {
		fmt.Fprintf(out, ", coverage %s %%", new(big.Rat).SetFrac64(100*n.Known, n.Expected).FloatString(2))
	}
	fmt.Fprintln(out)
	inner := indent + "  "
	line := func(format string, args ...any) {
		fmt.Fprintf(out, "%s"+format+"\n", append([]any{inner}, args...)...)
	}
	if n.How != "" {
		line("= %s", n.How)
	}
	if f := n.Factor; f != nil && f.Set != "" {
		line("  factor set %s version %s%s", f.Set, f.Version, note(f))
	}
	if len(n.Rules) > 0 {
		rules := make([]string, len(n.Rules))
		for i, r := range n.Rules {
			rules[i] = string(r)
		}
		line("rules: %s", strings.Join(rules, ", "))
	}
	for i := range n.Events {
		e := &n.Events[i]
		line("event: %s at %s%s", e.Kind, e.Time.Format(in), eventText(e))
	}
	for i := range n.Readings {
		line("%s", n.Readings[i].text(in))
	}
	for _, text := range n.Notes {
		line("note: %s", text)
	}
	for _, child := range n.Children {
		write(out, child, in, inner)
	}
}

// note names where a factor stems from.
func note(f *Factor) string {
	text := ""
	if f.Grid {
		text = fmt.Sprintf(", grid of %s in %d", regionName(f.Region), f.Year)
	}
	if f.Note != "" {
		text += ": " + f.Note
	}
	return text
}

func regionName(code string) string {
	if code == "" {
		return "the nation"
	}
	return code
}

// text writes a reading on one line.
func (r *Reading) text(in *time.Location) string {
	shown := r.Value.String()
	if r.Original != "" {
		shown = r.Original
	}
	text := fmt.Sprintf("reading (%s): %s %s %s, received %s, recorded %s", r.Role, r.Time.Format(in), shown, r.Unit, r.Received.Format(in), r.Recorded.Format(in))
	if r.Kind.HasStart() {
		text += ", from " + r.Start.Format(in)
	}
	if r.Register != 0 {
		text += fmt.Sprintf(", register %d", r.Register)
	}
	if r.Revision != 0 {
		text += fmt.Sprintf(", revision %d", r.Revision)
	}
	if r.Deleted {
		text += ", deleted"
	}
	if r.Code != "" {
		text += ", " + string(r.Code)
	}
	return text
}
