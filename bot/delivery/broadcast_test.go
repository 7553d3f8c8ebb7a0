package delivery_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

func TestBroadcastReachesEverybodyInOrderAtFullRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var times []time.Time
		w := newWorld(t, telegramsim.Options{OnSend: func(m telegramsim.Message) { times = append(times, m.Date) }}, 30)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
		readers := w.readers(100)
		w.start()
		issue := w.issue(1)
		b := w.await(w.broadcast(issue), subscribers.Done)
		took := times[len(times)-1].Sub(times[0])

		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
		}
		books := w.books(b)
		if sent := books.Sum(subscribers.OutcomeSent); sent != 600 {
			t.Errorf("books say %d sent, want 600", sent)
		}
		if n := w.sim.Stats().Refused[429]; n != 0 {
			t.Errorf("Telegram refused %d messages with 429, want none", n)
		}
		if least := 20 * time.Second; took < least || took > least*1055/1000 { // answers differ by 50 ms from the mean
			t.Errorf("600 messages took %v, want 20 s and at most 5.5 %% more", took)
		}
		if n := len(w.bot.saw(delivery.EventFinished)); n != 1 {
			t.Errorf("%d finished events, want 1", n)
		}
	})
}

func TestOnlyTheFirstMessageRings(t *testing.T) {
	for _, layout := range layouts {
		for _, silent := range []bool{false, true} {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.setLayout(readers[0].ID(), layout)
				if err := w.store.SetSilent(t.Context(), w.id(readers[0]), silent); err != nil {
					t.Fatal(err)
				}
				w.await(w.broadcast(w.issue(1)), subscribers.Done)
				for i, m := range readers[0].Chat().FromBot() {
					if m.Silent != (silent || i > 0) {
						t.Errorf("layout %s, silent %v: message %d is silent: %v", layout, silent, i, m.Silent)
					}
				}
			})
		}
	}
}

// Deliveries are paid for if that is allowed, in every layout.
func TestPaidDeliveries(t *testing.T) {
	for _, layout := range layouts {
		for _, paid := range []bool{false, true} {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.bot.end()
				w.paid = paid
				w.start()
				w.setLayout(readers[0].ID(), layout)
				w.await(w.broadcast(w.issue(1)), subscribers.Done)
				for i, m := range readers[0].Chat().FromBot() {
					if m.Paid != paid {
						t.Errorf("layout %s, paid %v: message %d is paid for: %v", layout, paid, i, m.Paid)
					}
				}
			})
		}
	}
}

func TestAnswersOvertakeDeliveries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		w.readers(200)
		asker := w.sim.NewPerson("Asker")
		asker.Write("/start")
		w.start()
		b := w.broadcast(w.issue(1))
		for range 20 {
			time.Sleep(1137 * time.Millisecond)
			asked := time.Now()
			if _, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: asker.ID(), Text: "answer"}); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(asked); waited > 40*time.Millisecond {
				t.Errorf("an answer waited %v, want at most one slot", waited)
			}
		}
		w.await(b, subscribers.Done)
		if n := w.sim.Stats().Refused[429]; n != 0 {
			t.Errorf("Telegram refused %d messages with 429, want none", n)
		}
	})
}

func TestGroupsGetTwentyAMinute(t *testing.T) {
	inGroup(t, func(t *testing.T, w *world, owner *telegramsim.Person, group *telegramsim.Chat) {
		for number := range 8 { // 48 messages to one group, one issue after the other
			w.await(w.broadcast(w.issue(number+1)), subscribers.Done)
		}
		if got := len(group.FromBot()); got != 48 {
			t.Errorf("the group received %d messages, want 48", got)
		}
		if n := w.sim.Stats().Refused[429]; n != 0 {
			t.Errorf("Telegram refused %d messages with 429, want none", n)
		}
	})
}

func TestMutedSectionsAreNotSent(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		w.mute(readers[0].ID(), "News", "Quotes")
		b := w.await(w.broadcast(issue), subscribers.Done)
		w.wantGot(readers[0].ID(), "cover", "Tools", "Essays", "Jobs")
		w.wantGot(readers[1].ID(), everything()...)
		if n := w.books(b).Sum(subscribers.OutcomeSkipped); n != 2 {
			t.Errorf("books say %d skipped, want 2", n)
		}
	})
}

