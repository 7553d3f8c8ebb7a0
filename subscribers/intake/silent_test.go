package intake_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/scheduler"
	"digestbot/subscribers/intake"
)

// mount is a folder whose server may go away during a call, as that of a network mount
// can.
type mount struct {
	fs.FS
	gone chan struct{}

	mu    sync.Mutex
	hangs string // the call that hangs, "read folder", "stat", "open" or "read"; empty: none
	calls int    // that hang or did
}

func (m *mount) hang(call string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hangs = call
}

func (m *mount) hanging() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls
}

func (m *mount) wait(call string) {
	m.mu.Lock()
	hangs := m.hangs == call
	if hangs {
		m.calls++
	}
	m.mu.Unlock()
	if hangs {
		<-m.gone
	}
}

func (m *mount) ReadDir(name string) ([]fs.DirEntry, error) {
	m.wait("read folder")
	return fs.ReadDir(m.FS, name)
}

func (m *mount) Stat(name string) (fs.FileInfo, error) {
	m.wait("stat")
	return fs.Stat(m.FS, name)
}

func (m *mount) Open(name string) (fs.File, error) {
	m.wait("open")
	file, err := m.FS.Open(name)
	return slowFile{file, m}, err
}

type slowFile struct {
	fs.File
	mount *mount
}

func (f slowFile) Read(p []byte) (int, error) {
	f.mount.wait("read")
	return f.File.Read(p)
}

// A source that does not answer is named and left alone. Nothing else waits for it for
// long, and it is asked again once it has answered.
func TestSourceThatDoesNotAnswer(t *testing.T) {
	for _, call := range []string{"read folder", "stat", "open", "read"} {
		t.Run(call, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hanging := &mount{FS: fstest.MapFS{"7.md": {Data: []byte(issue7)}}, hangs: call, gone: make(chan struct{})}
				store, log := openStore(t), new(bytes.Buffer)
				var checked checks
				rules := intake.Rules{Names: parsedNames(t), Settle: intake.SettleTime}
				sources := intake.NewSources(store, slog.New(slog.NewTextHandler(log, nil)), checked.note, []*intake.Folder{
					intake.NewFolder("mount", hanging, rules),
					intake.NewFolder("disk", fstest.MapFS{"8.md": {Data: []byte(issue8)}}, rules),
				})
				look := func(want time.Duration) (complaint string) {
					t.Helper()
					checked = nil
					start := time.Now()
					err := sources.Look(t.Context())
					if took := time.Since(start); took != want {
						t.Errorf("Look took %s, want %s", took, want)
					}
					if err == nil || len(checked) != 2 || !strings.Contains(checked[0], "no answer since 2000-01-01 00:00 UTC: is the network mount up") || checked[1] != "disk: fine" {
						t.Fatalf("Look = %v, checked %q, want no answer of the mount alone", err, checked)
					}
					return checked[0]
				}
				first := look(30 * time.Second)
				if issue, err := store.NewestIssue(t.Context()); err != nil || issue.Key != "8" {
					t.Errorf("newest issue is %q, %v, want 8 of the other source", issue.Key, err)
				}
				for range 3 {
					time.Sleep(15 * time.Minute)
					if again := look(0); again != first {
						t.Errorf("told %q, want the same as before: %q", again, first)
					}
				}
				if n := hanging.hanging(); n != 1 {
					t.Errorf("%d calls hang, want 1", n)
				}

				hanging.hang("")
				close(hanging.gone)
				synctest.Wait()
				checked = nil
				if err := sources.Look(t.Context()); err != nil || checked[0] != "mount: fine" || !strings.Contains(log.String(), "source answers again") {
					t.Errorf("Look = %v, checked %q, want that all is well again\n%s", err, checked, log)
				}
				if _, err := store.IssueByNumber(t.Context(), 7); err != nil {
					t.Errorf("issue 7 of the mount: %v", err)
				}
			})
		})
	}
}

// Stopping the program does not wait for a source, and an admin does not wait for
// longer than the limit.
func TestSourceThatDoesNotAnswerStopsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hanging := &mount{FS: fstest.MapFS{}, hangs: "read folder", gone: make(chan struct{})}
		defer close(hanging.gone)
		sources := intake.NewSources(openStore(t), slog.New(slog.DiscardHandler), func(context.Context, string, error) {
			t.Error("a look that was broken off was told")
		}, []*intake.Folder{intake.NewFolder("mount", hanging, intake.Rules{})})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		err := sources.Look(ctx)
		if took := time.Since(start); took != 5*time.Second || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "mount") {
			t.Errorf("Look = %v after %s, want an error that names the source after 5s", err, took)
		}
	})
}

// With a source that does not answer, the schedule fires half a minute late the first
// time and on time from then on, and it stops when it is told to.
func TestScheduleFiresWithoutASilentSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC))) // a bubble's clock is not set, the scheduler thinks
		hourly, err := scheduler.Parse("0 * * * *", time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		hanging := &mount{FS: fstest.MapFS{}, gone: make(chan struct{})}
		defer close(hanging.gone)
		sources := intake.NewSources(openStore(t), slog.New(slog.DiscardHandler), new(checks).note,
			[]*intake.Folder{intake.NewFolder("mount", hanging, intake.Rules{Names: parsedNames(t)})})
		var fired []string
		clock := scheduler.New(scheduler.Config{
			Schedule: hourly, Poll: sources.Look, Logger: slog.New(slog.DiscardHandler),
			LastRun: func(context.Context, time.Time) (time.Time, error) { return time.Now(), nil },
			Fire: func(context.Context, time.Time) error {
				fired = append(fired, time.Now().UTC().Format("15:04:05"))
				return nil
			},
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- clock.Run(ctx) }()
		time.Sleep(30 * time.Minute)
		hanging.hang("read folder")
		time.Sleep(2 * time.Hour)
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v", err)
		}
		if diff := cmp.Diff([]string{"01:00:30", "02:00:00"}, fired); diff != "" {
			t.Errorf("fired at (-want +got):\n%s", diff)
		}
	})
}
