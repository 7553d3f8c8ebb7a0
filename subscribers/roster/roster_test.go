package roster_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/mattn/go-sqlite3"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/roster"
)

// must returns v unless there is an error.
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// open returns a store on a file of its own.
func open(t testing.TB) *subscribers.Store {
	t.Helper()
	store, _ := openAt(t)
	return store
}

func openAt(t testing.TB) (store *subscribers.Store, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "digestbot.db")
	store = must(subscribers.Open(t.Context(), path))(t)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store, path
}

// export returns what is exported.
func export(t testing.TB, store *subscribers.Store, format roster.Format) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := roster.Export(t.Context(), store, &out, format); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// enroll reads a list and enrols it.
func enroll(t testing.TB, store *subscribers.Store, text string, options roster.Options) roster.Result {
	t.Helper()
	format := roster.CSV
	if strings.HasPrefix(text, "[") {
		format = roster.JSON
	}
	list := must(roster.Read([]byte(text), format))(t)
	return must(roster.Enroll(t.Context(), store, list, options))(t)
}

// counts are the numbers of a result: new, unchanged, replaced, left, forgotten, to greet.
func counts(r roster.Result) [6]int {
	return [6]int{r.New, r.Unchanged, r.Replaced, r.Left, r.Forgotten, r.ToGreet}
}

// everything subscribes chats that have chosen all there is to choose.
func everything(t testing.TB, store *subscribers.Store) {
	t.Helper()
	ctx := t.Context()
	issue := digesttest.Issue(1, "News", "Tools | more", "=SUM(1)", "值得关注")
	for i, section := range issue.Sections {
		issue.Sections[i].Key = digest.SectionKey(section.Name)
	}
	if _, _, err := store.SaveIssue(ctx, issue, "1.md", []byte("1")); err != nil {
		t.Fatal(err)
	}
	sections := must(store.CountedSections(ctx))(t)
	subscribe := func(chat subscribers.Chat) int64 {
		sub, _, err := store.Subscribe(ctx, chat)
		if err != nil {
			t.Fatal(err)
		}
		return sub.ID
	}
	ann := subscribe(subscribers.Chat{ID: 11, Kind: subscribers.Private, Language: "zh-hans"})
	forum := subscribe(subscribers.Chat{ID: -1001000000001, Thread: 17, Kind: subscribers.Supergroup, Title: "=cmd|' /C calc'!A0"})
	subscribe(subscribers.Chat{ID: -22, Kind: subscribers.Group, Title: `Friends, "old" ones` + "\nand | new \\ ones"})
	channel := subscribe(subscribers.Chat{ID: -1002000000001, Kind: subscribers.Channel, Title: "'@channel"})
	lost := subscribe(subscribers.Chat{ID: 12, Kind: subscribers.Private})
	subscribe(subscribers.Chat{ID: 13, Kind: subscribers.Private, Language: "en"})
	muted, _ := subscribers.NewWord("-x | y", false)
	lit, _ := subscribers.NewWord("@home", true)
	if err := errors.Join(
		store.SetLayout(ctx, ann, digest.LayoutCompact), store.SetLanguage(ctx, ann, "en"), store.SetSilent(ctx, ann, true), store.SetNoPreviews(ctx, ann, true),
		store.SetEvery(ctx, ann, 2), store.Pause(ctx, ann, time.Now().Add(500*time.Hour)), store.SetMuted(ctx, ann, sections[1].ID, true), store.SetMuted(ctx, ann, sections[2].ID, true),
		store.SetOtherMuted(ctx, ann, true), store.AddWords(ctx, ann, []subscribers.Word{lit, muted}), store.NoteLayoutAdvice(ctx, ann, subscribers.LayoutHinted),
		store.SetDeliveryTime(ctx, ann, subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 5, Zone: "Asia/Shanghai"}),
		store.SetSectionTopics(ctx, forum, true), store.SetSectionTopic(ctx, forum, sections[3].ID, 99), store.SetMuted(ctx, forum, sections[3].ID, true),
		store.SetEvery(ctx, channel, subscribers.Monthly), store.MarkGone(ctx, 12, subscribers.ReasonBlocked), store.SetAllMuted(ctx, lost, true),
	); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Unsubscribe(ctx, 13, 0); err != nil {
		t.Fatal(err)
	}
}

