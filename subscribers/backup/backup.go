// Package backup makes backups of the database and brings them back: for the command line,
// while the bot runs, and every night for the bot itself.
//
// A backup is one file. It has what was committed, and what the progress file knew of
// messages under way. [Make] checks it before it gets its name. [Restore] puts it in the
// place of a database, which is kept under another name, and settles it, so that nothing
// that may have been sent since is sent again by itself. [Keeper] makes one each night.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/database"
)

// ErrFile says that the file, or its name, is at fault.
var ErrFile = errors.New("the file is not as it must be")

// fileError is an error about a file; it is ErrFile.
type fileError struct{ error }

func (e fileError) Unwrap() []error { return []error{e.error, ErrFile} }

// Make makes a backup of the database at path, which a bot may be serving, in a file, or
// writes it to out if the name is "-". A file that is there is replaced with force only. It
// returns what there is to say of it.
func Make(ctx context.Context, path, file string, force bool, out io.Writer) (said string, err error) {
	if err := checkDatabase(path); err != nil {
		return "", err
	}
	if file == "-" {
		return write(ctx, path, out)
	}
	if err := checkTarget(path, file); err != nil {
		return "", fileError{err}
	}
	if err := subscribers.BackUp(ctx, path, file, force); err != nil {
		return "", explain(path, file, err)
	}
	return describe(ctx, file, file)
}

// checkDatabase fails with subscribers.ErrNoDatabase if there is no database.
func checkDatabase(path string) error {
	full, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if _, err := os.Stat(full); err != nil {
		return fmt.Errorf("%w: %w; give the bot's database with --database", subscribers.ErrNoDatabase, err)
	}
	return nil
}

// checkTarget returns why a backup of the database cannot have the name.
func checkTarget(path, file string) error {
	if err := subscribers.CheckPath(file); err != nil {
		return err
	}
	if strings.HasPrefix(realName(file), realName(path)) {
		return fmt.Errorf("%s has the name of the database, or of a file beside it: give another name", file)
	}
	return nil
}

// realName is the full name of a file that need not be there.
func realName(file string) string {
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real
	} else if folder, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil {
		file = filepath.Join(folder, filepath.Base(file))
	}
	if full, err := filepath.Abs(file); err == nil {
		return full
	}
	return file
}

// explain says what was done when a backup failed, and the cure.
func explain(path, file string, err error) error {
	switch {
	case errors.Is(err, database.ErrExists):
		return fileError{err}
	case errors.Is(err, subscribers.ErrDamaged):
		return fmt.Errorf("back up %s: %w; keep the backups that you have, and restore the newest that is whole", path, err)
	case errors.Is(err, fs.ErrPermission):
		err = fmt.Errorf("%w; the user must be able to read the database and to write into the folder", err)
	}
	return fmt.Errorf("back up %s to %s: %w", path, file, err)
}

// write writes a backup to out. The file has no name any more by then: if the reader goes away,
// the program ends where it is, and a copy would stay.
func write(ctx context.Context, path string, out io.Writer) (said string, err error) {
	folder, err := os.MkdirTemp("", "digestbot-backup-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder) // it is gone, unless there was another error
	file := filepath.Join(folder, "backup.db")
	if err := subscribers.BackUp(ctx, path, file, false); err != nil {
		return "", explain(path, folder, err)
	}
	if said, err = describe(ctx, file, "the standard output"); err != nil {
		return "", err
	}
	in, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer in.Close()
	if err := os.RemoveAll(folder); err != nil {
		return "", err
	}
	if _, err := io.Copy(out, in); err != nil {
		return "", fmt.Errorf("write the backup: %w", err)
	}
	return said, nil
}

// describe says what a backup holds.
func describe(ctx context.Context, file, name string) (string, error) {
	c, err := subscribers.ReadContents(ctx, file)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	said := fmt.Sprintf("backup: %s\n%s, %s", name, holds(c), size(info.Size()))
	if c.Broadcasts > 0 {
		said += fmt.Sprintf("\nbroadcasts under way: %d, with all that was sent until now", c.Broadcasts)
	}
	return said, nil
}

// holds says what a database holds.
func holds(c subscribers.Contents) string {
	return fmt.Sprintf("subscribers: %d, issues: %d, version %d", c.Subscribers, c.Issues, c.Version)
}

// size is a number of bytes for people.
func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d kB", (bytes+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

// moment is a time for people.
func moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }
