//go:build !linux

package database

// Space returns how many bytes the file system of a file or folder has free for the program,
// and how many it has; 0, 0: that is not known.
func Space(string) (free, size uint64) { return 0, 0 }
