package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/settings"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/scheduler"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
)

// machine runs the program's parts with a clock that may be wrong. The bubble's clock is
// right.
type machine struct {
	t             *testing.T
	sim           *telegramsim.Sim
	settings      settings.Settings
	ahead         atomic.Int64 // how far its clock is, in nanoseconds
	handler       atomic.Pointer[http.Handler]
	source        hangingFolder
	store         *subscribers.Store // nil: the program does not run
	stop          func()
	log           syncBuffer
	read          int // of log, in bytes
	admin, reader *telegramsim.Person
}

// hangingFolder is an empty folder that may hang, like a network mount whose server is
// gone.
type hangingFolder struct {
	until atomic.Pointer[chan struct{}] // nil: it does not hang
}

func (f *hangingFolder) Open(name string) (fs.File, error) {
	if until := f.until.Load(); until != nil {
		<-*until
	}
	return fstest.MapFS{}.Open(name)
}

// hang makes the folder hang for a while.
func (f *hangingFolder) hang(lasts time.Duration) {
	until := make(chan struct{})
	if f.until.CompareAndSwap(nil, &until) {
		time.AfterFunc(lasts, func() {
			f.until.Store(nil)
			close(until)
		})
	}
}

const (
	day    = 24 * time.Hour
	period = 4 * time.Hour // from one broadcast to the next
)

// onMachine runs test on a machine on which the program was started at 7:30 on
// 11 November 2026. Issues are broadcast every four hours from 1:30 on, because weeks take
// forty times as long to simulate. A missed broadcast is made up for within half an hour.
func onMachine(t *testing.T, test func(m *machine)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		schedule, err := scheduler.Parse("30 1,5,9,13,17,21 * * *", time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		m := &machine{t: t}
		m.sim = telegramsim.ForTest(t, telegramsim.Options{Webhooks: m})
		m.admin, m.reader = m.sim.NewPerson("Ada"), m.sim.NewPerson("Ann")
		m.settings = settings.Settings{
			Token: m.sim.Token(), Admins: []int64{m.admin.ID()}, Location: time.UTC, Rate: 30,
			Database: filepath.Join(t.TempDir(), "digestbot.db"), Schedule: schedule, CatchUp: 30 * time.Minute,
			WebhookURL: "https://example.org/digestbot", // polling would slow the simulation
		}
		m.until("07:30")
		m.start()
		defer m.end()
		m.admin.Write("/start")
		m.reader.Write("/subscribe")
		time.Sleep(time.Minute)
		test(m)
	})
}

// Do brings updates to the bot.
func (m *machine) Do(r *http.Request) (*http.Response, error) {
	handler := m.handler.Load()
	if handler == nil {
		return nil, errors.New("connection refused")
	}
	answer := httptest.NewRecorder()
	(*handler).ServeHTTP(answer, r)
	return answer.Result(), nil
}

func (m *machine) start() {
	m.t.Helper()
	store, err := subscribers.Open(m.t.Context(), m.settings.Database)
	if err != nil {
		m.t.Fatal(err)
	}
	now := func() time.Time { return time.Now().Add(time.Duration(m.ahead.Load())) }
	sources := []*intake.Folder{intake.NewFolder("issues", &m.source, intake.Rules{})}
	b, clock, _, err := parts(m.settings, store, sources, slog.New(m.settings.LogHandler(&m.log)), m.sim.Client(), now)
	if err != nil {
		m.t.Fatal(err)
	}
	handler := b.Handler()
	m.handler.Store(&handler)
	ctx, cancel := context.WithCancel(m.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- runAll(ctx, b.Run, clock.Run) }()
	m.store = store
	m.stop = func() {
		cancel()
		if err := errors.Join(<-ended, store.Close()); err != nil {
			m.t.Error(err)
		}
	}
}

// end stops the program if it runs.
func (m *machine) end() {
	if m.store != nil {
		m.stop()
	}
	m.store = nil
	m.handler.Store(nil)
}

// set makes the clock wrong by a duration; 0: right.
func (m *machine) set(ahead time.Duration) { m.ahead.Store(int64(ahead)) }

// until lets time pass until a moment of 11 November 2026 by the right clock.
func (m *machine) until(moment string) {
	m.t.Helper()
	at, err := time.Parse("2006-01-02 15:04", "2026-11-11 "+moment)
	if err != nil {
		m.t.Fatal(err)
	}
	time.Sleep(time.Until(at))
	synctest.Wait()
}

// at sets the clock at a moment.
func (m *machine) at(moment string, ahead time.Duration) {
	m.t.Helper()
	m.until(moment)
	m.set(ahead)
}

