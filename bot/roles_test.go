package bot_test

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// pressOf is the data of a button with the numbers 1, 2, ...
func pressOf(action string, numbers int) string {
	data := "1:" + action
	for n := range numbers {
		data += fmt.Sprintf(":%d", n+1)
	}
	return data
}

// TestAdminButtonsAreForAdmins: whoever is none cannot press them, in whatever way, and
// editors cannot press those of owners.
func TestAdminButtonsAreForAdmins(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.readers(1)
		w.nameEditor() // Li
		former := w.sim.NewPerson("Fay", telegramsim.Language("en"))
		own := map[*telegramsim.Person]telegramsim.Message{
			w.ann: w.tell(w.ann, "/start"), former: w.tell(former, "/start"), w.li: w.tell(w.li, "/help"),
		}
		for _, change := range []func(*subscribers.Store) (bool, error){
			func(s *subscribers.Store) (bool, error) {
				return s.NameEditor(w.t.Context(), former.ID(), subscribers.InPrivate(adminID))
			},
			func(s *subscribers.Store) (bool, error) {
				return s.RemoveEditor(w.t.Context(), former.ID(), subscribers.InPrivate(adminID))
			},
		} {
			if _, err := change(w.store); err != nil {
				w.t.Fatal(err)
			}
		}
		group := w.sim.NewSupergroup("Friends", w.admin, w.ann, w.li)
		w.said(group, func() { group.AddBot(w.admin) })
		inGroup := w.one(group, func() { w.admin.WriteIn(group, "/help") })
		before := w.tables()
		presses := w.bot.AdminPresses()
		if len(presses) < 25 {
			w.t.Fatalf("there are %d buttons of admins; is this test looking in the right place?", len(presses))
		}
		for action, button := range presses {
			data := pressOf(action, button.Numbers)
			refused := "for the admins of the bot"
			for _, by := range []*telegramsim.Person{w.ann, former} {
				w.wantRefused(by, own[by], data, refused)
				w.wantRefused(by, inGroup, data, refused)
			}
			w.wantRefused(w.admin, inGroup, data, refused)
			w.wantRefused(w.li, inGroup, data, "仅供机器人管理员使用")
			if button.Owners {
				w.wantRefused(w.li, own[w.li], data, "所有者")
			}
			w.pass(time.Minute) // or they press too fast
		}
		if diff := cmp.Diff(before, w.tables()); diff != "" {
			w.t.Errorf("forged presses changed something (-before +after):\n%s", diff)
		}
		text := w.tell(w.admin, "/audit").Text
		if want := "refused presses of admins' buttons by other people ("; strings.Count(text, want) != 1 {
			w.t.Errorf("the audit is %q, want one line with all presses that were refused", text)
		}
	})
}

func (w *world) wantRefused(by *telegramsim.Person, under telegramsim.Message, data, want string) {
	w.t.Helper()
	q := by.PressData(under, data)
	w.pass(3 * time.Second)
	answer, _ := q.Answer()
	if !strings.Contains(answer.Text, want) || !answer.Alert {
		w.t.Errorf("the press of %s by %s is answered %+v, want %q", data, by.Name(), answer, want)
	}
}

// volatileTables change by themselves, or when somebody reads or is told something.
var volatileTables = []string{
	"audit", "updates", "recent_messages", "waits", "own_texts", "heartbeat", "dismissed_questions", "schedule_runs",
	"progress_file", "subscribers", "told_dates", "home", "pinging", "sqlite_sequence", "searchable",
}

