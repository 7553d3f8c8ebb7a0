package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// compactIn makes a layout that of a chat's subscription, and has the newest
// issue sent there.
func (w *world) compactIn(chat *telegramsim.Chat, by *telegramsim.Person) telegramsim.Message {
	w.t.Helper()
	w.setLayout(chat.ID, digest.LayoutCompact)
	return w.one(chat, func() { by.WriteIn(chat, "/latest") })
}

// compactForAnn is a long issue in Ann's chat, which has subscribed.
func (w *world) compactForAnn() telegramsim.Message {
	w.t.Helper()
	w.save(longIssue(179))
	w.tell(w.ann, "/subscribe")
	return w.compactIn(w.ann.Chat(), w.ann)
}

// compactInClub is a long issue in a club, which has subscribed.
func (w *world) compactInClub() (club *telegramsim.Chat, compact telegramsim.Message) {
	w.t.Helper()
	w.save(longIssue(179))
	club = w.club()
	w.said(club, func() { w.ann.WriteIn(club, "/subscribe") })
	return club, w.compactIn(club, w.ann)
}

func (w *world) setLayout(chat int64, layout digest.Layout) {
	w.t.Helper()
	if err := w.store.SetLayout(w.t.Context(), w.recipient(chat, 0).Subscriber.ID, layout); err != nil {
		w.t.Fatal(err)
	}
}

func TestUnfolding(t *testing.T) {
	for _, test := range []struct {
		reader          func(*world) *telegramsim.Person
		headlines, last string
		share           string
	}{
		{func(w *world) *telegramsim.Person { return w.ann }, "‹ Headlines", "🗂 Sections | ⚙️ Settings | ↗️ Share", "↗️ Share"},
		{func(w *world) *telegramsim.Person { return w.li }, "‹ 返回目录", "🗂 栏目 | ⚙️ 设置 | ↗️ 分享", "↗️ 分享"},
	} {
		t.Run(test.headlines, func(t *testing.T) {
			inWorld(t, func(w *world) {
				reader := test.reader(w)
				w.save(longIssue(179))
				w.tell(reader, "/subscribe")
				compact := w.compactIn(reader.Chat(), reader)
				wantText(t, compact, "Long 179", "News item 1", "Essays item 9", "Tools item 1")
				wantLabels(t, compact, "▾ News | ▾ Essays", "▾ Tools", test.last)
				wantPicture(t, compact, "https://example.org/cover.png")

				_, m := w.press(reader, compact, "▾ News")
				wantText(t, m, "News · № 179", "News item 1", "Words of it.")
				wantLabels(t, m, test.headlines+" | Essays ›", test.share)
				wantPicture(t, m, "")
				_, m = w.press(reader, m, "Essays ›")
				wantText(t, m, "Essays · № 179 (1/3)")
				wantLabels(t, m, "◀️ | 1/3 | ▶️", test.headlines+" | Tools ›", test.share)
				_, m = w.press(reader, m, "▶️")
				_, m = w.press(reader, m, "▶️")
				wantText(t, m, "Essays · № 179 (3/3)")
				for _, same := range []string{"▶️", "3/3", "▶️"} { // nothing changes
					answer, _ := w.press(reader, m, same)
					wantPopup(t, answer, "")
				}
				_, m = w.press(reader, m, "◀️")
				wantText(t, m, "Essays · № 179 (2/3)")
				wantLabels(t, m, "◀️ | 2/3 | ▶️", test.headlines+" | Tools ›", test.share)
				_, m = w.press(reader, m, "Tools ›")
				wantText(t, m, "Tools · № 179")
				wantLabels(t, m, test.headlines, test.share)
				for range 2 { // the second in an app that lags
					_, folded := w.press(reader, m, test.headlines)
					wantSame(t, folded, compact)
				}
				if n := len(reader.Chat().FromBot()); n != 2 {
					t.Errorf("the chat has %d messages of the bot, want nothing new", n)
				}
			})
		})
	}
}

// wantSame checks that a message looks as it did.
func wantSame(t *testing.T, got, want telegramsim.Message) {
	t.Helper()
	if got.HTML != want.HTML {
		t.Errorf("the message is %q, want %q", got.HTML, want.HTML)
	}
	if g, w := labels(got), labels(want); !slices.Equal(g, w) {
		t.Errorf("the buttons are %q, want %q", g, w)
	}
	if want.Preview != nil {
		wantPicture(t, got, want.Preview.URL)
	}
}

// wantPicture checks which picture a message shows above its text; empty: none.
func wantPicture(t *testing.T, m telegramsim.Message, url string) {
	t.Helper()
	switch {
	case m.Preview == nil:
		t.Errorf("message %q says nothing of a picture", m.Text)
	case url == "" && !m.Preview.Disabled:
		t.Errorf("message %q shows the picture %q, want none", m.Text, m.Preview.URL)
	case url != "" && (m.Preview.URL != url || !m.Preview.AboveText || !m.Preview.PreferLarge):
		t.Errorf("message %q shows the picture %+v, want %q above the text", m.Text, m.Preview, url)
	}
}

func TestUnfoldingKnowsWhatIsMuted(t *testing.T) {
	inWorld(t, func(w *world) {
		compact := w.compactForAnn()
		_, open := w.press(w.ann, compact, "▾ Tools")
		sections := w.tell(w.ann, "/sections")
		w.press(w.ann, sections, "✅ Tools")
		_, m := w.press(w.ann, open, "‹ Headlines")
		wantLabels(t, m, "▾ News | ▾ Essays", "🗂 Sections | ⚙️ Settings | ↗️ Share")
		if strings.Contains(m.Text, "Tools") {
			t.Errorf("the headlines %q show what is muted", m.Text)
		}
		_, m = w.press(w.ann, m, "▾ Essays")
		wantLabels(t, m, "◀️ | 1/3 | ▶️", "‹ Headlines", "↗️ Share")
		_, m = w.press(w.ann, compact, "▾ Tools") // in an app that lags: it is there to be read
		wantText(t, m, "Tools · № 179")

		w.press(w.ann, sections, "All off")
		_, m = w.press(w.ann, m, "‹ Headlines")
		wantText(t, m, "Long 179")
		wantLabels(t, m, "🗂 Sections | ⚙️ Settings | ↗️ Share")
	})
}

// A message goes on with the text it began with, through corrections, newer
// issues and restarts.
func TestUnfoldingOldMessages(t *testing.T) {
	inWorld(t, func(w *world) {
		compact := w.compactForAnn()
		corrected := longIssue(179)
		corrected.Sections = corrected.Sections[2:]
		corrected.Sections[0].Items[0].Title[0].Text = "Corrected"
		if row := w.save(corrected); row.Edition != 2 {
			t.Fatalf("edition is %d, want 2", row.Edition)
		}
		w.issue(180, "News", "Tools")
		w.stop()
		w.start()
		_, m := w.press(w.ann, compact, "▾ Tools")
		wantText(t, m, "Tools · № 179", "Tools item 1")
		_, m = w.press(w.ann, compact, "▾ Essays")
		_, m = w.press(w.ann, m, "▶️")
		wantText(t, m, "Essays · № 179 (2/3)")
		_, m = w.press(w.ann, m, "‹ Headlines")
		wantSame(t, m, compact)

		// Asked for once more, the issue is the corrected one.
		m = w.one(w.ann.Chat(), func() { w.ann.Write("/issue 179") })
		wantText(t, m, "Corrected")
		_, m = w.press(w.ann, m, "▾ Tools")
		wantText(t, m, "Corrected")
		wantLabels(t, m, "‹ Headlines", "↗️ Share")
	})
}

