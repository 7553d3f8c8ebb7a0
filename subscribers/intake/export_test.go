package intake

import "io/fs"

// OpenDirectory opens what OpenFolder opens, for tests that come between its calls.
func OpenDirectory(name string) (fs.FS, error) { return openDirectory(name) }
