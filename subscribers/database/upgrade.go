package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Upgrade is what opening a database of an older version has done.
type Upgrade struct {
	From, To int    // versions; equal: nothing was done
	Backup   string // the file with the database as it was; empty: none was wanted
	Beside   error  // why it is beside the database and not in the folder that was wanted
}

// Upgraded returns what opening the database has done.
func (db *DB) Upgraded() Upgrade { return db.upgraded }

// upgrade brings a database that holds something to the newest version, after a backup was
// made. Nobody serves it meanwhile.
func (db *DB) upgrade(ctx context.Context, steps []string) (err error) {
	db.wasOld = true
	unlock, version, err := db.lockToUpgrade(ctx, len(steps))
	if err != nil || version >= len(steps) {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	db.upgraded = Upgrade{From: version, To: len(steps)}
	if !db.schema.NoBackup {
		if err = db.backUpVersion(ctx, version); err != nil {
			return fmt.Errorf("back up before the upgrade from version %d to %d: %w; "+
				"it goes into --backup-dir, else beside the database; if you have a backup of your own, start once with --no-upgrade-backup", version, len(steps), err)
		}
	}
	if err := db.takeSteps(ctx, steps, version); err != nil {
		return errors.Join(err, db.removeUnneeded(context.WithoutCancel(ctx), db.upgraded))
	}
	return nil
}

// removeUnneeded removes the backup that was made before an upgrade of which no step was taken:
// the database is as it was, and the next attempt, which may come in seconds, makes another one.
func (db *DB) removeUnneeded(ctx context.Context, u Upgrade) error {
	version, err := databaseVersion(ctx, db.writes)
	if err != nil || version != u.From || u.Backup == "" {
		return nil //nolint:nilerr // it stays then
	}
	return os.Remove(u.Backup)
}

// upgradePoll is how often a program that waits for another one's upgrade looks.
const upgradePoll = 50 * time.Millisecond

// lockToUpgrade locks the database and returns its version. If another program has upgraded it
// meanwhile, there is nothing to unlock.
func (db *DB) lockToUpgrade(ctx context.Context, newest int) (unlock func() error, version int, err error) {
	for end := time.Now().Add(busyTimeout); ; {
		unlock, err = lock(ctx, db.path)
		if err != nil && !errors.Is(err, ErrLocked) {
			return nil, 0, err
		}
		version, e := databaseVersion(ctx, db.writes)
		switch {
		case e != nil, version >= newest:
			if err == nil {
				e = errors.Join(e, unlock())
			}
			return nil, version, e
		case err == nil:
			return unlock, version, nil
		case time.Now().After(end):
			return nil, 0, fmt.Errorf("the database has version %d, and this program needs %d: %w", version, newest, err)
		}
		select {
		case <-time.After(upgradePoll):
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
	}
}

// backUpVersion makes a backup that is named by the version of the database. It goes beside the
// database if it cannot go into the folder that is wanted: a disk that is not mounted, or a
// folder that only another user may write to, must not keep the bot from starting.
func (db *DB) backUpVersion(ctx context.Context, version int) error {
	beside := map[string][]byte{}
	for _, suffix := range db.schema.Beside {
		content, err := os.ReadFile(db.path + suffix) // nobody writes there, see upgrade
		if err == nil {
			beside[suffix] = content
		} else if !os.IsNotExist(err) {
			return err
		}
	}
	folders, base := db.versionsAt()
	name := fmt.Sprintf("%s%d-%s", base, version, time.Now().UTC().Format(timeFormat))
	var failed error
	for _, folder := range folders {
		file := freeName(filepath.Join(folder, name))
		err := backUp(ctx, db.path, file, beside, false)
		if err == nil {
			db.upgraded.Backup, db.upgraded.Beside = file, failed
			db.removeOldOnes(ctx, file)
			return nil
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// versionsAt returns where backups before upgrades go, the folder that is wanted first, and what
// their names begin with.
func (db *DB) versionsAt() (folders []string, base string) {
	folders = []string{filepath.Dir(db.path)}
	if wanted := db.schema.BackupFolder; wanted != "" && wanted != folders[0] {
		folders = slices.Insert(folders, 0, wanted)
	}
	return folders, strings.TrimSuffix(filepath.Base(db.path), ".db") + "-version-"
}

const (
	// versionsKept is how many backups of one version are kept: an upgrade that is killed again
	// and again makes one each time.
	versionsKept = 3
	// unfinished is after how long a backup without its name is one that was killed.
	unfinished = time.Hour
)

// removeOldOnes removes the oldest backups of the same version of this very database, after a
// newer one was made, and what killed upgrades have left of theirs. What cannot be removed stays.
func (db *DB) removeOldOnes(ctx context.Context, made string) {
	folder := filepath.Dir(made)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	_, base := db.versionsAt()
	of, err := db.readVersion(ctx, made)
	var older []versionBackup
	for _, entry := range entries {
		file := filepath.Join(folder, entry.Name())
		info, e := entry.Info()
		switch {
		case e != nil || !info.Mode().IsRegular() || file == made:
		case strings.HasPrefix(entry.Name(), "."+base):
			if time.Since(info.ModTime()) > unfinished {
				_ = os.Remove(file)
			}
		case strings.HasPrefix(entry.Name(), base) && err == nil:
			if one, e := db.readVersion(ctx, file); e == nil && one.Origin == of.Origin && one.Version == of.Version && one.whose == of.whose {
				older = append(older, one)
			}
		}
	}
	slices.SortFunc(older, func(a, b versionBackup) int { return b.MadeAt.Compare(a.MadeAt) })
	for _, one := range older[min(versionsKept-1, len(older)):] {
		_ = os.Remove(one.file)
	}
}

// versionBackup is a backup that was made before an upgrade.
type versionBackup struct {
	Backup
	whose, file string
}

func (db *DB) readVersion(ctx context.Context, file string) (one versionBackup, err error) {
	one.file = file
	one.Backup, err = ReadBackup(ctx, file, func(q Queryer, b Backup) (err error) {
		if db.schema.Whose != nil {
			one.whose, err = db.schema.Whose(ctx, q, b)
		}
		return err
	})
	return one, err
}

// versionName matches what follows the beginning of the name of such a backup.
var versionName = regexp.MustCompile(`^(\d+)-\d{8}-\d{6}(-\d+)?\.db$`)

// withWayBack adds to ErrNewer the backup with which one can go back to this program, if it
// is there.
func (db *DB) withWayBack(err error) error {
	steps, e := db.schema.steps()
	folders, base := db.versionsAt()
	if !errors.Is(err, ErrNewer) || e != nil {
		return err
	}
	var newest string
	best := 0
	for _, folder := range folders {
		entries, e := os.ReadDir(folder)
		if e != nil {
			continue
		}
		for _, entry := range entries {
			rest, ours := strings.CutPrefix(entry.Name(), base)
			match := versionName.FindStringSubmatch(rest)
			if !ours || match == nil {
				continue
			}
			if version, e := strconv.Atoi(match[1]); e == nil && version >= best && version <= len(steps) {
				best, newest = version, filepath.Join(folder, entry.Name())
			}
		}
	}
	if newest == "" {
		return err
	}
	return fmt.Errorf("%w; the one made before the upgrade is there: digestbot restore %s", err, newest)
}