func TestUnfoldingInAGroupIsForWhoPressed(t *testing.T) {
	inWorld(t, func(w *world) {
		club, compact := w.compactInClub()
		wantLabels(t, compact, "▾ News | ▾ Essays", "▾ Tools", "🔔 Get it in private | ↗️ Share")

		m := w.oneEphemeral(w.li, club, func() {
			answer, _ := w.press(w.li, compact, "▾ Essays")
			wantPopup(t, answer, "只有你能看到") // who uses an app that shows nothing learns why
			wantPopup(t, answer, "请点“🔔 私聊接收”")
		})
		wantText(t, m, "Essays · № 179 (1/3)")
		wantLabels(t, m, "◀️ | 1/3 | ▶️", "↗️ 分享")
		w.oneEphemeral(w.ann, club, func() {
			answer, _ := w.press(w.ann, compact, "▾ News")
			wantPopup(t, answer, "for you alone")
			wantPopup(t, answer, "“🔔 Get it in private”")
		})
		next := w.turn(w.li, club, m, "▶️")
		wantText(t, next, "Essays · № 179 (2/3)")
		wantLabels(t, next, "◀️ | 2/3 | ▶️", "↗️ 分享")
		wantText(t, w.turn(w.li, club, next, "◀️"), "Essays · № 179 (1/3)")

		// Two at once are not in each other's way.
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: time.Second})
		for _, p := range []*telegramsim.Person{w.ann, w.li} {
			if _, err := p.Press(compact, "▾ Tools"); err != nil {
				t.Fatal(err)
			}
		}
		w.settle()
		for _, p := range []*telegramsim.Person{w.ann, w.li} {
			seen := club.SeenBy(p)
			wantText(t, seen[len(seen)-1], "Tools · № 179")
		}
		now, _ := club.Message(compact.ID)
		wantSame(t, now, compact)
		if now.Edits != 0 {
			t.Error("everybody saw the message change")
		}
	})
}

// turn turns a page that only a person sees: the new one takes the place of the
// old one.
func (w *world) turn(p *telegramsim.Person, chat *telegramsim.Chat, m telegramsim.Message, button string) telegramsim.Message {
	w.t.Helper()
	only := func() []telegramsim.Message {
		return slices.DeleteFunc(chat.SeenBy(p), func(m telegramsim.Message) bool { return m.Ephemeral == 0 || m.Receiver != p.ID() })
	}
	before := len(only())
	w.pressEphemeral(p, m, button)
	after := only()
	if len(after) != before {
		w.t.Errorf("the person sees %q, want one page in the place of the other", texts(after))
	}
	return after[len(after)-1]
}

// If Telegram offers no messages for one member, the section unfolds for everybody, and
// nothing else is posted.
func TestUnfoldingInAGroupOnAnOlderServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *telegramsim.Options) { o.WithoutEphemeral = true })
		w.start()
		w.save(longIssue(179))
		group := w.sim.NewGroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		compact := w.compactIn(group, w.ann)
		before := len(group.FromBot())
		_, m := w.press(w.li, compact, "▾ News")
		wantText(t, m, "News · № 179")
		wantLabels(t, m, "‹ Headlines | Essays ›", "↗️ Share")
		_, m = w.press(w.ann, m, "Essays ›")
		wantText(t, m, "Essays · № 179 (1/3)")
		_, m = w.press(w.li, m, "‹ Headlines")
		wantSame(t, m, compact)
		if n := len(group.FromBot()); n != before {
			t.Errorf("the bot posted %q", texts(group.FromBot()[before:]))
		}
		if n := w.sim.Stats().Calls["deleteephemeralmessage"]; n != 1 {
			t.Errorf("the server was asked %d times what it knows, want once", n)
		}
	})
}

// A server of Bot API 10.2 seems to know such messages and posts the first one
// for everybody: it is taken away at once, and no other one is tried.
func TestUnfoldingInAGroupOnAServerThatPostsForEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *telegramsim.Options) { o.WithoutEphemeralParameters = true })
		w.start()
		club, compact := w.compactInClub()
		before := w.sim.Stats().Sent
		_, m := w.press(w.li, compact, "▾ News")
		wantText(t, m, "News · № 179")
		for _, seen := range club.SeenBy(w.ann) {
			if seen.ID > compact.ID && seen.Mine() {
				t.Errorf("everybody still sees %q", seen.Text)
			}
		}
		if n := w.sim.Stats().Sent - before; n != 1 {
			t.Errorf("%d messages were posted, want the one that told", n)
		}
		answer, m := w.press(w.li, m, "Essays ›")
		wantPopup(t, answer, "")
		wantText(t, m, "Essays · № 179 (1/3)")
		_, m = w.press(w.ann, m, "‹ Headlines")
		wantSame(t, m, compact)
		if n := w.sim.Stats().Sent - before; n != 1 {
			t.Errorf("%d messages were posted, want no more", n)
		}
	})
}

