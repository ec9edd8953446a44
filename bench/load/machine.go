package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// machine names what the figures were measured on. What a system does not tell
// stays empty.
type machine struct {
	CPU       string  `json:"cpu"`
	Cores     int     `json:"cores"`
	MemoryGiB float64 `json:"memory_gib"`
	Go        string  `json:"go"`
	OS        string  `json:"os"`
	// LoadBefore is how many processes wanted to run before the first run, by
	// the system's average over a minute: above a few tenths somebody else was
	// at work, and the figures are too small.
	LoadBefore float64 `json:"load_before"`
}

func thisMachine() machine {
	m := machine{Cores: runtime.NumCPU(), Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH}
	m.CPU, _ = procField("/proc/cpuinfo", "model name")
	if total, ok := procField("/proc/meminfo", "MemTotal"); ok {
		m.MemoryGiB = kibibytes(total) / (1 << 20)
	}
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.OS += " " + strings.TrimSpace(string(release))
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		first, _, _ := strings.Cut(string(load), " ")
		m.LoadBefore, _ = strconv.ParseFloat(first, 64)
	}
	return m
}

// procField reads the first line "name : value" of a file of the proc system.
func procField(file, name string) (value string, ok bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", false
	}
	return field(text, name)
}

func field(text []byte, name string) (value string, ok bool) {
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if left, right, found := strings.Cut(lines.Text(), ":"); found && strings.TrimSpace(left) == name {
			return strings.TrimSpace(right), true
		}
	}
	return "", false
}

// kibibytes reads text such as "24626128 kB", which means KiB there.
func kibibytes(text string) float64 {
	n, _ := strconv.ParseFloat(strings.TrimSuffix(text, " kB"), 64)
	return n
}

// peakMemory gives the most memory that this process had since the last
// forgetPeak, in GiB; 0 where the system does not tell.
func peakMemory() float64 {
	text, _ := procField("/proc/self/status", "VmHWM")
	return kibibytes(text) / (1 << 20)
}

// forgetPeak starts the peak anew, so that memory of preparations does not count.
// Where the system does not let it, they do count.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// cpuSeconds gives the processor time that this process has taken, DuckDB's
// threads included; 0 where the system does not tell.
func cpuSeconds() float64 {
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	return statSeconds(string(text))
}

// statSeconds reads user and system time from a process's line, fields 14 and 15
// in hundredths of a second. The name before them may hold blanks.
func statSeconds(line string) float64 {
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:])
	const user, system = 11, 12
	if len(fields) <= system {
		return 0
	}
	u, _ := strconv.ParseFloat(fields[user], 64)
	s, _ := strconv.ParseFloat(fields[system], 64)
	return (u + s) / 100
}

// commit names the source that is measured: the revision, and whether files
// differ from it.
func commit(ctx context.Context) (revision string, dirty bool) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "HEAD").Output()
	if err != nil {
		return "unknown", true
	}
	changes, err := exec.CommandContext(ctx, "git", "status", "--porcelain").Output()
	return strings.TrimSpace(string(out)), err != nil || len(bytes.TrimSpace(changes)) > 0
}
