package intake

import (
	"io/fs"

	"digestbot/digest"
)

// OpenDirectory opens what OpenFolder opens, for tests that come between its calls.
func OpenDirectory(name string) (fs.FS, error) { return openDirectory(name) }

// ReplaceParser has documents of the sources parsed by another function.
func (s *Sources) ReplaceParser(parse func(name string, document []byte) ([]*digest.Issue, error)) {
	s.parser = parse
}
