package intake

import (
	"io/fs"
	"testing"

	"digestbot/digest"
)

// OpenDirectory opens what OpenFolder opens, for tests that come between its calls.
func OpenDirectory(name string) (fs.FS, error) { return openDirectory(name) }

// ReplaceParser has documents read by another function until the test ends.
func ReplaceParser(t *testing.T, read func(name string, document []byte) ([]*digest.Issue, error)) {
	before := readIssues
	readIssues = read
	t.Cleanup(func() { readIssues = before })
}
