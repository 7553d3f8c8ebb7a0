package intake

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// directory is a folder of this machine, by its name. Links are followed within
// it only, and a pipe or a device is opened without waiting for anything.
type directory string

// Open implements fs.FS.
func (d directory) Open(name string) (fs.File, error) {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	file, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err // a nil *os.File would not be a nil fs.File
	}
	return file, nil
}

// Stat implements fs.StatFS.
func (d directory) Stat(name string) (fs.FileInfo, error) {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.Stat(name)
}

// checkRegular says what is wrong with a file that is to be a document.
func checkRegular(name string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return fmt.Errorf("%s is no regular file but a folder, pipe, device or socket: remove it, or put a document in its place", name)
}