// A delivery knows which messages it became.
func TestDeliveriesKeepTheirMessages(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		w.await(w.broadcast(issue), subscribers.Done)
		for _, r := range readers {
			var want []subscribers.Arrived
			for position, m := range r.Chat().FromBot() {
				want = append(want, subscribers.Arrived{Position: position, ID: m.ID})
			}
			d, err := w.store.Delivery(t.Context(), issue.ID, w.id(r))
			if err != nil || !slices.Equal(d.Arrived, want) {
				t.Errorf("the delivery has the messages %v (%v), want %v", d.Arrived, err, want)
			}
		}
	})
}

// A reader who muted every section does not get the cover alone, unless they ask.
func TestAllSectionsMuted(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		w.mute(readers[0].ID(), names...)
		b := w.await(w.broadcast(issue), subscribers.Done)
		w.wantGot(readers[0].ID())
		w.wantGot(readers[1].ID(), everything()...)
		if n := w.books(b).Sum(subscribers.OutcomeSkipped); n != 6 {
			t.Errorf("books say %d skipped, want all six of one reader", n)
		}
		w.request(issue, readers[0])
		time.Sleep(10 * time.Second)
		w.wantGot(readers[0].ID(), "cover")
	})
}

// An issue may be all cover. Readers who muted sections get it, too.
func TestIssueWithoutSections(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.issue(1) // it makes the switches
		w.mute(readers[0].ID(), names...)
		letter, _, err := w.store.SaveIssue(t.Context(), &digest.Issue{Key: "letter", Title: "A letter"}, "letter.md", []byte("A letter"))
		if err != nil {
			t.Fatal(err)
		}
		b := w.await(w.broadcast(letter), subscribers.Done)
		for _, r := range readers {
			w.wantGot(r.ID(), "cover")
		}
		w.books(b)
	})
}

// mute switches sections off for a private chat.
func (w *world) mute(chat int64, sections ...string) {
	w.t.Helper()
	sub := w.subscriber(chat)
	switches, err := w.store.Switches(w.t.Context(), sub.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range switches {
		if slices.Contains(sections, s.Name) {
			if err := w.store.SetMuted(w.t.Context(), sub.ID, s.ID, true); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

func TestChangesDuringABroadcastCount(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		b := w.broadcast(issue)
		time.Sleep(2500 * time.Millisecond) // everybody has the cover and News
		late := w.readers(1)[0]
		w.mute(readers[0].ID(), "Jobs")
		if _, err := w.store.Unsubscribe(t.Context(), readers[1].ID(), 0); err != nil {
			t.Fatal(err)
		}
		readers[2].Block()
		b = w.await(b, subscribers.Done)
		w.wantGot(readers[0].ID(), "cover", "News", "Tools", "Essays", "Quotes")
		w.wantGot(readers[1].ID(), "cover", "News")
		w.wantGot(readers[2].ID(), "cover", "News")
		w.wantGot(readers[3].ID(), everything()...)
		w.wantGot(late.ID())
		reasons := map[subscribers.Reason]int{}
		for _, e := range w.books(b).Entries {
			reasons[e.Reason] += e.Messages
		}
		if reasons["muted"] != 1 || reasons["unsubscribed"] != 4 || reasons["blocked"] != 4 {
			t.Errorf("books give as reasons %v, want muted 1, unsubscribed 4, blocked 4", reasons)
		}
		sub, err := w.store.Subscriber(t.Context(), readers[2].ID(), 0)
		if err != nil || sub.State != subscribers.Gone {
			t.Errorf("who blocked is %v (%v), want gone", sub.State, err)
		}
	})
}

func TestForgottenDuringABroadcast(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		b := w.broadcast(w.issue(1))
		time.Sleep(2500 * time.Millisecond)
		if err := w.store.Forget(t.Context(), readers[1].ID()); err != nil {
			t.Fatal(err)
		}
		b = w.await(b, subscribers.Done)
		w.wantGot(readers[1].ID(), "cover", "News")
		w.books(b)
		for _, r := range []*telegramsim.Person{readers[0], readers[2]} {
			w.wantGot(r.ID(), everything()...)
			// A message a second: the others are not held up.
			all := r.Chat().FromBot()
			if took := all[len(all)-1].Date.Sub(all[0].Date); took > 6*time.Second {
				t.Errorf("%s got the issue within %v, want less than 6 s", r.Name(), took)
			}
		}
	})
}

