package backup_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/backup"
	"digestbot/subscribers/database"
	"digestbot/subscribers/storetest"
)

// nights is a Keeper in a bubble, with what it tells.
type nights struct {
	backup.Keeper
	told []string // changes only
	stop func()
}

// start begins to keep backups of the database, three of them, in a folder.
func start(t *testing.T, path, folder string, ended ...func(context.Context) (time.Time, error)) *nights {
	t.Helper()
	zone := must(time.LoadLocation("Europe/Berlin"))(t)
	n := &nights{}
	n.Keeper = backup.Keeper{
		Database: path, Folder: folder, Keep: 3, Location: zone, Log: slog.New(slog.DiscardHandler),
		Bot:           sync.OnceValue(func() string { return must(subscribers.Inspect(t.Context(), path))(t).Bot }),
		LastBroadcast: func(context.Context) (time.Time, error) { return time.Time{}, nil },
		Told: func(err error) {
			text := "fine"
			if err != nil {
				text = err.Error()
			}
			if len(n.told) == 0 || n.told[len(n.told)-1] != text {
				n.told = append(n.told, text)
			}
		},
	}
	for _, n.LastBroadcast = range ended {
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	n.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	return n
}

// until sleeps until it is that time in Berlin.
func until(text string) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		panic(err)
	}
	time.Sleep(time.Until(at))
	synctest.Wait()
}

// names are the names of the files in a folder.
func names(t testing.TB, folder string) (all []string) {
	t.Helper()
	for _, e := range must(os.ReadDir(folder))(t) {
		all = append(all, e.Name())
	}
	return all
}

// made makes a database in a folder of its own, and a folder for its backups.
func made(t testing.TB) (path, folder string) {
	t.Helper()
	path, folder = filepath.Join(t.TempDir(), "digestbot.db"), t.TempDir()
	store := must(storetest.Open(t.Context(), path))(t)
	subscribe(t, store, 5)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return path, folder
}

