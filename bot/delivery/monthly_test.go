package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// monthTexts are the words around the headlines of a month in these tests.
func monthTexts(_ subscribers.Subscriber, issues []archive.Issue) (string, []string) {
	var names []string
	for _, issue := range issues {
		names = append(names, issue.Title)
	}
	return "Month", names
}

// dated archives an issue of a month, with the sections News and Tools.
func (w *world) dated(number int, date string) archive.Issue {
	w.t.Helper()
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		w.t.Fatal(err)
	}
	issue := &digest.Issue{Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Weekly %d", number), Date: day}
	for _, name := range names[:2] {
		s := digest.Section{Key: digest.SectionKey(name), Name: name}
		for _, title := range []string{"a", "b"} {
			s.Items = append(s.Items, digest.Item{Title: []digest.Span{{Text: fmt.Sprintf("%s %d%s", name, number, title)}}})
		}
		issue.Sections = append(issue.Sections, s)
	}
	row, _, err := w.store.SaveIssue(w.t.Context(), issue, "issue.md", fmt.Append(nil, number))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

func (w *world) setEvery(p *telegramsim.Person, every int) {
	w.t.Helper()
	if err := w.store.SetEvery(w.t.Context(), w.id(p), every); err != nil {
		w.t.Fatal(err)
	}
}

// withEverybody takes a reader's own time away.
func (w *world) withEverybody(p *telegramsim.Person) {
	w.t.Helper()
	if err := w.store.SetDeliveryTime(w.t.Context(), w.id(p), subscribers.DeliveryTime{}); err != nil {
		w.t.Fatal(err)
	}
}

// monthly makes readers who want the headlines of a month.
func (w *world) monthly(n int) []*telegramsim.Person {
	w.t.Helper()
	people := w.readers(n)
	for _, p := range people {
		w.setEvery(p, subscribers.Monthly)
	}
	return people
}

// inMonth is inOwnTime at a time of November.
func inMonth(t *testing.T, test func(t *testing.T, w *world)) { inOwnTime(t, friday, test) }

// newTo returns the texts that the bot has written to a reader since the last call for
// that reader.
type newTo map[int64]int

func (n newTo) texts(p *telegramsim.Person) (texts []string) {
	all := p.Chat().FromBot()
	for _, m := range all[n[p.ID()]:] {
		texts = append(texts, textOf(m))
	}
	n[p.ID()] = len(all)
	return texts
}

// headlinesOf is what the message says of an issue.
func headlinesOf(number int, sections ...string) string {
	text := fmt.Sprintf("\n\nWeekly %d", number)
	for _, name := range sections {
		text += fmt.Sprintf("\n• %s %da\n• %[1]s %[2]db", name, number)
	}
	return text
}

func both(number int) string { return headlinesOf(number, "News", "Tools") }

func wantSaid(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// The headlines come with the next issue, then with the first of each month, and have all
// issues since the last time, by the switches and words of the reader. Nobody else notices.
func TestMonthly(t *testing.T) {
	inMonth(t, func(t *testing.T, w *world) {
		readers := w.monthly(3)
		plain := w.readers(1)[0]
		w.words(readers[1], "News 2a", "*Tools 3b", "4a", "4b")
		issues := []archive.Issue{w.dated(1, "2026-11-06"), w.dated(2, "2026-11-13"), w.dated(3, "2026-11-20"), w.dated(4, "2026-11-27"), w.dated(5, "2026-12-04"), w.dated(6, "2026-12-04")}
		w.mute(readers[2].ID(), "Tools")
		seen := newTo{}
		for n, issue := range issues {
			books := w.books(w.await(w.broadcast(issue), subscribers.Done))
			switch skipped := books.Sum(subscribers.OutcomeSkipped); n {
			case 0, 4:
				if skipped != 3*2 { // what came within the first message
					t.Errorf("issue %d: books say %d skipped, want 6", n+1, skipped)
				}
			default:
				if skipped != 3*3 {
					t.Errorf("issue %d: books say %d skipped, want 9", n+1, skipped)
				}
			}
			if got := len(seen.texts(plain)); got != 3 {
				t.Errorf("issue %d: another reader has %d messages, want 3", n+1, got)
			}
			var want [][]string
			switch n {
			case 0:
				want = [][]string{{"Month" + both(1)}, {"Month" + both(1)}, {"Month" + headlinesOf(1, "News")}}
			case 4:
				want = [][]string{
					{"Month" + both(5) + both(4) + both(3) + both(2)},
					{"Month" + both(5) + strings.ReplaceAll(both(3), "• Tools 3b", "⭐ Tools 3b") + strings.ReplaceAll(both(2), "\n• News 2a", "")},
					{"Month" + headlinesOf(5, "News") + headlinesOf(4, "News") + headlinesOf(3, "News") + headlinesOf(2, "News")},
				}
			default:
				want = make([][]string, 3)
			}
			for r, reader := range readers {
				wantSaid(t, fmt.Sprintf("issue %d, reader %d", n+1, r), seen.texts(reader), want[r]...)
			}
		}
		for _, m := range readers[0].Chat().FromBot() {
			if m.Silent || !m.Preview.Disabled {
				t.Error("the headlines make no sound, or have a preview")
			}
		}
	})
}

// A reader who asks for an issue gets the issue, also while its broadcast is to bring the
// headlines; those come with the next broadcast then.
func TestMonthlyReaderAsks(t *testing.T) {
	inMonth(t, func(t *testing.T, w *world) {
		reader, seen := w.monthly(1)[0], newTo{}
		w.choose(reader, time.Sunday, "09:00", "UTC")
		first := w.dated(1, "2026-11-06")
		b := w.broadcast(first)
		time.Sleep(time.Hour)
		wantSaid(t, "before their own time", seen.texts(reader))
		w.request(first, reader)
		w.await(b, subscribers.Done)
		if got := seen.texts(reader); len(got) != 3 {
			t.Errorf("who asks gets %q, want the issue", got)
		}
		w.withEverybody(reader)
		w.await(w.broadcast(w.dated(2, "2026-11-13")), subscribers.Done)
		wantSaid(t, "the next broadcast", seen.texts(reader), "Month"+both(2))
		third := w.dated(3, "2026-11-20")
		w.await(w.broadcast(third), subscribers.Done)
		w.request(third, reader)
		time.Sleep(time.Minute)
		if got := seen.texts(reader); len(got) != 3 {
			t.Errorf("an issue that was not due comes as %q, want 3 messages", got)
		}
	})
}

// While a broadcast waits for a reader's own time, a later one brings no headlines, even if
// it is of the next month. The one that waits has those up to its issue.
func TestMonthlyAtOwnTimes(t *testing.T) {
	inMonth(t, func(t *testing.T, w *world) {
		reader, seen := w.monthly(1)[0], newTo{}
		w.await(w.broadcast(w.dated(1, "2026-08-06")), subscribers.Done)
		wantSaid(t, "the first", seen.texts(reader), "Month"+both(1))
		w.choose(reader, time.Thursday, "09:00", "UTC")
		w.dated(2, "2026-08-13")
		b := w.broadcast(w.dated(3, "2026-09-04"))
		time.Sleep(24 * time.Hour)
		later := w.broadcast(w.dated(4, "2026-10-01"))
		w.await(b, subscribers.Done)
		w.await(later, subscribers.Done)
		wantSaid(t, "at their time", seen.texts(reader), "Month"+both(3)+both(2))
		w.choose(reader, time.Monday, "09:00", "UTC")
		w.await(w.broadcast(w.dated(5, "2026-10-02")), subscribers.Done)
		wantSaid(t, "the month after", seen.texts(reader), "Month"+both(5)+both(4))
	})
}

// What does not get through comes with the next broadcast: after a cancelled one, a pause,
// and an issue of which the reader wants nothing. Withdrawn issues are left out.
func TestMonthlyComesLater(t *testing.T) {
	inMonth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		reader, seen := w.monthly(1)[0], newTo{}
		other := w.readers(1)[0]
		first := w.dated(1, "2026-10-30")
		w.await(w.broadcast(first), subscribers.Done)
		wantSaid(t, "the first", seen.texts(reader), "Month"+both(1))

		w.choose(reader, time.Tuesday, "09:00", "UTC")
		b := w.broadcast(w.dated(2, "2026-11-06"))
		time.Sleep(time.Minute)
		if _, err := w.store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
		w.bot.broadcaster.Wake()
		w.await(b, subscribers.Cancelled)
		time.Sleep(time.Minute)
		w.withEverybody(reader)

		if err := w.store.Pause(ctx, w.id(reader), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		w.await(w.broadcast(w.dated(3, "2026-11-13")), subscribers.Done)
		time.Sleep(2 * time.Hour)

		w.words(reader, "4a", "4b")
		w.await(w.broadcast(w.dated(4, "2026-11-14")), subscribers.Done)
		wantSaid(t, "until then", seen.texts(reader))

		withdrawn := w.dated(5, "2026-11-15")
		if _, err := w.store.WithdrawIssue(ctx, withdrawn.ID, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
		w.await(w.broadcast(w.dated(6, "2026-11-20")), subscribers.Done)
		wantSaid(t, "then", seen.texts(reader), "Month"+both(6)+both(3)+both(2))

		if _, err := w.store.Unsubscribe(ctx, reader.ID(), 0); err != nil {
			t.Fatal(err)
		}
		w.await(w.broadcast(w.dated(7, "2026-11-27")), subscribers.Done)
		w.subscribe(subscribers.Chat{ID: reader.ID(), Kind: subscribers.Private})
		w.await(w.broadcast(w.dated(8, "2026-11-28")), subscribers.Done)
		wantSaid(t, "after a new subscription", seen.texts(reader), "Month"+both(8))
		w.setEvery(reader, 0)
		w.await(w.broadcast(w.dated(9, "2026-11-29")), subscribers.Done)
		if got := seen.texts(reader); len(got) != 3 {
			t.Errorf("every issue is %q, want 3 messages", got)
		}
		if got := len(seen.texts(other)); got != 8*3 {
			t.Errorf("another reader has %d messages, want 24", got)
		}
	})
}

// A broadcast that is paused keeps no headlines from coming with the next one. When it goes
// on it brings its own, and what came last is still the later one.
func TestMonthlyWhileABroadcastIsPaused(t *testing.T) {
	inMonth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		reader, seen := w.monthly(1)[0], newTo{}
		w.await(w.broadcast(w.dated(1, "2026-10-02")), subscribers.Done)
		wantSaid(t, "the first", seen.texts(reader), "Month"+both(1))
		w.choose(reader, time.Sunday, "09:00", "UTC")
		paused := w.broadcast(w.dated(2, "2026-11-06"))
		time.Sleep(time.Minute)
		if _, err := w.store.PauseBroadcast(ctx, paused.ID, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
		w.bot.broadcaster.Wake()
		time.Sleep(7 * 24 * time.Hour)
		w.withEverybody(reader)
		w.await(w.broadcast(w.dated(3, "2026-11-13")), subscribers.Done)
		wantSaid(t, "the next", seen.texts(reader), "Month"+both(3)+both(2))
		if _, err := w.store.ResumeBroadcast(ctx, paused.ID, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
		w.bot.broadcaster.Wake()
		w.await(paused, subscribers.Done)
		wantSaid(t, "the paused one", seen.texts(reader), "Month"+both(2))
		w.await(w.broadcast(w.dated(4, "2026-12-04")), subscribers.Done)
		wantSaid(t, "the month after", seen.texts(reader), "Month"+both(4))
	})
}

// A message cut off by a crash is repeated as it is, also if the reader has changed their
// mind, and does not come with the next issue again.
func TestMonthlyAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		w.start()
		time.Sleep(2 * time.Second)
		reader, seen := w.monthly(1)[0], newTo{}
		first := w.dated(1, "1999-12-03")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: time.Hour, Methods: []string{"sendMessage"}, Times: 1})
		b := w.broadcast(first)
		time.Sleep(10 * time.Second)
		w.crash()
		w.setEvery(reader, 0)
		w.start()
		b = w.await(b, subscribers.Done)
		wantSaid(t, "twice", seen.texts(reader), "Month"+both(1), "Month"+both(1))
		if n := w.books(b).Sum(subscribers.OutcomeUncertain); n != 1 {
			t.Errorf("books say %d uncertain, want 1", n)
		}
		if got := w.subscriber(reader.ID()).MonthIssue; got != first.ID {
			t.Errorf("the headlines came last with issue %d, want %d", got, first.ID)
		}
	})
}

