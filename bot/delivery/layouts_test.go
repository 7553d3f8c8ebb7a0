package delivery_test

import (
	"slices"
	"testing"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

const unknownTag telegramsim.Refusal = "Bad Request: can't parse rich message: Unsupported start tag \"marquee\""

// Telegram refuses the forms of a message one after the other, and the reader gets the
// first that it takes. A message that it refuses in every form pauses the broadcast, and
// fails when that is resumed.
func TestFormsAreRefusedInTurn(t *testing.T) {
	richSections := []string{"rich cover", "rich News", "rich Tools", "rich Essays", "rich Jobs", "rich Quotes"}
	for _, test := range []refusedForms{
		{
			name: "compact", layout: digest.LayoutCompact, simpler: 1, want: everything(), sent: 6,
			faults: []telegramsim.Fault{{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Methods: []string{"sendMessage"}, Times: 1}},
		},
		{
			name: "compact, then a section", layout: digest.LayoutCompact, simpler: 1, want: everything(), plain: 1, sent: 6,
			faults: []telegramsim.Fault{
				{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Methods: []string{"sendMessage"}, Times: 1},
				{Kind: telegramsim.Refuse, Refusal: telegramsim.EntitiesTooLong, Methods: []string{"sendMessage"}, After: 2, Times: 1},
			},
		},
		{
			name: "compact, HTML and plain", layout: digest.LayoutCompact, pauses: 1, failed: 6,
			faults: []telegramsim.Fault{{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Methods: []string{"sendMessage"}}},
		},
		{
			name: "one rich", layout: digest.LayoutRich, told: 1, want: slices.Concat(richSections[:2], []string{"Tools"}, richSections[3:]), sent: 6,
			faults: []telegramsim.Fault{{Kind: telegramsim.Refuse, Refusal: unknownTag, Methods: []string{"sendRichMessage"}, After: 2, Times: 1}},
		},
		{
			name: "rich that may not be", layout: digest.LayoutRich, want: slices.Concat(richSections[:1], everything()[1:]), sent: 6,
			faults: []telegramsim.Fault{{Kind: telegramsim.Refuse, Refusal: telegramsim.NoRightsPhotos, Methods: []string{"sendRichMessage"}, After: 1, Times: 1}},
		},
		{
			name: "all rich", layout: digest.LayoutRich, told: 1, want: everything(), sent: 6,
			faults: []telegramsim.Fault{{Kind: telegramsim.Refuse, Refusal: unknownTag, Methods: []string{"sendRichMessage"}}},
		},
		{
			name: "an older server", layout: digest.LayoutRich, told: 1, want: everything(), sent: 6,
			faults: []telegramsim.Fault{{Kind: telegramsim.Refuse, Refusal: telegramsim.MethodNotFound, Methods: []string{"sendRichMessage"}, Times: 1}},
		},
		{
			name: "rich and HTML", layout: digest.LayoutRich, told: 1, simpler: 1, want: slices.Concat(everything()[:1], richSections[1:]), plain: 1, sent: 6,
			faults: []telegramsim.Fault{
				{Kind: telegramsim.Refuse, Refusal: unknownTag, Methods: []string{"sendRichMessage"}, Times: 1},
				{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Methods: []string{"sendMessage"}, Times: 1},
			},
		},
		{
			name: "rich, HTML and plain", layout: digest.LayoutRich, told: 1, pauses: 1, failed: 6,
			faults: []telegramsim.Fault{
				{Kind: telegramsim.Refuse, Refusal: unknownTag, Methods: []string{"sendRichMessage"}},
				{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Methods: []string{"sendMessage"}},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) { inBubble(t, 1, test.run) })
	}
}

// refusedForms is a reader, what Telegram refuses of an issue, and what the reader gets
// instead.
type refusedForms struct {
	name    string
	layout  digest.Layout
	faults  []telegramsim.Fault
	pauses  int
	told    int // times that admins are told of rich messages
	simpler int // and of other messages
	want    []string
	plain   int // of them without markup
	sent    int
	failed  int
}

func (test refusedForms) run(t *testing.T, w *world, readers []*telegramsim.Person) {
	reader := readers[0]
	w.setLayout(reader.ID(), test.layout)
	for _, f := range test.faults {
		w.sim.Inject(f)
	}
	b := w.broadcast(w.issue(1))
	for range test.pauses {
		w.await(b, subscribers.Paused)
		w.resumeBroadcast(b)
	}
	w.await(b, subscribers.Done)
	w.wantGot(reader.ID(), test.want...)
	plain := slices.DeleteFunc(reader.Chat().FromBot(), func(m telegramsim.Message) bool { return m.ParseMode != "" || m.Rich != nil })
	if len(plain) != test.plain {
		t.Errorf("%d messages are plain text, want %d", len(plain), test.plain)
	}
	books := w.books(b)
	if sent, failed := books.Sum(subscribers.OutcomeSent), books.Sum(subscribers.OutcomeFailed); sent != test.sent || failed != test.failed {
		t.Errorf("books say %d sent and %d failed, want %d and %d", sent, failed, test.sent, test.failed)
	}
	if n := len(w.bot.saw(delivery.EventPaused)); n != test.pauses {
		t.Errorf("%d pauses, want %d", n, test.pauses)
	}
	if n := len(w.bot.saw(delivery.EventSimpler)); n != test.simpler {
		t.Errorf("people were told of simpler forms %d times, want %d", n, test.simpler)
	}
	if n := len(w.bot.saw(delivery.EventRichRefused)); n != test.told {
		t.Errorf("people were told of rich messages %d times, want %d", n, test.told)
	}
}

func (w *world) resumeBroadcast(b subscribers.Broadcast) {
	w.t.Helper()
	if _, err := w.store.ResumeBroadcast(w.t.Context(), b.ID, subscribers.InPrivate(1)); err != nil {
		w.t.Fatal(err)
	}
	w.bot.broadcaster.Wake()
}

// A rich message is refused for many readers at the same time: admins are told once, and
// every reader gets the whole section once.
func TestRichIsRefusedToManyAtOnce(t *testing.T) {
	inBubble(t, 90, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		for i, r := range readers {
			w.setLayout(r.ID(), layouts[i%3])
		}
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 900 * time.Millisecond})
		// The first few get theirs before Telegram changes its mind.
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: unknownTag, Methods: []string{"sendRichMessage"}, After: 100})
		b := w.await(w.broadcast(w.longIssue(1)), subscribers.Done)
		for i, r := range readers {
			got := w.got(r.ID())
			switch layouts[i%3] {
			case digest.LayoutCompact:
				w.wantGot(r.ID(), "headlines")
			case digest.LayoutSections:
				w.wantGot(r.ID(), "cover", "News", "Tools", "Essays 1/2", "Essays 2/2", "Jobs", "Quotes")
			default:
				if len(got) == 6 && got[3] != "rich Essays" || len(got) == 7 && (got[3] != "Essays 1/2" || got[4] != "Essays 2/2") || len(got) < 6 || len(got) > 7 {
					t.Errorf("reader %d received %q", i, got)
				}
			}
		}
		if n := len(w.bot.saw(delivery.EventRichRefused)); n != 1 {
			t.Errorf("people were told %d times, want once", n)
		}
		if books := w.books(b); books.Sum(subscribers.OutcomeFailed)+books.Sum(subscribers.OutcomeUncertain) != 0 {
			t.Errorf("books are %+v, want all sent or covered", books.Entries)
		}
	})
}

// A delivery that was begun by an older version, which knew no layouts, goes on in
// sections, whatever its reader has chosen.
func TestDeliveryFromBeforeLayouts(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		reader := readers[0]
		b := w.broadcast(w.issue(1))
		for len(reader.Chat().FromBot()) < 3 {
			time.Sleep(100 * time.Millisecond)
		}
		w.bot.end()
		w.exec("UPDATE deliveries SET layout = ''")
		w.setLayout(reader.ID(), digest.LayoutCompact)
		w.start()
		w.await(b, subscribers.Done)
		w.wantGot(reader.ID(), everything()...)
		if sent := w.books(b).Sum(subscribers.OutcomeSent); sent != 6 {
			t.Errorf("books say %d sent, want 6", sent)
		}
	})
}