// The same where Telegram knows them but refuses this one.
func TestUnfoldingInAGroupThatRefuses(t *testing.T) {
	inWorld(t, func(w *world) {
		club, compact := w.compactInClub()
		before := len(club.FromBot())
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.EphemeralForbidden, Methods: []string{"sendMessage"}})
		_, m := w.press(w.li, compact, "▾ Tools")
		wantText(t, m, "Tools · № 179")
		_, m = w.press(w.li, m, "‹ Headlines")
		wantSame(t, m, compact)
		if n := len(club.FromBot()); n != before {
			t.Errorf("the bot posted %q", texts(club.FromBot()[before:]))
		}
	})
}

func TestUnfoldingInAChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		w.save(longIssue(179))
		channel := w.sim.NewChannel("News", w.ann, w.li)
		w.said(channel, func() { channel.AddBot(w.ann) })
		w.said(channel, func() { w.ann.WriteIn(channel, "/subscribe") })
		compact := w.compactIn(channel, w.ann)
		wantLabels(t, compact, "▾ News | ▾ Essays", "▾ Tools", "🔔 Get it in private | ↗️ Share")
		_, m := w.press(w.li, compact, "▾ Tools")
		wantText(t, m, "Tools · № 179")
		_, m = w.press(w.li, m, "‹ Headlines")
		wantSame(t, m, compact)
	})
}

func TestForgedUnfolding(t *testing.T) {
	inWorld(t, func(w *world) {
		other := w.issue(178, "News")
		issue := w.save(longIssue(179))
		w.tell(w.ann, "/subscribe")
		channel := w.sim.NewChannel("News", w.ann, w.li)
		w.said(channel, func() { channel.AddBot(w.ann) })
		post := w.one(channel, func() { w.ann.WriteIn(channel, "/subscribe") })
		public := w.compactIn(channel, w.ann)
		mine := w.compactIn(w.ann.Chat(), w.ann)
		for _, test := range []struct {
			by    *telegramsim.Person
			under telegramsim.Message
			data  string
			want  string
		}{
			{w.li, public, fmt.Sprintf("1:unf:%d:1:1", other.ID), "这个按钮已经过期"},
			{w.li, public, fmt.Sprintf("1:fold:%d:1", other.ID), "这个按钮已经过期"},
			{w.li, post, fmt.Sprintf("1:unf:%d:1:1", issue.ID), "这个按钮已经过期"}, // another message of the bot's
			{w.li, post, fmt.Sprintf("1:fold:%d:1", issue.ID), "这个按钮已经过期"},
			{w.ann, mine, fmt.Sprintf("1:unf:%d:1:0", issue.ID), "out of date"},
			{w.ann, mine, fmt.Sprintf("1:unf:%d:1:6", issue.ID), "out of date"},
			{w.ann, mine, fmt.Sprintf("1:unf:%d:1:9223372036854775807", issue.ID), "out of date"},
			{w.ann, mine, fmt.Sprintf("1:unf:%d:1:9223372036854775808", issue.ID), "out of date"},
			{w.ann, mine, fmt.Sprintf("1:unf:%d:2:1", issue.ID), "out of date"},
			{w.ann, mine, fmt.Sprintf("1:unf:%d:9223372036854775807:1", issue.ID), "out of date"},
			{w.ann, mine, "1:unf:9223372036854775807:1:1", "out of date"},
			{w.ann, mine, fmt.Sprintf("1:unf:%d:1:-1", issue.ID), "out of date"},
			{w.ann, mine, fmt.Sprintf("1:unf:%d:1", issue.ID), "out of date"},
			{w.ann, mine, fmt.Sprintf("1:fold:%d:2", issue.ID), "out of date"},
			{w.ann, mine, fmt.Sprintf("1:fold:%d:1:1", issue.ID), "out of date"},
		} {
			answer, now := w.afterwards(test.by.PressData(test.under, test.data), test.under)
			if !answer.Alert || !strings.Contains(answer.Text, test.want) {
				t.Errorf("%q by %s got %+v, want %q", test.data, test.by.Name(), answer, test.want)
			}
			if now.Edits != 0 {
				t.Errorf("%q by %s changed the message to %q", test.data, test.by.Name(), now.Text)
			}
		}
	})
}