// What was exported and imported into an empty database is exported as the same file again,
// and the subscribers are the same.
func TestRoundTrip(t *testing.T) {
	for _, format := range []roster.Format{roster.CSV, roster.JSON} {
		t.Run(string(format), func(t *testing.T) {
			from, to := open(t), open(t)
			everything(t, from)
			text := export(t, from, format)
			if r := enroll(t, to, text, roster.Options{}); r.New != 6 || len(r.Sections) != 4 {
				t.Errorf("result is %+v, want 6 new and 4 new sections", r)
			}
			if diff := cmp.Diff(text, export(t, to, format)); diff != "" {
				t.Errorf("the second export differs (-first +second):\n%s", diff)
			}
			for _, chat := range []subscribers.Chat{{ID: 11}, {ID: -1001000000001, Thread: 17}, {ID: -22}, {ID: -1002000000001}, {ID: 12}, {ID: 13}} {
				want, got := recipient(t, from, chat), recipient(t, to, chat)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("subscriber %d differs (-exported +imported):\n%s", chat.ID, diff)
				}
			}
			if r := enroll(t, to, text, roster.Options{}); counts(r) != [6]int{0, 6, 0, 0, 0, 0} {
				t.Errorf("the second time %+v, want that nothing changes", r)
			}
			if r := enroll(t, to, text, roster.Options{Replace: true, Greet: true}); counts(r) != [6]int{0, 6, 0, 0, 0, 0} {
				t.Errorf("replacing what is the same: %+v, want that nothing changes", r)
			}
		})
	}
}

// recipient is what the store knows of a chat, without the numbers of its database.
func recipient(t testing.TB, store *subscribers.Store, chat subscribers.Chat) any {
	t.Helper()
	sub := must(store.Subscriber(t.Context(), chat.ID, chat.Thread))(t)
	r := must(store.Recipient(t.Context(), sub.ID))(t)
	var muted, words, topics []string
	for id := range r.Muted {
		muted = append(muted, must(store.Section(t.Context(), id))(t).Key)
	}
	for _, s := range must(store.CountedSections(t.Context()))(t) {
		if thread, ok := r.TopicOf(s.ID); ok {
			topics = append(topics, fmt.Sprint(s.Key, thread))
		}
	}
	for _, w := range r.Words {
		words = append(words, fmt.Sprint(w.Text, w.Fold, w.Highlight))
	}
	slices.Sort(muted)
	slices.Sort(words)
	r.Subscriber.ID, r.Unconfirmed, r.Title = 0, false, strings.Join(strings.Fields(r.Title), " ")
	return []any{r.Subscriber, muted, r.MutesOther, words, r.Topics, topics}
}

// Cells that a spreadsheet would calculate have an apostrophe before them.
func TestFormulasAreQuoted(t *testing.T) {
	store := open(t)
	everything(t, store)
	text := export(t, store, roster.CSV)
	for line := range strings.Lines(text) {
		for _, cell := range strings.Split(strings.TrimSpace(line), ",")[1:] {
			if cell = strings.TrimLeft(cell, `"`); cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("cell %s is calculated, in %s", cell, line)
			}
		}
	}
	for _, want := range []string{"'=cmd|' /C calc'!A0", "''@channel", `'-x \| y`, "\ufeffchat,"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
}

// A section that no issue has yet is known by its name, so it is muted when it turns up.
func TestMutedBeforeItTurnsUp(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	enroll(t, store, "chat,muted_sections\n5,📰 News | 值得关注\n", roster.Options{})
	row, _, err := store.SaveIssue(ctx, digesttest.Issue(1, "值得关注", "Tools"), "1.md", []byte("1"))
	if err != nil {
		t.Fatal(err)
	}
	r := must(store.Recipient(ctx, must(store.Subscriber(ctx, 5, 0))(t).ID))(t)
	var sent []string
	for _, m := range must(store.Messages(ctx, row.ID, row.Edition))(t) {
		if !r.Mutes(m) {
			sent = append(sent, m.Plain)
		}
	}
	if all := strings.Join(sent, "\n"); !strings.Contains(all, "Tools") || len(sent) != 2 {
		t.Errorf("the messages that are not muted are %q, want cover and Tools", sent)
	}
}

