package subscribers_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

const mergingAdmin = 77

func sectionID(t testing.TB, store *subscribers.Store, name string) int64 {
	t.Helper()
	for id, n := range sectionNames(t, store) {
		if n == name {
			return id
		}
	}
	t.Fatalf("there is no section %q", name)
	return 0
}

func merge(t testing.TB, store *subscribers.Store, from, into string) subscribers.Merging {
	t.Helper()
	return must(store.MergeSections(t.Context(), subscribers.InPrivate(mergingAdmin), sectionID(t, store, from), sectionID(t, store, into)))(t)
}

// openTables returns a store, and a connection to look into its tables.
func openTables(t testing.TB) (*subscribers.Store, *sql.DB) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := openAt(t, path)
	db := must(sql.Open("sqlite3", path+"?_busy_timeout=10000"))(t)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return store, db
}

func TestMergeSections(t *testing.T) {
	store := open(t)
	subs := subscribe(t, store, 4)
	old := saveIssue(t, store, digesttest.Issue(1, "News", "Tools"))
	saveIssue(t, store, digesttest.Issue(2, "News", "Tools"))
	newest := saveIssue(t, store, digesttest.Issue(3, "News", "Software"))
	saveIssue(t, store, digesttest.Issue(4, "News", "Software"))
	mute(t, store, subs[0], "Tools", true)
	mute(t, store, subs[1], "Software", true)
	mute(t, store, subs[2], "Tools", true)
	mute(t, store, subs[2], "Software", true)

	var list []string
	for _, s := range must(store.CountedSections(t.Context()))(t) {
		list = append(list, fmt.Sprintf("%s %d", s.Name, s.Issues))
	}
	if want := []string{"News 4", "Software 2", "Tools 2"}; !slices.Equal(list, want) {
		t.Errorf("sections are %q, want %q", list, want)
	}
	from, into := sectionID(t, store, "Tools"), sectionID(t, store, "Software")
	plan := must(store.PlanMerging(t.Context(), from, into))(t)
	if plan.From.Name != "Tools" || plan.Into.Name != "Software" || plan.From.Issues != 2 || plan.FromOnly != 1 || plan.IntoOnly != 1 || plan.Done {
		t.Errorf("the plan is %+v", plan)
	}
	changes := store.PreferenceChanges()
	if done := merge(t, store, "Tools", "Software"); done != plan {
		t.Errorf("MergeSections did %+v, want %+v", done, plan)
	}
	if store.PreferenceChanges() == changes {
		t.Error("merging does not count as a change of preferences")
	}
	for _, sub := range subs[:3] {
		wantMuted(t, store, sub, old, "Software")
		wantMuted(t, store, sub, newest, "Software")
		wantNames(t, store, sub, "News", "-Software")
	}
	wantMuted(t, store, subs[3], newest)

	// A second time, or from an old keyboard, it changes nothing.
	again := must(store.MergeSections(t.Context(), subscribers.InPrivate(mergingAdmin), from, into))(t)
	if !again.Done || again.From.Name != "Tools" {
		t.Errorf("merging a second time did %+v, want it done before", again)
	}
	if err := store.SetMuted(t.Context(), subs[0].ID, from, false); err != nil {
		t.Fatal(err)
	}
	wantNames(t, store, subs[0], "News", "Software")

	// Issues with either heading have the merged section, which keeps its name.
	fifth := saveIssue(t, store, digesttest.Issue(5, "News", "TOOLS", "Software"))
	wantMuted(t, store, subs[1], fifth, "Software", "Software")
	wantNames(t, store, subs[1], "News", "-Software")

	entries := must(store.AuditEntries(t.Context(), 10, 0))(t)
	if len(entries) != 1 || entries[0].By.User != mergingAdmin || entries[0].On.Section != from || entries[0].Facts.To != "Software" {
		t.Errorf("the audit is %+v, want one merging of section %d into Software", entries, from)
	}
}

func TestMergeRefuses(t *testing.T) {
	store := open(t)
	saveIssue(t, store, digesttest.Issue(1, "News", "Tools", "Jobs"))
	news, tools, jobs := sectionID(t, store, "News"), sectionID(t, store, "Tools"), sectionID(t, store, "Jobs")
	merge(t, store, "Tools", "Jobs")
	for _, test := range []struct {
		name       string
		from, into int64
		want       error
	}{
		{"into itself", news, news, archive.ErrSameSection},
		{"a section that was merged into another", tools, news, subscribers.ErrNotFound},
		{"into a section that was merged", news, tools, subscribers.ErrNotFound},
		{"the way back", jobs, tools, subscribers.ErrNotFound},
		{"a section that never was", 999, news, subscribers.ErrNotFound},
		{"into a section that never was", news, 999, subscribers.ErrNotFound},
	} {
		if _, err := store.PlanMerging(t.Context(), test.from, test.into); !errors.Is(err, test.want) {
			t.Errorf("PlanMerging of %s: %v, want %v", test.name, err, test.want)
		}
		if _, err := store.MergeSections(t.Context(), subscribers.InPrivate(mergingAdmin), test.from, test.into); !errors.Is(err, test.want) {
			t.Errorf("MergeSections of %s: %v, want %v", test.name, err, test.want)
		}
	}
	if got := len(sectionNames(t, store)); got != 2 {
		t.Errorf("there are %d sections, want 2", got)
	}
}

