package database

import "syscall"

// Space returns how many bytes the file system of a file or folder has free for the program,
// and how many it has; 0, 0: that is not known.
func Space(path string) (free, size uint64) {
	var s syscall.Statfs_t
	if syscall.Statfs(path, &s) != nil || s.Bsize <= 0 {
		return 0, 0
	}
	return s.Bavail * uint64(s.Bsize), s.Blocks * uint64(s.Bsize)
}