// tables returns the rows of the tables that are changed by somebody's deed.
func (w *world) tables() map[string][]string {
	w.t.Helper()
	db, err := sql.Open("sqlite3", w.path+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	all := make(map[string][]string)
	for _, name := range w.column(db, "SELECT name FROM sqlite_schema WHERE type = 'table'") {
		if slices.Contains(volatileTables, name) {
			continue
		}
		columns := w.column(db, fmt.Sprintf("SELECT 'quote(' || name || ')' FROM pragma_table_info('%s')", name))
		all[name] = w.column(db, "SELECT "+strings.Join(columns, " || ',' || ")+" FROM "+name)
	}
	return all
}

// column returns the only column of what a query finds.
func (w *world) column(db *sql.DB, query string) (all []string) {
	w.t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		w.t.Fatalf("%v in %s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, value)
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// situations are where a button does something that is not about the first issue, as it is
// before it was sent.
var situations = map[string]func(w *world){
	"bpause": func(w *world) { w.startSlowly() },
	"bres":   func(w *world) { w.startSlowly(); w.pauseFirst() },
	"bstop":  func(w *world) { w.startSlowly(); w.pauseFirst() },
	"bretry": func(w *world) { w.failFor(w.readers(1)[0], func() { w.sendNow(time.Minute) }) },
	"bagain": func(w *world) {
		reader := w.readers(1)[0]
		w.failFor(reader, func() { reader.Write("/latest"); w.settle() })
	},
	"bback": func(w *world) {
		if _, err := w.store.WithdrawIssue(w.t.Context(), 1, subscribers.InPrivate(adminID)); err != nil {
			w.t.Fatal(err)
		}
	},
	"byes": func(w *world) {
		w.exec("INSERT INTO held_issues (issue_id, held_at) VALUES (1, 1)")
		w.exec("UPDATE issues SET edition = 2 WHERE id = 1")
	},
	"dkeep": (*world).sendDraft,
	"dsend": (*world).sendDraft,
	"drep":  (*world).sendDraft,
	"drepq": (*world).sendDraft,
	"ddrop": (*world).sendDraft,
	"dquit": func(w *world) { w.tell(w.admin, "/draft") },
	"bedit": func(w *world) {
		if _, err := w.store.NameEditor(w.t.Context(), 1, subscribers.InPrivate(adminID)); err != nil {
			w.t.Fatal(err)
		}
	},
	"buninv": func(w *world) {
		if _, _, err := w.store.MakeInvitation(w.t.Context(), subscribers.InPrivate(adminID)); err != nil {
			w.t.Fatal(err)
		}
	},
}

// sendDraft has the admin send the first draft.
func (w *world) sendDraft() {
	w.said(w.admin.Chat(), func() { w.admin.SendDocument("180.md", []byte(weekly12), "") })
}

// startSlowly starts a broadcast that takes longer than the test.
func (w *world) startSlowly() {
	reader := w.readers(1)[0]
	w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 20 * time.Second, Chat: reader.ID()})
	w.sendNow(time.Second)
}

func (w *world) pauseFirst() {
	if _, err := w.store.PauseBroadcast(w.t.Context(), 1, subscribers.InPrivate(adminID)); err != nil {
		w.t.Fatal(err)
	}
}

// failFor makes the messages to a reader fail while f runs.
func (w *world) failFor(reader *telegramsim.Person, f func()) {
	end := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Chat: reader.ID()})
	f()
	end()
}

// mustChange are buttons that change something, so that this test sees it.
var mustChange = []string{
	"byes", "dkeep", "dsend", "drep", "ddrop", "dquit", "bgo", "bfew", "bpause", "bres", "bstop", "bretry", "bagain", "bwith", "bback", "bdate", "bmerge", "bname", "bedit", "binv", "buninv",
}

// TestWhatAdminsChangeIsInTheAudit presses every button of admins, and whatever changes
// something leaves an entry that says who did it.
func TestWhatAdminsChangeIsInTheAudit(t *testing.T) {
	var presses map[string]struct{}
	inWorld(t, func(w *world) {
		presses = make(map[string]struct{})
		for action := range w.bot.AdminPresses() {
			presses[action] = struct{}{}
		}
	})
	for _, action := range slices.Sorted(maps.Keys(presses)) {
		t.Run(action, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.issue(179, "News", "Gear")
				w.issue(178, "News", "Tools")
				w.tell(w.admin, "/subscribe")
				m := w.tell(w.admin, "/help")
				if prepare := situations[action]; prepare != nil {
					prepare(w)
				}
				before, entries := w.tables(), w.auditLength()
				w.admin.PressData(m, pressOf(action, w.bot.AdminPresses()[action].Numbers))
				w.pass(5 * time.Second)
				changed := !cmp.Equal(before, w.tables())
				if slices.Contains(mustChange, action) && !changed {
					w.t.Errorf("%s has changed nothing, so this test does not see whether it is in the audit", action)
				}
				if n := w.auditLength() - entries; changed && n == 0 {
					w.t.Errorf("%s has changed something that is not in the audit:\n%s", action, cmp.Diff(before, w.tables()))
				}
			})
		})
	}
}

// auditLength returns how many entries of the admin the audit has.
func (w *world) auditLength() (n int) {
	w.t.Helper()
	entries, err := w.store.AuditEntries(w.t.Context(), 100, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		if e.By == subscribers.InPrivate(adminID) {
			n++
		}
	}
	return n
}
