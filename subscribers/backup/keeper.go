package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"digestbot/subscribers"
)

// Keeper makes a backup each night, and after each broadcast, and keeps the newest. It is for
// one goroutine.
type Keeper struct {
	Database string         // file name
	Folder   string         // for the backups; it has to be there
	Keep     int            // how many
	Location *time.Location // whose night it is
	// Bot returns the username of the bot, as the database has it; nil: it is not known. In
	// containers the databases of several bots have the same name.
	Bot func() string
	// LastBroadcast returns when the last broadcast ended; zero: none has.
	LastBroadcast func(context.Context) (time.Time, error)
	// Told is called after each look, with nil if nothing is wrong.
	Told func(err error)
	Log  *slog.Logger

	known map[string]known // by the names of the files
}

const (
	// firstLook keeps backups out of the way of a start.
	firstLook = time.Minute
	// lookEvery is how often a Keeper looks whether a backup is due, so also how soon it
	// tries again.
	lookEvery = 10 * time.Minute
	// night is the hour at which a backup is due, by the clocks of the location.
	night = 3
	// clockError is how far in the future a backup may have been made without being ignored.
	clockError = 5 * time.Minute
	// timeFormat is how the names of backups say when they were made, UTC.
	timeFormat = "20060102-150405"
)

// Run makes backups until ctx is done. It returns nil.
func (k *Keeper) Run(ctx context.Context) error {
	for wait := firstLook; ; wait = lookEvery {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil
		}
		file, err := k.look(ctx, time.Now())
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			k.Log.Error("the backup failed", "folder", k.Folder, "err", err)
			k.Told(err)
			continue
		case file != "":
			k.Log.Info("backup made", "file", file)
		}
		k.Told(nil)
	}
}

// look makes a backup if one is due, and returns its name. It removes old ones once there is
// a newer one.
func (k *Keeper) look(ctx context.Context, now time.Time) (file string, err error) {
	all, err := k.backups(ctx)
	if err != nil {
		return "", fmt.Errorf("look into --backup-dir: %w", err)
	}
	due, err := k.due(ctx, now)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(all, func(b kept) bool { return !b.at.Before(due) && b.at.Before(now.Add(clockError)) }) {
		file = filepath.Join(k.Folder, k.prefix()+now.UTC().Format(timeFormat)+".db")
		if err := subscribers.BackUp(ctx, k.Database, file, false); err != nil {
			return "", explain(k.Database, k.Folder, err)
		}
	}
	return file, k.removeOld(all, file, now)
}

// due returns since when there has to be a backup: since the last night, or the end of the
// last broadcast.
func (k *Keeper) due(ctx context.Context, now time.Time) (time.Time, error) {
	local := now.In(k.Location)
	due := time.Date(local.Year(), local.Month(), local.Day(), night, 0, 0, 0, k.Location)
	if due.After(now) {
		due = time.Date(local.Year(), local.Month(), local.Day()-1, night, 0, 0, 0, k.Location)
	}
	ended, err := k.LastBroadcast(ctx)
	if err == nil && ended.After(due) && !ended.After(now) {
		due = ended
	}
	return due, err
}

// kept is a backup in the folder.
type kept struct {
	file string
	at   time.Time // when it was made
}

// prefix is what the names of backups begin with.
func (k *Keeper) prefix() string {
	return strings.TrimSuffix(filepath.Base(k.Database), ".db") + "-backup-"
}

// backups returns the backups of the database in the folder. Files that have
// another name, or are no backup of this database, are none of its business.
func (k *Keeper) backups(ctx context.Context) (all []kept, err error) {
	entries, err := os.ReadDir(k.Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: make the folder, with mkdir -m 700, or mount what it is on", err)
	}
	if err != nil {
		return nil, err
	}
	origin, bot := realName(k.Database), ""
	if k.Bot != nil {
		bot = k.Bot()
	}
	found := make(map[string]known)
	for _, e := range entries {
		name, ours := strings.CutPrefix(strings.TrimSuffix(e.Name(), ".db"), k.prefix())
		at, err := time.Parse(timeFormat, name)
		if !ours || err != nil || !e.Type().IsRegular() {
			continue
		}
		b, err := k.read(ctx, e)
		if err != nil {
			continue
		}
		found[e.Name()] = b
		if b.origin == origin && b.whose == bot {
			all = append(all, kept{filepath.Join(k.Folder, e.Name()), at})
		}
	}
	k.known = found
	return all, ctx.Err()
}

// known is what a backup was found to be. As long as its file is the same it is not opened
// again: for a file SQLite reads the whole schema.
type known struct {
	file          fs.FileInfo
	origin, whose string
}

// read reads of what database a file is a backup.
func (k *Keeper) read(ctx context.Context, e fs.DirEntry) (known, error) {
	info, err := e.Info()
	if err != nil {
		return known{}, err
	}
	if last, ok := k.known[e.Name()]; ok && os.SameFile(last.file, info) && last.file.Size() == info.Size() && last.file.ModTime().Equal(info.ModTime()) {
		return last, nil
	}
	b, whose, err := subscribers.ReadBackup(ctx, filepath.Join(k.Folder, e.Name()))
	return known{info, b.Origin, whose}, err
}

// removeOld removes the oldest of the backups, so that with made as many are left as are to be
// kept, and what killed programs have left. Clocks may have been wrong: the one that was just
// made is the newest, whatever the others say.
func (k *Keeper) removeOld(all []kept, made string, now time.Time) error {
	slices.SortFunc(all, func(a, b kept) int { return b.at.Compare(a.at) })
	keep := k.Keep
	if made != "" {
		keep--
	}
	var errs []error
	for _, old := range all[min(keep, len(all)):] {
		errs = append(errs, os.Remove(old.file))
	}
	entries, err := os.ReadDir(k.Folder)
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && strings.HasPrefix(e.Name(), "."+k.prefix()) && now.Sub(info.ModTime()) > 24*time.Hour {
			errs = append(errs, os.Remove(filepath.Join(k.Folder, e.Name())))
		}
	}
	if err := errors.Join(append(errs, err)...); err != nil {
		return fmt.Errorf("old backups cannot be removed: %w", err)
	}
	return nil
}

// Newest returns when the newest backup in the folder was made; zero: there is none.
func (k *Keeper) Newest(ctx context.Context) (at time.Time, err error) {
	all, err := k.backups(ctx)
	for _, one := range all {
		if one.at.After(at) {
			at = one.at
		}
	}
	return at, err
}
