package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
)

// crowd makes readers besides Ann, so that a broadcast takes some seconds.
func (m *machine) crowd(n int) (all []*telegramsim.Person) {
	for range n {
		p := m.sim.NewPerson("Bea")
		p.Write("/subscribe")
		all = append(all, p)
	}
	time.Sleep(time.Minute)
	return all
}

// logged returns what was logged since it was called last.
func (m *machine) logged() string {
	all := m.log.String()
	since := all[m.read:]
	m.read = len(all)
	return since
}

// everyGot checks that each of the people got the issue, once.
func (m *machine) everyGot(people []*telegramsim.Person, issue string) {
	m.t.Helper()
	for _, p := range people {
		n := 0
		for _, message := range p.Chat().FromBot() {
			if issueTitle.FindString(message.Text) == issue {
				n++
			}
		}
		if n != 1 {
			m.t.Errorf("a reader got %s %d times, want once", issue, n)
		}
	}
}

// toldOf returns what the admin was told with a text in it.
func (m *machine) toldOf(text string) (all []string) {
	for _, message := range m.admin.Chat().FromBot() {
		if strings.Contains(message.Text, text) {
			all = append(all, message.Text)
		}
	}
	return all
}

// Whatever keeps the bot from Telegram, and whenever: nobody is skipped, nobody gets anything
// twice, admins are told once, when they can be, and the log stays short.
func TestOutages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		fault       telegramsim.Kind
		from, until string // of 11 November; the broadcast of 60 messages at 30 a second begins at 9:30
		wait        time.Duration
		lines       int // of warnings and errors at most
	}{
		{"no name is resolved for an hour, in a broadcast", telegramsim.RefuseConnection, "09:30:01", "10:30:01", 0, 80},
		{"no network for a day, in a broadcast", telegramsim.RefuseConnection, "09:30:01", "09:30:01", day, 300},
		{"Telegram is down when the broadcast is due", telegramsim.ServerError, "09:00:00", "09:50:00", 0, 80},
		{"there is no network when the broadcast is due", telegramsim.RefuseConnection, "06:00:00", "12:00:00", 0, 120},
		{"Telegram is frozen for ninety seconds, in a broadcast", telegramsim.Hang, "09:30:01", "09:31:31", 0, 30},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.wait > 0 || tt.fault == telegramsim.Hang {
				longtest.Only(t)
			}
			onMachine(t, func(m *machine) {
				m.publish(1)
				people := append(m.crowd(60), m.reader)
				at := func(moment string, plus time.Duration) {
					when, err := time.Parse("2006-01-02 15:04:05", "2026-11-11 "+moment)
					if err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Until(when.Add(plus)))
					synctest.Wait()
				}
				at(tt.from, 0)
				m.logged()
				over := m.sim.Inject(telegramsim.Fault{Kind: tt.fault, Methods: []string{"*"}})
				at(tt.until, tt.wait)
				over()
				time.Sleep(20 * time.Minute)
				synctest.Wait()
				m.everyGot(people, "Weekly 1")
				if told := m.toldOf("Telegram answers again"); tt.fault != telegramsim.Hang && len(told) != 1 {
					t.Errorf("the admin was told %q, want once that Telegram answers again", told)
				}
				log := m.logged()
				if n := strings.Count(log, "level=WARN") + strings.Count(log, "level=ERROR"); n > tt.lines {
					t.Errorf("the log has %d warnings and errors, want at most %d:\n%s", n, tt.lines, log)
				} else {
					t.Logf("%d warnings and errors", n)
				}
			})
		})
	}
}
