package subscribers

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"digestbot/subscribers/database"
)

// Errors about backups.
var (
	// ErrBackup: the file is a backup, which nothing is to change.
	ErrBackup = database.ErrBackup
	// ErrDamaged: the file is not whole.
	ErrDamaged = database.ErrDamaged
)

// BackUp makes a backup of the database at path, which a bot may be serving, in the file to.
// It knows of each message whose attempt was recorded before the call. An existing file is
// replaced if replace says so, else the error is [database.ErrExists].
func BackUp(ctx context.Context, path, to string, replace bool) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	// The file first: what is in it no more has been committed.
	progress, err := readProgress(path + progressSuffix)
	if err != nil {
		return err
	}
	return database.BackUp(ctx, path, to, schema, map[string][]byte{progressSuffix: progress}, replace)
}

// Unpack writes the database that is in a backup, or in a copy of a database's files, to the
// file to, as it was. It fails with [ErrDamaged], [ErrForeignDatabase] or [ErrNewerDatabase].
func Unpack(ctx context.Context, from, to string) (database.Backup, error) {
	return database.Unpack(ctx, from, to, schema)
}

// Replace puts the database in the file with in the place of the one at path, see
// [database.Replace]. kept is where that is now.
func Replace(ctx context.Context, path, with string) (kept string, err error) {
	return database.Replace(ctx, path, with, schema)
}

// Contents is what a database holds, in numbers.
type Contents struct {
	Version     int // of the schema
	Subscribers int // that are on
	Issues      int
	Broadcasts  int // under way
}

// ReadContents reads a database or backup in a file that nobody changes.
func ReadContents(ctx context.Context, path string) (c Contents, err error) {
	err = database.View(ctx, path, func(q database.Queryer) error {
		return q.QueryRowContext(ctx, `
			SELECT user_version, (SELECT count(*) FROM subscribers WHERE state = 'on'), (SELECT count(*) FROM issues),
				(SELECT count(*) FROM broadcasts WHERE finished_at = 0)
			FROM pragma_user_version`).Scan(&c.Version, &c.Subscribers, &c.Issues, &c.Broadcasts)
	})
	return c, err
}

// namesBot is the first version of the schema with the name of the bot.
const namesBot = 37

// ReadBackup returns what a backup says of itself, and the username of the bot that it is of; empty: it
// is not known.
func ReadBackup(ctx context.Context, path string) (b database.Backup, bot string, err error) {
	b, err = database.ReadBackup(ctx, path, func(q database.Queryer, b database.Backup) error {
		bot, err = whose(ctx, q, b)
		return err
	})
	return b, bot, err
}

// whose returns the username of the bot that a backup is of.
func whose(ctx context.Context, q database.Queryer, b database.Backup) (bot string, err error) {
	if b.Version >= namesBot {
		err = q.QueryRowContext(ctx, "SELECT coalesce(max(username), '') FROM publication").Scan(&bot)
	}
	return bot, err
}

// maxRereads is how often a record is read that is being written.
const maxRereads = 20

// readProgress reads a progress file that a bot may be writing to. Nothing is missing if
// there is none.
func readProgress(path string) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	all, err := io.ReadAll(io.LimitReader(file, maxProgressFile))
	if err != nil {
		return nil, err
	}
	for at := 0; at < len(all); at += recordSize {
		record := all[at:min(at+recordSize, len(all))]
		for range maxRereads {
			if isWholeRecord(record) {
				break
			}
			if _, err := file.ReadAt(record, int64(at)); err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
		}
	}
	return all, nil
}
