package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"

	"digestbot/subscribers"
)

// database is what there is to be seen of the database, which several checks ask for.
type database struct {
	path    string
	inspect func() (subscribers.Inspection, error)
}

func newDatabase(path string) *database {
	return &database{path: path, inspect: sync.OnceValues(func() (subscribers.Inspection, error) {
		ctx, cancel := context.WithTimeout(context.Background(), patience) // it is shared by checks, so it is bound to none
		defer cancel()
		return subscribers.Inspect(ctx, path)
	})}
}

// untold reports whether it cannot be told if a bot runs with the database.
func (d *database) untold() bool {
	_, err := subscribers.IsServed(d.path)
	return err != nil
}

// served reports whether a bot runs with the database.
func (d *database) served() bool {
	served, err := subscribers.IsServed(d.path)
	return err == nil && served
}

// checkDatabase looks at the content, the files and who may open them.
func (c *checker) checkDatabase(context.Context) []Finding {
	i, err := c.database.inspect()
	switch {
	case errors.Is(err, fs.ErrPermission):
		return one(Failed, fmt.Sprintf("this user cannot look at it: %v", err), "run check as root, or as the user that the bot runs as; if this is that user, give it the files with chown")
	case err != nil:
		return one(Failed, err.Error(), "")
	case i.Missing != nil:
		return one(Failed, i.Missing.Error(), "")
	case !i.Exists():
		return append(one(Warning, i.Path+" is not there: the bot makes a new one without readers at its start", "if there were readers, set --database to the file that has them"), c.checkFolder(i)...)
	case errors.Is(i.Fault, context.DeadlineExceeded):
		return one(Warning, "it was not read to the end in time", "try again when the machine is not busy")
	case i.Fault != nil:
		return one(Failed, fmt.Sprintf("%s: %v", i.Path, i.Fault), "")
	}
	found := one(OK, c.contentOf(i), "")
	if i.Version < i.Known {
		found[0].Text = fmt.Sprintf("%s is sound, of version %d: the bot brings it to version %d at its start", i.Path, i.Version, i.Known)
	}
	if n := i.ProgressFile(); n > 0 && !i.Served {
		found = append(found, Finding{State: OK, Text: fmt.Sprintf("a run was cut off: its next start takes up what is in the progress file (%s)", size(n))})
	}
	return slices.Concat(found, rootSeesMore(os.Geteuid(), i), checkOwners(i), c.checkFolder(i))
}

// rootSeesMore warns root, who may read and write everything, that of files and folders nothing
// follows for a bot of another user.
func rootSeesMore(user int, i subscribers.Inspection) []Finding {
	owner := i.Files[0].Owner
	if user != 0 || owner <= 0 {
		return nil
	}
	name := userName(owner)
	return one(Warning, "root may open all files and folders, and the bot, which runs as "+name+", may not: what is found of them need not hold for it",
		fmt.Sprintf("to try those, run sudo -u %s digestbot check with the same settings, where a token that only root can read is missing", name))
}

func (c *checker) contentOf(i subscribers.Inspection) string {
	running := "no bot runs with it"
	if i.Served {
		running = "a bot runs with it"
		if i.PID > 0 {
			running += fmt.Sprintf(" (process %d)", i.PID)
		}
	}
	total := int64(0)
	for _, file := range i.Files {
		total += file.Size
	}
	return fmt.Sprintf("%s is sound: %s, %s, %s; %s", i.Path, count(i.Readers, "reader"), count(i.Issues, "issue"), size(total), running)
}

// checkOwners finds files that belong to another user than the database: a command that root
// has run leaves such, and then the bot cannot write.
func checkOwners(i subscribers.Inspection) (all []Finding) {
	const others = 0o007
	owner := i.Files[0].Owner
	for _, file := range i.Files {
		if file.Owner != owner {
			all = append(all, Finding{
				State: Failed, Text: fmt.Sprintf("%s belongs to %s, and the database to %s, so the bot cannot write to both", file.Path, userName(file.Owner), userName(owner)),
				Cure: fmt.Sprintf("chown %s %q", userName(owner), file.Path),
			})
		}
		if file.Mode.Perm()&others != 0 {
			all = append(all, Finding{
				State: Warning, Text: fmt.Sprintf("everybody on this machine can open %s (mode %04o)", file.Path, file.Mode.Perm()),
				Cure: fmt.Sprintf("chmod o= %q; the bot does so at its start", file.Path),
			})
		}
	}
	return all
}

// checkFolder finds out whether this user can write to the database and its folder.
func (c *checker) checkFolder(i subscribers.Inspection) []Finding {
	paths := []string{filepath.Dir(i.Path)}
	if i.Exists() {
		paths = append(paths, i.Path)
	}
	for _, path := range paths {
		if !isWritable(path) {
			return one(Failed, "this user cannot write to "+path, "run check as the user that the bot runs as; if this is that user, give it the folder and the files")
		}
	}
	return nil
}

// isWritable reports whether this user may write to a file or folder. Root may write
// everywhere, so of it nothing follows for the bot.
func isWritable(path string) bool {
	const write = 2 // W_OK, unistd.h
	return syscall.Access(path, write) == nil
}

func userName(id int) string {
	text := strconv.Itoa(id)
	if u, err := user.LookupId(text); err == nil {
		return u.Username
	}
	return text
}

// How much room the disk of the database should have, in bytes.
const (
	diskFailure = 16 << 20
	diskWarning = 256 << 20
)

// checkDisk looks at the free space on the disk of the database.
func (c *checker) checkDisk(context.Context) []Finding {
	i, err := c.database.inspect()
	if err != nil || i.Free < 0 {
		return one(Skipped, "the free space cannot be told, see database", "")
	}
	needed := int64(diskWarning)
	if len(i.Files) > 0 {
		needed = max(needed, 2*i.Files[0].Size) // a copy for a backup, and the log of a large change
	}
	text := fmt.Sprintf("%s are free for %s", size(i.Free), filepath.Dir(i.Path))
	switch {
	case i.Free < diskFailure:
		return one(Failed, text, "make room: without it nothing can be written, and nothing is sent")
	case i.Free < needed:
		return one(Warning, text, fmt.Sprintf("make room for %s, so that a backup has its place", size(needed)))
	}
	return one(OK, text, "")
}

// size returns a number of bytes for people.
func size(n int64) string {
	const step = 1000
	value, unit := float64(n), 0
	units := []string{"bytes", "KB", "MB", "GB", "TB"}
	for value >= step && unit < len(units)-1 {
		value /= step
		unit++
	}
	if unit == 0 {
		return count(int(n), "byte")
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}
