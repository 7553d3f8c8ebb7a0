package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// readBounded reads a file of up to limit bytes, which may be a pipe as in
// --token-file <(pass bot). It gives up a file that does not end in time. The goroutine stays
// then: opening a pipe that nobody writes to, or a file on a server that is gone, cannot be
// cut off.
func readBounded(name string, limit int, patience time.Duration) ([]byte, error) {
	type result struct {
		text []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := readSome(name, limit)
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-time.After(patience):
		return nil, fmt.Errorf("%s: nothing has come from it in %s", name, patience)
	}
}

func readSome(name string, limit int) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, int64(limit)+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if len(text) > limit {
		return nil, fmt.Errorf("%s: it has more than %d bytes", name, limit)
	}
	return text, nil
}

// isUTF16 reports whether a text begins as Windows PowerShell writes it.
func isUTF16(text []byte) bool {
	return bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff"))
}