// startUnset restarts the program with a clock that begins at a year, as without a
// battery.
func (m *machine) startUnset(year int) {
	m.t.Helper()
	m.end()
	m.set(time.Until(time.Date(year, 1, 1, 0, 0, 20, 0, time.UTC)))
	m.start()
}

// onStore changes the database while the program is stopped.
func (m *machine) onStore(change func(*subscribers.Store) error) {
	m.t.Helper()
	store, err := subscribers.Open(m.t.Context(), m.settings.Database)
	if err == nil {
		err = errors.Join(change(store), store.Close())
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

// setCreated makes the database look as if it was made at a time.
func (m *machine) setCreated(at time.Time) {
	m.t.Helper()
	db, err := sql.Open("sqlite3", m.settings.Database)
	if err == nil {
		_, err = db.ExecContext(m.t.Context(), "UPDATE schedule_runs SET scheduled_at = ?", at.Unix())
	}
	if err = errors.Join(err, db.Close()); err != nil {
		m.t.Fatal(err)
	}
}

// publish puts an issue into the archive.
func (m *machine) publish(number int) {
	m.t.Helper()
	issue := &digest.Issue{Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Weekly %d", number), Date: time.Now().UTC().Truncate(day)}
	save := func(store *subscribers.Store) error {
		_, _, err := store.SaveIssue(m.t.Context(), issue, "issue.md", []byte(issue.Key))
		return err
	}
	if m.store == nil {
		m.onStore(save)
	} else if err := save(m.store); err != nil {
		m.t.Fatal(err)
	}
}

var issueTitle = regexp.MustCompile(`Weekly (\d+)`)

// got returns the issues that the reader got, with the right times.
func (m *machine) got() (all []string) {
	for _, message := range m.reader.Chat().FromBot() {
		if title := issueTitle.FindString(message.Text); title != "" {
			all = append(all, title+" on "+message.Date.UTC().Format("15:04"))
		}
	}
	return all
}

// told returns what the admin was told about the schedule.
func (m *machine) told() (all []string) {
	for _, message := range m.admin.Chat().FromBot() {
		if strings.Contains(message.Text, "but nothing was sent.") || strings.Contains(message.Text, "A broadcast was missed") {
			all = append(all, message.Text)
		}
	}
	return all
}

// story is a series of events around the runs of 9:30 and 13:30.
type story struct {
	name string
	tell func(m *machine)
	got  []string // issues, and when they came
	told []string // what the admin's messages contain
}

const (
	first, second, late = "Weekly 1 on 09:30", "Weekly 2 on 13:30", "Weekly 1 on 13:30"
	missed, nothingNew  = "It was due on Wednesday, 11 November, 09:30", "no new issue since Weekly 1"
)

func clocksAhead() []story {
	return []story{
		{"always right", func(m *machine) { m.publish(1) }, []string{first}, []string{nothingNew}},
		{"ahead over a run", func(m *machine) {
			m.publish(1)
			m.at("08:00", period)
			m.at("10:30", 0)
			m.publish(2)
		}, []string{first, second}, []string{missed}},
		{"ahead over a run, with a restart", func(m *machine) {
			m.publish(1)
			m.at("08:00", period)
			m.until("10:30")
			m.end()
			m.set(0)
			m.start()
			m.publish(2)
		}, []string{first, second}, []string{missed}},
		{"ahead over a run, and nothing new", func(m *machine) {
			m.publish(1)
			m.at("08:00", period)
			m.at("10:30", 0)
		}, []string{first}, []string{missed, nothingNew}},
		{"ahead over a run, and down over the true one", func(m *machine) {
			m.publish(1)
			m.at("08:00", period)
			m.until("10:30")
			m.publish(2)
			m.end()
			m.at("13:45", 0)
			m.start()
		}, []string{first}, []string{missed, "clock must have been wrong"}},
		{"far ahead for two minutes", func(m *machine) {
			m.publish(1)
			m.at("08:00", 300*day)
			m.at("08:02", 0)
		}, []string{first}, []string{"It was due on Tuesday, 7 September", nothingNew}},
		{"ahead, so that it fires early", func(m *machine) {
			m.publish(1)
			m.at("08:00", 105*time.Minute)
			m.at("08:30", 0)
			m.publish(2)
		}, []string{"Weekly 1 on 08:01", "Weekly 2 on 09:30"}, []string{"no new issue since Weekly 2"}},
	}
}

func clocksBehind() []story {
	return []story{
		{"set back by seconds right after it fired", func(m *machine) {
			m.publish(1)
			m.at("09:30", -3*time.Second)
			m.at("09:31", 0)
		}, []string{first}, []string{nothingNew}},
		{"set back after it fired, for an hour", func(m *machine) {
			m.publish(1)
			m.at("09:40", -period)
			m.publish(2)
			m.at("09:55", 0)
		}, []string{first, second}, nil},
		{"set back after it fired, for a while, with restarts", func(m *machine) {
			m.publish(1)
			m.at("09:40", -period)
			m.publish(2)
			m.end()
			m.start()
			m.until("09:55")
			m.end()
			m.set(0)
			m.start()
		}, []string{first, second}, nil},
		{"set back after it fired, for good", func(m *machine) {
			m.publish(1)
			m.at("10:00", -period)
			m.publish(2)
		}, []string{first, second}, nil},
		{"a year behind over a run, and right soon", func(m *machine) {
			m.publish(1)
			m.set(-365*day + time.Hour)
			m.at("09:45", 0)
		}, []string{"Weekly 1 on 08:30"}, []string{"A broadcast was due on Wednesday, 11 November, 09:30", nothingNew}},
		{"behind over a run, and right soon", func(m *machine) {
			m.publish(1)
			m.at("09:00", -time.Hour)
			m.at("09:50", 0)
		}, []string{"Weekly 1 on 09:51"}, []string{nothingNew}},
		{"behind over a run, and right too late", func(m *machine) {
			m.publish(1)
			m.at("09:00", -2*time.Hour)
			m.at("10:30", 0)
		}, []string{late}, []string{missed}},
	}
}

// starts returns stories of clocks that are not set when the program starts, and of kills.
func starts() []story {
	run := time.Date(2026, 11, 11, 9, 30, 0, 0, time.UTC)
	return []story{
		{"not set at a start after it fired", func(m *machine) {
			m.publish(1)
			m.until("09:40")
			m.publish(2)
			m.startUnset(1970)
			m.at("09:45", 0)
		}, []string{first, second}, nil},
		{"not set at a start after downtime", func(m *machine) {
			m.publish(1)
			m.end()
			m.until("09:40")
			m.startUnset(1970)
			m.at("09:45", 0)
		}, []string{"Weekly 1 on 09:46"}, []string{nothingNew}},
		{"not set at a start after long downtime", func(m *machine) {
			m.publish(1)
			m.end()
			m.until("10:30")
			m.startUnset(2000)
			m.at("10:35", 0)
			m.publish(2)
		}, []string{second}, []string{missed}},
		{"not set when the database was made", func(m *machine) {
			m.publish(1)
			m.end()
			m.setCreated(time.Unix(20, 0))
			m.until("09:40")
			m.startUnset(1970)
			m.at("09:45", 0)
		}, []string{late}, nil},
		{"not set over a run", func(m *machine) {
			m.publish(1)
			m.startUnset(1970)
			m.at("10:30", 0)
		}, []string{late}, []string{missed}},
		{"killed after the run was decided on", func(m *machine) {
			m.publish(1)
			m.until("09:29")
			m.end()
			m.onStore(func(store *subscribers.Store) error {
				_, err := store.RunSchedule(m.t.Context(), run)
				return err
			})
			m.until("09:31")
			m.start()
		}, []string{"Weekly 1 on 09:31"}, []string{nothingNew}},
		{"killed before the admin was told", func(m *machine) {
			m.publish(1)
			m.end()
			m.until("10:30")
			m.onStore(func(store *subscribers.Store) error {
				_, err := store.GiveUpSchedule(m.t.Context(), run)
				return err
			})
			m.start()
			m.until("11:00")
			m.end()
			m.start()
		}, []string{late}, []string{missed}},
	}
}

func TestClockThatJumps(t *testing.T) {
	t.Parallel()
	most := longtest.Rounds(3, 100)
	few := func(all []story) []story { return all[:min(most, len(all))] }
	for _, tt := range slices.Concat(few(clocksAhead()), few(clocksBehind()), few(starts())) {
		t.Run(tt.name, func(t *testing.T) {
			onMachine(t, func(m *machine) {
				tt.tell(m)
				m.until("14:00")
				if diff := cmp.Diff(tt.got, m.got()); diff != "" {
					t.Errorf("the reader got (-want +got):\n%s", diff)
				}
				told := m.told()
				ok := len(told) == len(tt.told)
				for i := 0; ok && i < len(told); i++ {
					ok = strings.Contains(told[i], tt.told[i])
				}
				if !ok {
					t.Errorf("the admin was told %q, want %q", told, tt.told)
				}
			})
		})
	}
}