func TestPauseResumeCancel(t *testing.T) {
	inBubble(t, 30, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		b := w.broadcast(issue)
		time.Sleep(2 * time.Second)
		turn := func(change func() (bool, error)) int {
			t.Helper()
			if changed, err := change(); err != nil || !changed {
				t.Fatalf("changed %v, %v", changed, err)
			}
			w.bot.broadcaster.Wake()
			time.Sleep(time.Second)
			return w.sim.Stats().Sent
		}
		paused := turn(func() (bool, error) { return w.store.PauseBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
		time.Sleep(time.Hour)
		if sent := w.sim.Stats().Sent; sent != paused {
			t.Errorf("%d messages went out during the pause", sent-paused)
		}
		resumed := turn(func() (bool, error) { return w.store.ResumeBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
		if resumed == paused {
			t.Error("nothing goes out a second after resuming")
		}
		turn(func() (bool, error) { return w.store.CancelBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
		b = w.await(b, subscribers.Cancelled)
		w.books(b)
		for _, r := range readers {
			if got := w.got(r.ID()); !slices.Equal(got, everything()[:len(got)]) {
				t.Errorf("reader received %q, not a beginning of the issue", got)
			}
		}

		again := w.await(w.broadcast(issue), subscribers.Done)
		w.books(b)
		w.books(again)
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
		}
	})
}

func TestRequests(t *testing.T) {
	inBubble(t, 150, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		ask := func(reader *telegramsim.Person, want delivery.RequestState) {
			t.Helper()
			answer, err := w.bot.broadcaster.Deliver(t.Context(), issue.ID, w.id(reader))
			if err != nil || answer != want {
				t.Errorf("Deliver = %q, %v; want %q", answer, err, want)
			}
		}
		ask(readers[0], delivery.Started)
		ask(readers[0], delivery.UnderWay)
		time.Sleep(10 * time.Second)
		w.wantGot(readers[0].ID(), everything()...)

		b := w.broadcast(issue)
		if b.Subscribers != 149 {
			t.Errorf("the broadcast goes to %d, want 149: one has the issue", b.Subscribers)
		}
		time.Sleep(100 * time.Millisecond)
		ask(readers[149], delivery.UnderWay) // last in the queue: its turn comes now
		time.Sleep(12 * time.Second)         // of the 30 the broadcast takes
		w.wantGot(readers[149].ID(), everything()...)
		b = w.await(b, subscribers.Done)
		w.books(b)
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
		}
		ask(readers[5], delivery.Again)
		time.Sleep(10 * time.Second)
		w.wantGot(readers[5].ID(), append(everything(), everything()...)...)
	})
}

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		w.readers(100)
		w.start()
		if _, ok := w.bot.broadcaster.Tally(); ok {
			t.Error("there is progress without a broadcast")
		}
		b := w.broadcast(w.issue(1))
		time.Sleep(10 * time.Second)
		p, ok := w.bot.broadcaster.Tally()
		if !ok || p.Total != 600 || p.Settled < 260 || p.Settled > 300 || p.Rate < 29 || p.Rate > 30.5 {
			t.Errorf("progress after 10 s is %+v, want a little less than half of 600 at almost 30/s", p)
		}
		if p.Remaining < 10*time.Second || p.Remaining > 12*time.Second {
			t.Errorf("remaining is %v, want a little over 10 s", p.Remaining)
		}
		w.await(b, subscribers.Done)
	})
}