// If Telegram refuses the headlines, the issue comes instead, as the reader wants it, and
// others notice nothing.
func TestRefusedMonth(t *testing.T) {
	for _, layout := range []digest.Layout{digest.LayoutSections, digest.LayoutCompact} {
		inMonth(t, func(t *testing.T, w *world) {
			readers, seen := w.monthly(2), newTo{}
			w.setLayout(readers[0].ID(), layout)
			w.refuseTo(readers[0].ID(), 1)
			b := w.await(w.broadcast(w.dated(1, "2026-11-06")), subscribers.Done)
			want := map[digest.Layout]int{digest.LayoutSections: 3, digest.LayoutCompact: 1}[layout]
			if got := seen.texts(readers[0]); len(got) != want || strings.HasPrefix(got[0], "Month") {
				t.Errorf("in %s comes %q, want the issue in %d messages", layout, got, want)
			}
			wantSaid(t, "another reader", seen.texts(readers[1]), "Month"+both(1))
			if sent := w.books(b).Sum(subscribers.OutcomeSent); sent != want+1 {
				t.Errorf("books say %d sent, want %d", sent, want+1)
			}
			w.await(w.broadcast(w.dated(2, "2026-11-13")), subscribers.Done)
			wantSaid(t, "the next", seen.texts(readers[0]), "Month"+both(2))
		})
	}
}
