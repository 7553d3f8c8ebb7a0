package intake

import (
	"fmt"
	"log/slog"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// DefaultInclude has the patterns, separated by commas, of the names of documents in a
// folder, if nothing else is set.
const DefaultInclude = "*.md,*.markdown,*.html,*.htm,*.xml,*.rss,*.atom,*.json"

// Names decides by their names which files of a folder are documents.
type Names struct{ include, exclude []string }

// ParseNames reads patterns of path.Match for whole names; case makes no difference. A
// pattern that begins with "!" leaves out files that the others let in. If there are no
// others, DefaultInclude has them.
func ParseNames(patterns []string) (Names, error) {
	var n Names
	for _, pattern := range patterns {
		pattern = strings.ToLower(strings.TrimSpace(pattern))
		excluded, isExclusion := strings.CutPrefix(pattern, "!")
		if _, err := path.Match(excluded, ""); err != nil || excluded == "" || strings.Contains(excluded, "/") {
			return Names{}, fmt.Errorf("%q is not a pattern for file names: it looks like *.md or, to leave files out, !draft-*", pattern)
		}
		if isExclusion {
			n.exclude = append(n.exclude, excluded)
		} else {
			n.include = append(n.include, pattern)
		}
	}
	if len(n.include) == 0 {
		n.include = strings.Split(DefaultInclude, ",")
	}
	return n, nil
}

// leftOut is why a file of a folder is not taken for a document.
type leftOut struct {
	why   string     // "": it is a document
	level slog.Level // how likely it is that an editor looks for it
}

func (n Names) leaveOut(name string) leftOut {
	lower := strings.ToLower(name)
	matches := func(pattern string) bool {
		ok, _ := path.Match(pattern, lower) // ParseNames has checked the pattern
		return ok
	}
	switch {
	case slices.ContainsFunc(n.exclude, matches):
		return leftOut{"--include leaves it out", slog.LevelInfo}
	case slices.Contains(n.include, lower):
		return leftOut{} // somebody asked for this very file
	case isUnfinished(name):
		return leftOut{"it is hidden or temporary by its name", slog.LevelDebug}
	case !slices.ContainsFunc(n.include, matches):
		if strings.HasSuffix(lower, ".txt") { // may well be meant
			return leftOut{"no pattern of --include matches it", slog.LevelInfo}
		}
		return leftOut{"no pattern of --include matches it", slog.LevelDebug}
	case isAboutFolder(name):
		return leftOut{"it is about the folder by its name; name it in --include to take it", slog.LevelInfo}
	}
	return leftOut{}
}

// isUnfinished reports whether editors, browsers, copying programs and site generators
// give such a name to files that are not finished or are only parts.
func isUnfinished(name string) bool {
	return strings.ContainsAny(name[:1], ".~_") || strings.HasSuffix(name, "~") || name[0] == '#' && strings.HasSuffix(name, "#")
}

// isAboutFolder reports whether a file of that name is, by custom, about its folder:
// README, CODE_OF_CONDUCT and all others in capitals, and a few that are also written
// in lower case. They must not be sent to thousands as the newest issue.
func isAboutFolder(name string) bool {
	base := strings.TrimSuffix(name, path.Ext(name))
	first := strings.ToLower(base)
	if end := strings.IndexAny(first, ".-_ "); end > 0 {
		first = first[:end] // of readme-zh, license.mit
	}
	if strings.ContainsAny(base, "0123456789") {
		return false // such as changelog-2026-11-27, a weekly
	}
	if slices.Contains([]string{"readme", "license", "licence", "changelog", "contributing", "robots"}, first) {
		return true
	}
	return len(base) > 1 && strings.Trim(base, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == ""
}

// checkName fails if a database and a chat cannot take a name.
func checkName(name string) error {
	if !utf8.ValidString(name) {
		return fmt.Errorf("%q: the name is not UTF-8: rename the file", name)
	}
	return nil
}
