//go:build !linux

package database

// freeRoom returns how many bytes a folder has room for, if that is known.
func freeRoom(string) (free uint64, known bool) { return 0, false }