// Nobody is subscribed who has left, cannot be reached or was forgotten, whatever the
// options; and who is there keeps their choices, unless they are to be replaced.
func TestWhoIsThereAlready(t *testing.T) {
	const list = "chat,state,layout,muted_words\n1,on,compact,rust\n2,on,compact,\n3,on,compact,\n4,on,compact,\n5,off,,\n6,on,,\n"
	for _, replace := range []bool{false, true} {
		t.Run(fmt.Sprint("replace ", replace), func(t *testing.T) {
			store := open(t)
			ctx := t.Context()
			for chat := range int64(5) {
				if _, _, err := store.Subscribe(ctx, subscribers.Chat{ID: chat + 1, Kind: subscribers.Private}); err != nil {
					t.Fatal(err)
				}
			}
			ids := map[int64]int64{}
			for chat := range int64(5) {
				ids[chat+1] = must(store.Subscriber(ctx, chat+1, 0))(t).ID
			}
			must(store.Unsubscribe(ctx, 2, 0))(t)
			if err := errors.Join(store.SetLayout(ctx, ids[1], digest.LayoutRich), store.SetSilent(ctx, ids[1], true), store.MarkGone(ctx, 3, subscribers.ReasonBlocked), store.Forget(ctx, 4)); err != nil {
				t.Fatal(err)
			}
			want := [6]int{1, 4, 0, 2, 1, 1}
			if replace {
				want = [6]int{1, 0, 4, 2, 1, 1}
			}
			if r := enroll(t, store, list, roster.Options{Replace: replace, Greet: true}); counts(r) != want {
				t.Errorf("result is %+v, want %v", r, want)
			}
			states := map[int64]subscribers.State{1: subscribers.On, 2: subscribers.Off, 3: subscribers.Gone, 5: subscribers.On, 6: subscribers.On}
			if replace {
				states[5] = subscribers.Off
			}
			for chat, state := range states {
				if sub := must(store.Subscriber(ctx, chat, 0))(t); sub.State != state || sub.Unconfirmed != (chat == 6) {
					t.Errorf("%d is %s, unconfirmed %v, want %s", chat, sub.State, sub.Unconfirmed, state)
				}
			}
			if _, err := store.Subscriber(ctx, 4, 0); !errors.Is(err, subscribers.ErrNotFound) {
				t.Errorf("who was forgotten is back: %v", err)
			}
			first := must(store.Recipient(ctx, ids[1]))(t)
			if replaced := first.Layout == digest.LayoutCompact && len(first.Words) == 1; replaced != replace || !first.Silent {
				t.Errorf("the first has %+v", first)
			}
			if r := enroll(t, store, list, roster.Options{Replace: replace, Greet: true}); counts(r) != [6]int{0, 5, 0, 2, 1, 0} {
				t.Errorf("the second time: %+v", r)
			}
			if n := must(store.CountUnconfirmed(ctx))(t); n != 1 {
				t.Errorf("unconfirmed are %d, want 1", n)
			}
			if due := must(roster.GreetingsDue(ctx, store, 0, 10))(t); len(due) != 1 {
				t.Errorf("to greet are %v, want the new one", due)
			}
		})
	}
}

// A dry run changes nothing and says the same.
func TestDryRun(t *testing.T) {
	store, path := openAt(t)
	everything(t, store)
	before := export(t, store, roster.JSON)
	const list = "chat,muted_sections,layout\n11,News,rich\n70,Nothing yet,\n"
	options := roster.Options{Replace: true, Greet: true}
	dry := options
	dry.DryRun = true
	said := enroll(t, store, list, dry)
	if diff := cmp.Diff(before, export(t, store, roster.JSON)); diff != "" {
		t.Errorf("the dry run changed something:\n%s", diff)
	}
	if n := count(t, path, "audit WHERE action = 'enroll'"); n != 0 {
		t.Errorf("the dry run is in the audit %d times", n)
	}
	if diff := cmp.Diff(enroll(t, store, list, options), said); diff != "" {
		t.Errorf("the dry run said another thing (-done +said):\n%s", diff)
	}
	if n := count(t, path, "audit WHERE action = 'enroll' AND user_id = 0"); n != 1 {
		t.Errorf("the import is in the audit %d times", n)
	}
	enroll(t, store, list, options)
	if n := count(t, path, "audit WHERE action = 'enroll'"); n != 1 {
		t.Errorf("an import that changed nothing is in the audit")
	}
}

// count counts rows of a database.
func count(t testing.TB, path, what string) (n int) {
	t.Helper()
	db := must(sql.Open("sqlite3", path))(t)
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM " + what).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// An id is never given twice, and what a chat had is not given to whom an import brings.
func TestIDsAreNew(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	sub, _, err := store.Subscribe(ctx, subscribers.Chat{ID: 1, Kind: subscribers.Private})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Forget(ctx, 1); err != nil {
		t.Fatal(err)
	}
	enroll(t, store, "chat\n2\n3\n", roster.Options{})
	second := must(store.Subscriber(ctx, 2, 0))(t)
	third, _, err := store.Subscribe(ctx, subscribers.Chat{ID: 4, Kind: subscribers.Private})
	if err != nil || second.ID <= sub.ID || third.ID <= second.ID+1 {
		t.Errorf("ids are %d, %d and %d, %v", sub.ID, second.ID, third.ID, err)
	}
}

// Who subscribes is confirmed by that, and needs no greeting.
func TestSubscribingConfirms(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	enroll(t, store, "chat,paused_until\n2,\n3,\n4,"+time.Now().Add(48*time.Hour).UTC().Format(time.RFC3339)+"\n", roster.Options{Greet: true})
	if n, due := must(store.CountUnconfirmed(ctx))(t), must(roster.GreetingsDue(ctx, store, 0, 10))(t); n != 3 || len(due) != 2 {
		t.Errorf("%d are unconfirmed and %v to be greeted, want 3, and the two that have not paused", n, due)
	}
	if _, _, err := store.Subscribe(ctx, subscribers.Chat{ID: 2, Kind: subscribers.Private}); err != nil {
		t.Fatal(err)
	}
	if n, due := must(store.CountUnconfirmed(ctx))(t), must(roster.GreetingsDue(ctx, store, 0, 10))(t); n != 2 || len(due) != 1 {
		t.Errorf("%d are unconfirmed and %v to be greeted, want 2 and 1", n, due)
	}
}