// A section that was merged into another moves along when that one is merged.
func TestMergingOnAndOn(t *testing.T) {
	store := open(t)
	sub := subscribe(t, store, 1)[0]
	saveIssue(t, store, digesttest.Issue(1, "A", "B", "C"))
	messages := must(store.Messages(t.Context(), 1, 1))(t)
	mute(t, store, sub, "A", true)
	merge(t, store, "A", "B")
	merge(t, store, "B", "C")
	second := saveIssue(t, store, digesttest.Issue(2, "a", "b", "c"))
	wantMuted(t, store, sub, second, "c", "c", "c")
	// A broadcast goes on with the messages it has read before.
	to := must(store.Recipient(t.Context(), sub.ID))(t)
	for _, m := range messages[1:] {
		if !to.Mutes(m) {
			t.Errorf("message %d of section %d is not muted", m.Position, m.SectionID)
		}
	}
	if to.Mutes(messages[0]) {
		t.Error("the cover is muted")
	}
}

func TestTwoAdminsMergeAtOnce(t *testing.T) {
	store := open(t)
	saveIssue(t, store, digesttest.Issue(1, "A", "B"))
	a, b := sectionID(t, store, "A"), sectionID(t, store, "B")
	errs := make([]error, 2)
	var both sync.WaitGroup
	both.Go(func() { _, errs[0] = store.MergeSections(t.Context(), subscribers.InPrivate(1), a, b) })
	both.Go(func() { _, errs[1] = store.MergeSections(t.Context(), subscribers.InPrivate(2), b, a) })
	both.Wait()
	lost := slices.IndexFunc(errs, func(err error) bool { return errors.Is(err, subscribers.ErrNotFound) })
	if lost < 0 || errs[1-lost] != nil {
		t.Errorf("merging A into B and B into A gave %v, want one to work and one to find nothing", errs)
	}
	if got := len(sectionNames(t, store)); got != 1 {
		t.Errorf("there are %d sections, want 1", got)
	}
}

