package analyze

import (
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// sharedFolder is where inputs lie that nobody on the project wrote.
const sharedFolder = "../../../../shared/data"

// Exit codes, as the program gives them.
const (
	codeOK     = 0
	codeFailed = 1
	codeUsage  = 2
)

// runAnalysis is the program as far as it analyses.
func runAnalysis(args []string, out, complaints io.Writer) int {
	var cli struct {
		Analyze Cmd `cmd:""`
	}
	parser, err := kong.New(&cli, kong.Name("jouleline"), kong.Writers(out, complaints), kong.BindTo(out, (*io.Writer)(nil)), kong.Exit(func(int) {}))
	if err != nil {
		panic(err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(complaints, "jouleline:", err)
		return codeUsage
	}
	if err := command.Run(); err != nil {
		fmt.Fprintln(complaints, "jouleline:", err)
		if errors.Is(err, ErrUsage) {
			return codeUsage
		}
		return codeFailed
	}
	return codeOK
}