// A forged press in a group, under what only one member sees.
func TestForgedFoldingOfAPrivatePage(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := w.save(longIssue(179))
		club := w.club()
		w.said(club, func() { w.ann.WriteIn(club, "/subscribe") })
		compact := w.compactIn(club, w.ann)
		m := w.oneEphemeral(w.li, club, func() { w.press(w.li, compact, "▾ Essays") })
		for _, by := range []*telegramsim.Person{w.li, w.ann} {
			answer, _ := w.afterwards(by.PressData(m, fmt.Sprintf("1:fold:%d:1", issue.ID)), m)
			if !answer.Alert {
				t.Errorf("the press by %s got %+v", by.Name(), answer)
			}
		}
		answer, _ := w.afterwards(w.ann.PressData(m, fmt.Sprintf("1:unf:%d:1:1", issue.ID)), m)
		wantPopup(t, answer, "out of date")
	})
}

// A section that Telegram refuses unfolds as plain text, from then on at once.
func TestUnfoldingOfWhatTelegramRefuses(t *testing.T) {
	inWorld(t, func(w *world) {
		compact := w.compactForAnn()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Methods: []string{"editMessageText"}, Times: 1})
		_, m := w.press(w.ann, compact, "▾ News")
		wantText(t, m, "News · № 179", "News item 1")
		if len(m.Entities) != 0 {
			t.Errorf("the text has the markup %v, which was refused", m.Entities)
		}
		wantLabels(t, m, "‹ Headlines | Essays ›", "↗️ Share")
		_, m = w.press(w.ann, m, "‹ Headlines")
		_, m = w.press(w.ann, m, "▾ News")
		wantText(t, m, "News · № 179", "News item 1")
		if len(m.Entities) != 0 {
			t.Errorf("the text has the markup %v, which is known to be refused", m.Entities)
		}
	})
}

// Neighbours that were merged into one section unfold one by one.
func TestUnfoldingOfMergedSections(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "Tools", "Toys", "News")
		w.tell(w.ann, "/subscribe")
		ids := w.sectionIDs()
		if _, err := w.store.MergeSections(w.t.Context(), subscribers.InPrivate(adminID), ids[1], ids[0]); err != nil {
			t.Fatal(err)
		}
		m := w.compactIn(w.ann.Chat(), w.ann)
		wantText(t, m, "About Tools", "About Toys", "About News")
		wantLabels(t, m, "▾ Tools | ▾ Tools", "▾ News", "🗂 Sections | ⚙️ Settings | ↗️ Share")
		_, m = w.press(w.ann, m, "▾ Tools")
		wantLabels(t, m, "‹ Headlines | Tools ›", "↗️ Share")
		_, m = w.press(w.ann, m, "Tools ›")
		wantText(t, m, "About Toys")
		wantLabels(t, m, "‹ Headlines | News ›", "↗️ Share")
	})
}

// More sections than Telegram shows buttons can all be reached.
func TestUnfoldingOfVeryManySections(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := longIssue(179)
		for i := range 120 {
			name := fmt.Sprintf("Section %d", i+1)
			issue.Sections = append(issue.Sections, sectionOf(name, "About "+name))
		}
		w.save(issue)
		w.tell(w.ann, "/subscribe")
		m := w.compactIn(w.ann.Chat(), w.ann)
		_, m = w.press(w.ann, m, "▾ Section 87")
		_, m = w.press(w.ann, m, "Section 88 ›")
		wantText(t, m, "About Section 88")
	})
}
