package intake

import "io/fs"

// Directory is what OpenFolder opens, for tests that come between its calls.
func Directory(name string) fs.FS { return directory(name) }
