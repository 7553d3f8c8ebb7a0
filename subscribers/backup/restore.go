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

	"digestbot/subscribers"
	"digestbot/subscribers/database"
)

// Restore puts the database that is in a file, or in in if its name is "-", in the place of
// the one at path. The file is a backup, or the copy of a database with what lies beside it.
// No bot may be serving the database. What was there is kept under another name. Restore
// returns what there is to say. What root restores is the user's whose the database was, or else
// its folder.
func Restore(ctx context.Context, path, file string, in io.Reader) (said string, err error) {
	if err := subscribers.CheckPath(path); err != nil {
		return "", fileError{err}
	}
	lock := realName(path) + ".lock"
	_, unlocked := os.Lstat(lock)
	unlock, err := database.Lock(ctx, path)
	if err != nil {
		return "", err
	}
	replacing := false
	defer func() {
		if err != nil && !replacing && errors.Is(unlocked, fs.ErrNotExist) {
			err = errors.Join(err, os.Remove(lock)) // it says that there was a database
		}
		err = errors.Join(err, unlock())
	}()
	folder, err := workplace(path)
	if err != nil {
		return "", fmt.Errorf("restore beside %s: %w; the user must be able to write there", path, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if file == "-" {
		file = filepath.Join(folder, "given.db")
		if err := save(file, in); err != nil {
			return "", err
		}
	}
	if err := checkFile(ctx, path, file); err != nil {
		return "", err
	}
	fresh := filepath.Join(folder, "restored.db")
	contents, settled, err := prepare(ctx, file, fresh)
	if err != nil {
		return "", err
	}
	replacing = true
	kept, err := subscribers.Replace(ctx, path, fresh)
	if err != nil {
		return "", fmt.Errorf("put what was restored in the place of %s: %w", path, err)
	}
	return report(path, kept, contents, settled), nil
}

// prepare makes a database for a bot of what is in a file.
func prepare(ctx context.Context, file, fresh string) (c subscribers.Contents, r subscribers.Restored, err error) {
	backup, err := subscribers.Unpack(ctx, file, fresh)
	if err != nil {
		return c, r, refused(file, err)
	}
	if r, err = settle(ctx, fresh, backup); err != nil {
		return c, r, fmt.Errorf("restore %s: %w", file, err)
	}
	c, err = subscribers.ReadContents(ctx, fresh)
	return c, r, err
}

// save writes what comes in to a file.
func save(file string, in io.Reader) error {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// workplace makes a folder beside the database, on the same disk. Those of restores that
// were killed are removed.
func workplace(path string) (string, error) {
	real := realName(path)
	prefix := "." + filepath.Base(real) + "-restoring-"
	entries, err := os.ReadDir(filepath.Dir(real))
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), prefix) {
			if err := os.RemoveAll(filepath.Join(filepath.Dir(real), e.Name())); err != nil {
				return "", err
			}
		}
	}
	return os.MkdirTemp(filepath.Dir(real), prefix)
}

// checkFile makes sure that the file is not the database, and that no bot serves it: it
// would not be whole then.
func checkFile(ctx context.Context, path, file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return fileError{err}
	}
	if its, err := os.Stat(path); err == nil && os.SameFile(its, info) {
		return fileError{fmt.Errorf("%s is the database itself: give the file of a backup", file)}
	}
	if _, err := os.Stat(file + ".lock"); err != nil {
		return nil // no bot has ever served it
	}
	free, err := database.Lock(ctx, file)
	if errors.Is(err, subscribers.ErrLocked) {
		return fmt.Errorf("%s: %w; to copy a database in use: digestbot backup", file, subscribers.ErrLocked)
	}
	if err != nil {
		return nil //nolint:nilerr // where it cannot be locked, no bot has done so
	}
	return free()
}

// refused says why a file cannot be restored.
func refused(file string, err error) error {
	if errors.Is(err, subscribers.ErrDamaged) {
		err = fmt.Errorf("%w; take another backup, this one was not used", err)
	}
	return fileError{fmt.Errorf("restore %s: %w", file, err)}
}

// settle makes a database that was unpacked fit for a bot, and closes it so that it is one file.
func settle(ctx context.Context, fresh string, backup database.Backup) (r subscribers.Restored, err error) {
	store, err := subscribers.OpenWith(ctx, fresh, subscribers.Opening{NoBackup: true}) // the file is one
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	progress, err := store.OpenProgressFile(ctx)
	if err != nil {
		return r, err
	}
	if err := progress.Close(); err != nil {
		return r, err
	}
	return store.SettleRestored(ctx, backup.MadeAt)
}

// report says what was done, and what is not known any more.
func report(path, kept string, c subscribers.Contents, r subscribers.Restored) string {
	lines := []string{fmt.Sprintf("restored: %s, as it was at %s", path, moment(r.AsOf)), holds(c)}
	if kept != "" {
		lines = append(lines, "what was there before: "+kept)
	}
	say := func(n int, format string) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf(format, n))
		}
	}
	say(r.Broadcasts, "broadcasts that were under way or paused: %d; each is paused until an admin resumes or cancels it with /status: whoever got it after the backup would get it again")
	say(r.Revisions, "corrections or recalls that were under way or paused: %d; each is paused as well")
	say(r.Requests, "issues that readers had asked for and were waiting for: %d; they can ask again")
	say(r.Greetings, "imported subscribers that were still to be greeted: %d; they are not")
	lines = append(lines, "unknown is what came later: who joined, left or chose something, and what was sent. "+
		"The schedule asks an admin before it sends an issue dated up to today")
	return strings.Join(lines, "\n")
}
