package intake

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// directory is an open folder of this machine. Links are followed only within it, and
// opening a pipe or a device waits for nothing.
type directory struct{ *os.Root }

func openDirectory(name string) (directory, error) {
	root, err := os.OpenRoot(name)
	return directory{root}, err
}

// Open implements fs.FS.
func (d directory) Open(name string) (fs.File, error) {
	file, err := d.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err // a nil *os.File would not be a nil fs.File
	}
	return file, nil
}

// checkRegular fails if a file that is to be a document is not a regular file.
func checkRegular(name string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return fmt.Errorf("%s is no regular file but a folder, pipe, device or socket: remove it, or put a document in its place", name)
}