// One backup is made each night at three, also where the program was started again. The
// newest three are kept, and files that are not ours are left alone.
func TestKeeperMakesOneEachNight(t *testing.T) {
	path, folder := made(t)
	other := filepath.Join(t.TempDir(), "digestbot.db") // of another bot, with the same name
	subscribe(t, open(t, other), 6)
	foreign := []string{"digestbot-backup-19990101-010000.db", "digestbot-backup-19990102-010000.db", "holiday.jpg"}
	makeBackup(t, other, filepath.Join(folder, foreign[0]))
	write(t, filepath.Join(folder, foreign[1]), "no backup at all")
	write(t, filepath.Join(folder, foreign[2]), "a picture")
	synctest.Test(t, func(t *testing.T) {
		until("2000-03-23 12:00")
		n := start(t, path, folder)
		until("2000-03-25 02:59")
		n.stop()
		n = start(t, path, folder)
		until("2000-03-28 03:20") // in between the clocks are set forward, at two
		n.stop()
		n = start(t, path, folder)
		until("2000-03-28 12:00")
		n.stop()
		if diff := cmp.Diff([]string{"fine"}, n.told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
	got := names(t, folder)
	if len(got) != 6 {
		t.Fatalf("there are %q, want three backups and %q", got, foreign)
	}
	for _, name := range foreign {
		if !slices.Contains(got, name) {
			t.Errorf("%s was removed", name)
		}
	}
	for i, night := range []string{"20000326-01", "20000327-01", "20000328-01"} { // by UTC
		if !strings.HasPrefix(got[2+i], "digestbot-backup-"+night) {
			t.Errorf("backup %d is %s, want one of %s", i, got[2+i], night)
		}
	}
	must(backup.Restore(t.Context(), filepath.Join(t.TempDir(), "back.db"), filepath.Join(folder, got[4]), nil))(t)
}

// Of two bots in containers, whose databases have the same name there, each makes its own backups and
// leaves alone those of the other.
func TestKeepersOfTwoBotsWithOneName(t *testing.T) {
	path, folder := made(t)
	synctest.Test(t, func(t *testing.T) {
		var first []string
		for i, name := range []string{"first_bot", "second_bot"} {
			store := must(storetest.Open(t.Context(), path))(t)
			must(0, store.SetPublication(t.Context(), "Digest", name))(t)
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			until(fmt.Sprintf("2000-01-1%d 02:00", 2*i))
			n := start(t, path, folder)
			until(fmt.Sprintf("2000-01-1%d 03:20", 2*i+1))
			n.stop()
			if i == 0 {
				first = names(t, folder)
			}
		}
		all := names(t, folder)
		if len(first) != 3 || len(all) != 6 {
			t.Fatalf("there are %q, want three of each", all)
		}
		for _, name := range first {
			if !slices.Contains(all, name) {
				t.Errorf("%s is gone, the other bot's", name)
			}
		}
	})
}

// A backup is not taken for what was there before under its name.
func TestKeeperWhoseBackupIsReplaced(t *testing.T) {
	path, folder := made(t)
	other := filepath.Join(t.TempDir(), "digestbot.db")
	subscribe(t, open(t, other), 6)
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	makeBackup(t, other, foreign)
	synctest.Test(t, func(t *testing.T) {
		until("2000-01-10 12:00")
		n := start(t, path, folder)
		until("2000-01-10 12:30")
		own := names(t, folder)
		if len(own) != 1 {
			t.Fatalf("there are %q, want one backup", own)
		}
		if err := os.Rename(foreign, filepath.Join(folder, own[0])); err != nil {
			t.Fatal(err)
		}
		until("2000-01-10 13:00")
		n.stop()
		if all := names(t, folder); len(all) != 2 {
			t.Errorf("there are %q, want one of another bot, and a new one", all)
		}
	})
}

// A backup that fails is tried again, and no old one is removed before that worked. What
// went wrong is told, and that it is over.
func TestKeeperTriesAgain(t *testing.T) {
	path, folder := made(t)
	away := folder + ".away"
	synctest.Test(t, func(t *testing.T) {
		until("2000-01-10 12:00")
		n := start(t, path, folder)
		until("2000-01-12 12:00")
		if err := os.Rename(folder, away); err != nil {
			t.Fatal(err)
		}
		until("2000-01-14 12:00")
		if err := os.Rename(away, folder); err != nil {
			t.Fatal(err)
		}
		until("2000-01-14 12:20")
		n.stop()
		if len(n.told) != 3 || !strings.Contains(n.told[1], "mount what it is on") || n.told[2] != "fine" {
			t.Errorf("told was %q, want fine, what is wrong, fine", n.told)
		}
	})
	got := names(t, folder)
	if len(got) != 3 || !strings.HasPrefix(got[2], "digestbot-backup-20000114-11") || !strings.HasPrefix(got[0], "digestbot-backup-20000111") {
		t.Errorf("there are %q", got)
	}
}

// A clock that was ahead by a week leaves backups that keep nothing from being made, and the
// one that was just made stays, whatever the others say.
func TestKeeperAfterAWrongClock(t *testing.T) {
	path, folder := made(t)
	synctest.Test(t, func(t *testing.T) {
		until("2000-01-10 12:00")
		n := start(t, path, folder)
		until("2000-01-10 12:02")
		n.stop()
		for day := 17; day < 20; day++ {
			content := must(os.ReadFile(filepath.Join(folder, names(t, folder)[0])))(t)
			write(t, filepath.Join(folder, fmt.Sprintf("digestbot-backup-200001%d-030000.db", day)), string(content))
		}
		n = start(t, path, folder)
		until("2000-01-11 03:20")
		n.stop()
	})
	got := names(t, folder)
	if len(got) != 3 || !strings.HasPrefix(got[0], "digestbot-backup-20000111-02") {
		t.Errorf("there are %q, want the new one among three", got)
	}
}

// After a broadcast there is a backup within ten minutes, which knows that it was sent.
func TestKeeperAfterABroadcast(t *testing.T) {
	path, folder := made(t)
	synctest.Test(t, func(t *testing.T) {
		until("2000-01-10 12:00")
		store := must(storetest.Open(t.Context(), path))(t)
		n := start(t, path, folder, func(ctx context.Context) (time.Time, error) {
			last, err := store.LastBroadcast(ctx)
			return last.FinishedAt, ignoreMissing(err)
		})
		until("2000-01-10 12:30")
		b := must(store.StartBroadcast(t.Context(), saveIssue(t, store, digesttest.Issue(1, "News")), subscribers.InPrivate(9)))(t)
		must(store.CancelBroadcast(t.Context(), b.ID, subscribers.InPrivate(9)))(t)
		must(store.FinishBroadcast(t.Context(), b.ID))(t)
		until("2000-01-10 14:00")
		n.stop()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	got := names(t, folder)
	if len(got) != 2 {
		t.Fatalf("there are %q, want one of the start and one of the broadcast", got)
	}
	if c := must(subscribers.ReadContents(t.Context(), filepath.Join(folder, got[1])))(t); c.Issues != 1 || c.Broadcasts != 0 {
		t.Errorf("the last one holds %+v, want the issue that was sent", c)
	}
}

func ignoreMissing(err error) error {
	if errors.Is(err, database.ErrNotFound) {
		return nil
	}
	return err
}
