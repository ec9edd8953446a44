//go:build unix

package kafka

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// lockFolder takes the folder for this process and gives what holds it: closing
// gives it back, and so does the end of the process, however it comes. The file
// stays: removing it would let two processes lock two files of one name.
func lockFolder(dir string) (io.Closer, error) {
	path := filepath.Join(dir, lockFile)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		if err = f.Truncate(0); err == nil {
			_, err = f.WriteAt(strconv.AppendInt(nil, int64(os.Getpid()), 10), 0)
		}
		if err == nil {
			return f, nil
		}
	}
	holder, _ := io.ReadAll(io.LimitReader(f, 32))
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%s: %w by process %s", path, ErrInUse, strings.TrimSpace(string(holder)))
	}
	return nil, fmt.Errorf("lock %s: %w", path, err)
}
