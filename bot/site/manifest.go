package site

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// manifestName is the file that says which files are ours.
const manifestName = ".digestbot-site"

// manifest has the names of the files that were written, or are going to be.
type manifest map[string]bool

const manifestHeading = "# The files that digestbot has written here, and may replace and remove.\n"

// readManifest returns the manifest of a folder, empty if there is none.
func readManifest(root *os.Root) (manifest, error) {
	m := manifest{}
	text, err := root.ReadFile(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return nil, err
	}
	body, ours := strings.CutPrefix(string(text), manifestHeading)
	if !ours {
		return nil, fmt.Errorf("%w: %s is none of ours", ErrForeign, manifestName)
	}
	for line := range strings.Lines(body) {
		name := strings.TrimSuffix(line, "\n")
		if !filepath.IsLocal(name) || name == manifestName {
			return nil, fmt.Errorf("%s has a line that is none of ours: %q; remove the folder, and write it again", manifestName, line)
		}
		m[name] = true
	}
	return m, nil
}

// note writes the manifest.
func (f *folder) note(m manifest) error {
	var out strings.Builder
	out.WriteString(manifestHeading)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out.WriteString(name + "\n")
	}
	return f.replace(manifestName, []byte(out.String()))
}