// Merging has to change every table with sections, but for those of votes, which are kept under
// the ids that sections had: see TestVotesOnMergedSections in package feedback.
func TestMergingKnowsAllTables(t *testing.T) {
	_, db := openTables(t)
	rows := must(db.Query(`
		SELECT m.name, f."from"
		FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' AND f."table" = 'sections' AND m.name NOT IN ('votes', 'vote_totals')
		ORDER BY m.name`))(t)
	defer rows.Close()
	tables := 0
	for ; rows.Next(); tables++ {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		source := slices.Concat(must(os.ReadFile("mergesections.go"))(t), must(os.ReadFile("archive/mergesections.go"))(t))
		if !strings.Contains(strings.ReplaceAll(string(source), " OR IGNORE ", " "), "UPDATE "+table+" SET "+column) && !strings.Contains(string(source), "INSERT OR IGNORE INTO "+table) {
			t.Errorf("merging sections leaves %s.%s as it is", table, column)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if tables < 4 {
		t.Errorf("%d tables name sections, want 4 at least", tables)
	}
}

// choices are what TestMergingProperty knows of a store.
type choices struct {
	t      *testing.T
	store  *subscribers.Store
	random *rand.Rand
	subs   []subscribers.Subscriber
	issues []archive.Issue
	home   map[string]string         // heading → the heading it is merged into, or itself
	off    []map[string]bool         // by subscriber: homes that are off
	other  []bool                    // by subscriber
	in     map[string]map[int]bool   // home → numbers of the issues that have it
	ids    map[string]int64          // home → id
	kept   map[int][]archive.Message // by number: messages as a broadcast read them
}

func (c *choices) homes() []string {
	var all []string
	for heading, home := range c.home {
		if heading == home {
			all = append(all, home)
		}
	}
	slices.Sort(all)
	return all
}

func (c *choices) pick(from []string) string { return from[c.random.IntN(len(from))] }

func (c *choices) addIssue() {
	number := len(c.issues) + 1
	var headings []string
	for _, i := range c.random.Perm(8)[:1+c.random.IntN(4)] {
		headings = append(headings, string(rune('a'+i)))
	}
	issue := saveIssue(c.t, c.store, digesttest.Issue(number, headings...))
	c.issues = append(c.issues, issue)
	for _, h := range headings {
		if c.home[h] == "" {
			c.home[h], c.in[h] = h, make(map[int]bool)
			c.ids[h] = sectionID(c.t, c.store, h)
		}
		c.in[c.home[h]][number] = true
	}
	c.kept[number] = must(c.store.Messages(c.t.Context(), issue.ID, issue.Edition))(c.t)
}

func (c *choices) mute() {
	n, home, off := c.random.IntN(len(c.subs)), c.pick(c.homes()), c.random.IntN(3) > 0
	if c.random.IntN(4) == 0 {
		muteOther(c.t, c.store, c.subs[n], off)
		c.other[n] = off
		return
	}
	if err := c.store.SetMuted(c.t.Context(), c.subs[n].ID, c.ids[home], off); err != nil {
		c.t.Fatal(err)
	}
	c.off[n][home] = off
}

func (c *choices) merge() {
	from, into := c.pick(c.homes()), c.pick(c.homes())
	before := c.mutes()
	_, err := c.store.MergeSections(c.t.Context(), subscribers.InPrivate(mergingAdmin), c.ids[from], c.ids[into])
	if from == into {
		if !errors.Is(err, archive.ErrSameSection) {
			c.t.Fatalf("merging %s into itself: %v", from, err)
		}
		return
	}
	if err != nil {
		c.t.Fatal(err)
	}
	for heading, home := range c.home {
		if home == from {
			c.home[heading] = into
		}
	}
	for number := range c.in[from] {
		c.in[into][number] = true
	}
	for n := range c.off {
		c.off[n][into] = c.off[n][into] || c.off[n][from]
		delete(c.off[n], from)
	}
	// Messages of other sections are muted for the same subscribers as before.
	for key, was := range c.mutes() {
		section := c.home[key.heading]
		if section != into && was != before[key] {
			c.t.Errorf("merging %s into %s changed %+v to %t", from, into, key, was)
		}
	}
}

// muting is a subscriber, an issue and a heading in it.
type muting struct {
	sub, number int
	heading     string
}

// mutes returns for every subscriber and message whether it is muted.
func (c *choices) mutes() map[muting]bool {
	all := make(map[muting]bool)
	for n, sub := range c.subs {
		to := must(c.store.Recipient(c.t.Context(), sub.ID))(c.t)
		for _, issue := range c.issues {
			for _, m := range must(c.store.Messages(c.t.Context(), issue.ID, issue.Edition))(c.t) {
				heading := headingOf(m)
				all[muting{n, issue.Number, heading}] = to.Mutes(m)
			}
			for _, m := range c.kept[issue.Number] {
				if home := c.home[headingOf(m)]; home != "" && c.off[n][home] && !to.Mutes(m) {
					c.t.Errorf("subscriber %d would get %q of issue %d from a broadcast that began before a merging", n, home, issue.Number)
				}
			}
		}
	}
	return all
}

// headingOf is the heading of a message that issueNumber made; empty: the cover.
func headingOf(m archive.Message) string {
	_, heading, _ := strings.Cut(m.Plain, "About ")
	heading, _, _ = strings.Cut(heading, "\n")
	if m.SectionID == 0 {
		return ""
	}
	return strings.TrimSpace(heading)
}

// check compares what is muted with what the rules in mergesections.go and switches.go say.
func (c *choices) check() {
	for key, got := range c.mutes() {
		home := c.home[key.heading]
		want := home != "" && (c.off[key.sub][home] || c.other[key.sub] && len(c.issues) > 1 && len(c.in[home]) == 1)
		if got != want {
			c.t.Errorf("%+v, now %q: muted is %t, want %t", key, home, got, want)
		}
	}
}

func TestMergingProperty(t *testing.T) {
	for seed := range longtest.Rounds[uint64](3, 12) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			c := &choices{
				t: t, store: open(t), random: rand.New(rand.NewPCG(seed, 4)),
				home: make(map[string]string), in: make(map[string]map[int]bool), ids: make(map[string]int64),
				kept: make(map[int][]archive.Message),
			}
			c.subs = subscribe(t, c.store, 4)
			c.other = make([]bool, len(c.subs))
			for range c.subs {
				c.off = append(c.off, make(map[string]bool))
			}
			c.addIssue()
			for range 40 {
				switch c.random.IntN(6) {
				case 0:
					c.addIssue()
				case 1:
					c.merge()
				default:
					c.mute()
				}
				c.check()
				if t.Failed() {
					return
				}
			}
		})
	}
}

// A database of the first version opens, with everything in it.
func TestDatabaseOfVersion1(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	db := must(sql.Open("sqlite3", path))(t)
	for _, statement := range []string{
		string(must(os.ReadFile("migrations/0001_initial.sql"))(t)),
		"PRAGMA user_version = 1",
		"INSERT INTO subscribers (id, chat_id, kind, state, created_at, updated_at) VALUES (5, 42, 'private', 'on', 0, 0)",
		"INSERT INTO sections (id, key, name) VALUES (3, 'news', 'News'), (4, 'tools', 'Tools')",
		"INSERT INTO muted_sections VALUES (5, 3)",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	store := openAt(t, path)
	saveIssue(t, store, digesttest.Issue(1, "News", "Tools"))
	wantNames(t, store, must(store.Subscriber(t.Context(), 42, 0))(t), "-News", "Tools")
	merge(t, store, "News", "Tools")
	wantNames(t, store, must(store.Subscriber(t.Context(), 42, 0))(t), "-Tools")
}
