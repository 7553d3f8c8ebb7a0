package database

import "syscall"

// freeRoom returns how many bytes a folder has room for, if that is known.
func freeRoom(folder string) (free uint64, known bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(folder, &s) != nil || s.Bsize <= 0 {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
