package plain

import (
	"regexp"
	"sync"
)

// Pattern returns a function that returns a regular expression, which is compiled when it
// is first asked for. The patterns of all languages together take megabytes, and a
// program that only sends messages needs none of them. A wrong expression panics then.
func Pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