// Progress agrees with the books at every moment, whatever has become of messages.
func TestProgressIsThatOfTheBooks(t *testing.T) {
	inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		w.mute(readers[1].ID(), names...)
		w.setLayout(readers[2].ID(), digest.LayoutCompact)
		readers[3].Block()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: something new", Chat: readers[4].ID(), After: 2})
		b := w.broadcast(issue)
		for range 12 {
			time.Sleep(517 * time.Millisecond) // between messages: their commit takes a moment
			synctest.Wait()
			p, ok := w.bot.broadcaster.Tally()
			books, err := w.store.Books(t.Context(), b.ID)
			if err != nil {
				t.Fatal(err)
			}
			if settled := p.Total - books.Sum(subscribers.OutcomePending); ok && p.Settled != settled {
				t.Errorf("%d messages are settled, %d by the books", p.Settled, settled)
			}
			w.wantStanding(books)
		}
		w.await(b, subscribers.Done)
		books, err := w.store.Books(t.Context(), b.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.wantStanding(books)
		if s, _, _ := w.bot.broadcaster.Standing(t.Context()); s.Readers[delivery.ReaderGone] != 1 || s.Readers[delivery.ReaderFailed] != 1 || s.Readers[delivery.ReaderSkipped] != 1 || s.Readers[delivery.ReaderDone] != 17 {
			t.Errorf("at the end readers are %v, want one gone, one failed, one skipped and the others done", s.Readers)
		}
	})
}

// wantStanding checks that what is counted beside the books of the last broadcast is what they
// say.
func (w *world) wantStanding(books subscribers.Books) {
	w.t.Helper()
	s, ok, err := w.bot.broadcaster.Standing(w.t.Context())
	if err != nil || !ok {
		w.t.Fatalf("Standing: %t, %v", ok, err)
	}
	readers := 0
	for _, n := range s.Readers {
		readers += n
	}
	if readers != books.Subscribers {
		w.t.Errorf("%v are %d readers, want %d", s.Readers, readers, books.Subscribers)
	}
	for _, outcome := range subscribers.Outcomes {
		if got, want := s.Messages[outcome], books.Sum(outcome); got != want {
			w.t.Errorf("%d messages are %s, %d by the books", got, outcome, want)
		}
	}
}

func TestProgressEditsGiveWayButComeThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		admin := w.readers(400)[0]
		w.start()
		m, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: admin.ID(), Text: "0 %"})
		if err != nil {
			t.Fatal(err)
		}
		b := w.broadcast(w.issue(1))
		time.Sleep(5 * time.Second)
		asked := time.Now()
		err = w.bot.sender.EditInBackground(t.Context(), admin.ID(), func() *tg.EditMessageTextParams {
			return &tg.EditMessageTextParams{ChatID: admin.ID(), MessageID: m.ID, Text: "50 %", ParseMode: models.ParseModeHTML}
		})
		if waited := time.Since(asked); err != nil || waited < 10*time.Second || waited > 15*time.Second {
			t.Errorf("a progress edit took %v (%v), want it to let others go first for 10 s", waited, err)
		}
		w.await(b, subscribers.Done)
	})
}

func TestCanaryWaitsForTheGoAhead(t *testing.T) {
	inBubble(t, 50, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		b, _, err := w.store.StartCanary(t.Context(), w.issue(1).ID, subscribers.InPrivate(readers[40].ID()), 20, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.bot.broadcaster.Wake()
		b = w.await(b, subscribers.Paused)
		if b.Reason.Kind != subscribers.PausedAfterCanary {
			t.Errorf("it paused for %q", b.Reason)
		}
		if sent := w.sim.Stats().Sent; sent != 120 {
			t.Errorf("%d messages went out, want six to each of twenty", sent)
		}
		w.wantGot(readers[40].ID(), everything()...)
		if _, err := w.store.ResumeBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
		w.bot.broadcaster.Wake()
		w.await(b, subscribers.Done)
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
		}
		w.books(b)
	})
}

func TestOldDeliveriesAreAggregated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		w.keep = 30 * 24 * time.Hour
		w.readers(10)
		w.start()
		issue := w.issue(1)
		b := w.await(w.broadcast(issue), subscribers.Done)
		before := w.books(b)
		folded := func() bool {
			_, err := w.store.StartBroadcast(t.Context(), issue.ID, subscribers.InPrivate(1))
			return errors.Is(err, subscribers.ErrAggregated)
		}
		time.Sleep(29 * 24 * time.Hour)
		if folded() {
			t.Error("deliveries were folded too early")
		}
		time.Sleep(3 * 24 * time.Hour)
		if !folded() {
			t.Error("deliveries were not aggregated")
		}
		if after := w.books(b); !slices.Equal(before.Entries, after.Entries) {
			t.Errorf("the books were %+v and are %+v", before.Entries, after.Entries)
		}
	})
}
