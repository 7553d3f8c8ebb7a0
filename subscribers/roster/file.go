package roster

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// FormatOf returns the format that a file's name ends with, unless one is given; "" if it
// shows neither.
func FormatOf(name string, given Format) (Format, error) {
	if given != "" {
		return given, nil
	}
	switch ending := strings.ToLower(filepath.Ext(name)); {
	case name == "" || name == "-" || ending == ".csv":
		return CSV, nil
	case ending == ".json":
		return JSON, nil
	case ending == ".xlsx" || ending == ".xls" || ending == ".ods" || ending == ".numbers":
		return "", fmt.Errorf("%s is the file of a spreadsheet, which is not read or written: save the table as CSV (UTF-8)", name)
	}
	return "", fmt.Errorf("the name %s shows no format: let it end with .csv or .json, or give --format", name)
}

// readFile reads a file, or the standard input for "-". A file of which it is known that it
// is too large is not read.
func readFile(name string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.Size() > maxFile {
			return nil, fmt.Errorf("%s: it is larger than %d MB: split it", name, maxFile>>20)
		}
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

// writeFile writes a file that only its owner can read, and that is there as a whole or not
// at all: it gets its name when it is complete. avoid are files that it may not replace.
func writeFile(name string, avoid []string, write func(io.Writer) error) (err error) {
	target, err := replaceable(name, avoid)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+"-*") // with the mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return os.Rename(file.Name(), target)
}

// replaceable returns what a name leads to, if that is a file that may be replaced, or
// nothing yet.
func replaceable(name string, avoid []string) (target string, err error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return name, nil
	}
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no file: give the name of one, or none for the standard output", name)
	}
	if slices.ContainsFunc(avoid, func(other string) bool {
		its, err := os.Stat(other)
		return err == nil && os.SameFile(info, its)
	}) {
		return "", fmt.Errorf("%s belongs to the database: give another name", name)
	}
	return filepath.EvalSymlinks(name)
}
