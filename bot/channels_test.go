package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// newsChannel is a channel of Ann, who knows the bot, with Li as a reader. It returns the
// settings that Ann gets in private.
func (w *world) newsChannel() (channel *telegramsim.Chat, settings telegramsim.Message) {
	w.t.Helper()
	w.issue(179, "News", "Tools")
	w.tell(w.ann, "/start")
	w.tell(w.li, "/start")
	channel = w.sim.NewChannel("News", w.ann, w.li)
	settings = w.one(w.ann.Chat(), func() { channel.AddBot(w.ann) })
	return channel, settings
}

// about are the data of a button that is about a channel.
func about(data string, channel *telegramsim.Chat) string {
	return fmt.Sprintf("%s@%d", data, -channel.ID)
}

func (w *world) subscriber(chat int64) subscribers.Subscriber {
	w.t.Helper()
	sub, err := w.store.Subscriber(w.t.Context(), chat, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return sub
}

// An admin of a channel manages it in the private chat. Its readers see nothing of that,
// and the admin's own subscription stays what it was.
func TestChannelIsManagedInPrivate(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, m := w.newsChannel()
		wantText(t, m, "📢 News", "The channel is not subscribed", "Language: English")
		rows := []string{"📰 Layout | 🌐 Language", "🗓 Delivery time | 🔕 Turn sound off", "🗂 Sections | 🔤 Words", "🔁 How often | 🖼 Turn previews off"}
		wantLabels(t, m, append(slices.Clone(rows), "🔔 Subscribe", "‹ Back | 🗑 Delete…")...)
		answer, m := w.press(w.ann, m, "🔔 Subscribe")
		wantPopup(t, answer, "✅ Subscribed")
		wantText(t, m, "📢 News", "Subscribed: issues are posted in the channel.", "The next issue is due on")
		wantLabels(t, m, append(slices.Clone(rows), "⏸ Pause | 🚫 Unsubscribe", "‹ Back | 🗑 Delete…")...)
		w.wantState(channel.ID, subscribers.On)

		_, m = w.press(w.ann, m, "🗂 Sections")
		wantText(t, m, "📢 News", "is posted in the channel")
		_, m = w.press(w.ann, m, "✅ Tools")
		wantRow(t, m, "⬜ Tools")
		_, m = w.press(w.ann, m, "Done")
		wantText(t, m, "📢 News", "Settings")
		_, m = w.press(w.ann, m, "📰 Layout")
		_, m = w.press(w.ann, m, "One message")
		wantText(t, m, "Layout: One message")
		_, m = w.press(w.ann, m, "🌐 Language")
		wantRows(t, m, "✅ English", "简体中文", "繁體中文", "‹ Back")
		_, m = w.press(w.ann, m, "简体中文")
		wantText(t, m, "📢 News", "Language: 简体中文", "Settings")
		_, m = w.press(w.ann, m, "🗓 Delivery time")
		_, m = w.press(w.ann, m, "Sun")
		_, m = w.press(w.ann, m, "20:00")
		_, m = w.press(w.ann, m, "Berlin "+time.Now().In(berlin(t)).Format("15:04"))
		wantText(t, m, "Sundays at 20:00 (Berlin)")
		_, m = w.press(w.ann, m, "‹ Back")
		_, m = w.press(w.ann, m, "🔕 Turn sound off")
		_, m = w.press(w.ann, m, "⏸ Pause")
		wantText(t, m, "📢 News", "Nothing is posted in the meantime")
		_, m = w.press(w.ann, m, "1 week")
		wantText(t, m, "Paused: the next issue comes on Sunday, 16 January, 20:00")

		got := w.subscriber(channel.ID)
		if got.Layout != digest.LayoutCompact || !got.Silent || got.ChosenLanguage != "zh-Hans" || got.Delivery.IsZero() || got.PausedUntil.IsZero() {
			t.Errorf("the channel has chosen %+v", got.Choices)
		}
		_, m = w.press(w.ann, m, "▶️ Resume now")
		wantText(t, m, "📢 News", "Subscribed: issues are posted in the channel.")
		_, m = w.press(w.ann, m, "🚫 Unsubscribe")
		wantText(t, m, "📢 News", "The channel is not subscribed")
		w.wantState(channel.ID, subscribers.Off)
		w.wantState(w.ann.ID(), subscribers.Off)
		if own := w.subscriber(w.ann.ID()); own.Choices != (subscribers.Choices{}) {
			t.Errorf("the admin's own chat has chosen %+v, want nothing", own.Choices)
		}
		if said := channel.Messages(); len(said) != 0 {
			t.Errorf("the channel reads %q, want nothing", texts(said))
		}
		_, m = w.press(w.ann, m, "‹ Back")
		wantText(t, m, "Groups and channels", "Which channel")
		wantLabels(t, m, "📢 News", "➕ Add me to a group", "➕ Add me to a channel", "⚙️ Settings")
		_, m = w.press(w.ann, m, "📢 News")
		wantText(t, m, "📢 News", "Settings")
	})
}

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// The list has links that add the bot, and the channels of nobody else.
func TestGroupsAndChannels(t *testing.T) {
	inWorld(t, func(w *world) {
		w.newsChannel()
		m := w.tell(w.li, "/channels")
		wantText(t, m, "群组与频道", "我也可以把每一期发到群组和频道")
		wantLabels(t, m, "➕ 添加到群组", "➕ 添加到频道", "⚙️ 设置")
		for label, want := range map[string]string{
			"➕ 添加到群组": "https://t.me/digest_sim_bot?startgroup=subscribe", "➕ 添加到频道": "https://t.me/digest_sim_bot?startchannel&admin=post_messages",
		} {
			if b, _ := m.Button(label); b.URL != want {
				t.Errorf("%s leads to %q, want %q", label, b.URL, want)
			}
		}
		_, m = w.press(w.li, m, "⚙️ 设置")
		_, m = w.press(w.li, m, "📢 群组与频道")
		wantText(t, m, "群组与频道")

		group := w.groupOfAnn()
		m = w.one(group, func() { w.ann.WriteIn(group, "/channels") })
		b, _ := m.Button("📢 Groups and channels")
		if opened := w.open(w.ann, b.URL); len(opened) != 1 || !strings.Contains(opened[0].Text, "Which channel") {
			t.Errorf("the link brings %q, want the list", texts(opened))
		}
		w.forge(group, w.ann, m, "1:chs")
	})
}

// Nobody changes or learns anything of a channel that they do not manage, whatever they
// send, and hears the same of a channel that is not there.
func TestForgedPressesAboutChannels(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, settings := w.newsChannel()
		w.press(w.ann, settings, "🔔 Subscribe")
		group := w.groupOfAnn()
		before := w.subscriber(channel.ID)
		mine := w.tell(w.li, "/settings")
		for _, data := range []string{
			"1:sub", "1:leave", "1:keep", "1:page:0", "1:mute:1:1:0", "1:all:1:0", "1:oth:1:0", "1:close", "1:set", "1:opt", "1:done",
			"1:lay", "1:lays:1", "1:layo", "1:laya:1", "1:lang", "1:langs:0", "1:snd:1", "1:pre:1", "1:day", "1:hour:1", "1:at:1:60",
			"1:zone:1:60:0", "1:when:1:60:0", "1:due", "1:rest:1", "1:pause:7:1", "1:go:1", "1:left", "1:ask", "1:wipe", "1:stay", "1:top:1",
			"1:chs", "1:sec", "1:oft", "1:word:0", "1:drop:1:0",
		} {
			q := w.li.PressData(mine, about(data, channel))
			answer, now := w.afterwards(q, mine)
			wantPopup(t, answer, "无法打开这个频道")
			if now.Edits != mine.Edits {
				t.Errorf("%s changed the message to %q", data, now.Text)
			}
			nowhere, _ := w.afterwards(w.li.PressData(mine, data+"@1009999999999"), mine)
			if nowhere != answer {
				t.Errorf("%s got %+v for a channel that is not there, and %+v for one that is", data, nowhere, answer)
			}
			w.pass(time.Minute) // presses are patiently taken
		}
		if after := w.subscriber(channel.ID); after != before {
			t.Errorf("the channel has become %+v, was %+v", after, before)
		}
		w.wantState(w.li.ID(), subscribers.Off)

		// An admin, too, needs a button that there is, in the private chat.
		own := w.tell(w.ann, "/settings")
		w.forge(w.ann.Chat(), w.ann, own, about("1:new", channel), about("1:iss:1", channel), about("1:unf:1:1:0", channel), about("1:bgo:1", channel),
			"1:set@", "1:set@0", "1:set@-5", "1:set@01", "1:set@1@2", "1:set@x", about(about("1:set", channel), channel),
			about("1:set", group), about("1:set", w.ann.Chat()), fmt.Sprintf("1:set@%d", w.ann.ID()))
		w.pass(time.Minute)
		greeting := group.FromBot()[0]
		w.forge(group, w.ann, greeting, about("1:set", channel), about("1:leave", channel))
		if after := w.subscriber(channel.ID); after != before {
			t.Errorf("the channel has become %+v, was %+v", after, before)
		}
	})
}

// An admin who was demoted, or may not post, manages the channel no longer.
func TestDemotedAdminOfAChannel(t *testing.T) {
	for name, change := range map[string]func(channel *telegramsim.Chat, bea *telegramsim.Person){
		"demoted": func(channel *telegramsim.Chat, bea *telegramsim.Person) { channel.Demote(bea) },
		"may not post": func(channel *telegramsim.Chat, bea *telegramsim.Person) {
			channel.Promote(bea, telegramsim.AdminRights{}, false)
		},
		"left": func(channel *telegramsim.Chat, bea *telegramsim.Person) { channel.Leave(bea) },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				channel, _ := w.newsChannel()
				bea := w.sim.NewPerson("Bea", telegramsim.Language("en"))
				channel.Join(bea)
				channel.Promote(bea, telegramsim.AllRights(), false)
				opened := w.open(bea, fmt.Sprintf("https://t.me/digest_sim_bot?start=channel_%d", -channel.ID))
				if len(opened) != 1 {
					t.Fatalf("the link brings %q, want the settings", texts(opened))
				}
				wantText(t, opened[0], "📢 News", "Settings")
				list := w.tell(bea, "/channels")
				wantRow(t, list, "📢 News")
				change(channel, bea)
				w.pass(time.Minute)
				answer, now := w.press(bea, opened[0], "🔔 Subscribe")
				wantPopup(t, answer, "I can't show you that channel")
				if now.Edits != 0 {
					t.Errorf("the settings became %q", now.Text)
				}
				w.wantState(channel.ID, subscribers.Off)
				wantText(t, w.tell(bea, "/channels"), "I bring the digest to groups and channels, too.")
				if known, err := w.store.ManagedChannels(w.t.Context(), bea.ID()); err != nil || len(known) != 0 {
					t.Errorf("it is kept that Bea manages %v, %v", known, err)
				}
				wantRow(t, w.tell(w.ann, "/channels"), "📢 News")
			})
		})
	}
}

// While Telegram does not answer, nobody is shown anything, and nothing is forgotten.
func TestChannelWhileRightsCannotBeChecked(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, settings := w.newsChannel()
		w.pass(time.Minute)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getChatAdministrators"}, Times: 2})
		answer, _ := w.press(w.ann, settings, "🔔 Subscribe")
		wantPopup(t, answer, "could not check")
		w.wantState(channel.ID, subscribers.Off)
		if list := labels(w.tell(w.ann, "/channels")); slices.Contains(list, "📢 News") {
			t.Errorf("the list is %q", list)
		}
		wantRow(t, w.tell(w.ann, "/channels"), "📢 News")
	})
}

// A channel that removes the bot is nobody's to manage, and is again when the bot is back.
func TestChannelWithoutTheBot(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, settings := w.newsChannel()
		_, settings = w.press(w.ann, settings, "🔔 Subscribe")
		channel.RemoveBot(w.ann)
		w.settle()
		answer, _ := w.press(w.ann, settings, "🔕 Turn sound off")
		wantPopup(t, answer, "I can't show you that channel")
		wantText(t, w.tell(w.ann, "/start channel_"+fmt.Sprint(-channel.ID)), "I can't show you that channel")
		wantText(t, w.tell(w.ann, "/channels"), "I bring the digest to groups and channels, too.")
		w.wantState(channel.ID, subscribers.Gone)
		wantText(t, w.one(w.ann.Chat(), func() { channel.AddBot(w.ann) }), "📢 News", "Good to be back", "issues are posted in the channel")
		_, now := w.press(w.ann, settings, "🔕 Turn sound off")
		wantText(t, now, "📢 News", "Sound: none")
		wantRow(t, w.tell(w.ann, "/channels"), "📢 News")
	})
}

// Who posts a command in a channel is not known. Settings are answered by a note with a
// link, which goes when an admin has opened it.
func TestCommandInAChannelLeadsToThePrivateChat(t *testing.T) {
	for _, command := range []string{"/settings", "/sections", "/pause 3w", "/forget", "/topics", "/start", "/help", "/channels", "/start subscribe"} {
		t.Run(command, func(t *testing.T) {
			inWorld(t, func(w *world) {
				channel, _ := w.newsChannel()
				note := w.one(channel, func() { w.ann.WriteIn(channel, command) })
				wantText(t, note, "Admins manage this in a private chat with me.")
				wantLabels(t, note, "⚙️ Manage in private")
				b, _ := note.Button("⚙️ Manage in private")

				if opened := w.open(w.li, b.URL); len(opened) != 1 || !strings.HasPrefix(opened[0].Text, "无法打开这个频道") {
					t.Errorf("a reader of the channel gets %q", texts(opened))
				}
				if now, _ := channel.Message(note.ID); now.Deleted {
					t.Error("a reader made the note go")
				}
				opened := w.open(w.ann, b.URL)
				if len(opened) != 1 {
					t.Fatalf("the link brings %q, want the settings", texts(opened))
				}
				wantText(t, opened[0], "📢 News", "Settings")
				if now, _ := channel.Message(note.ID); !now.Deleted {
					t.Error("the note stays in the channel")
				}
				w.wantState(channel.ID, subscribers.Off)
			})
		})
	}
}

// A note that nobody opens goes by itself, and there is never more than one. A command goes
// at once where the bot may delete it.
func TestNotesGo(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, _ := w.newsChannel()
		left := func() []string {
			return texts(slices.DeleteFunc(channel.Messages(), func(m telegramsim.Message) bool { return m.Deleted }))
		}
		w.ann.WriteIn(channel, "/subscribe")
		w.ann.WriteIn(channel, "/settings")
		w.settle()
		if got := left(); len(got) != 3 || !strings.HasPrefix(got[2], "⚙️ Admins") {
			t.Errorf("the channel reads %q, want two commands and a note", got)
		}
		w.pass(12 * time.Minute)
		if got := left(); !slices.Equal(got, []string{"/subscribe", "/settings"}) {
			t.Errorf("the channel reads %q, want the commands", got)
		}
		w.wantState(channel.ID, subscribers.On)
		channel.PromoteBot(w.ann, telegramsim.AllRights())
		w.ann.WriteIn(channel, "/settings")
		w.ann.WriteIn(channel, "/unsubscribe")
		w.pass(12 * time.Minute)
		if got := left(); !slices.Equal(got, []string{"/subscribe", "/settings"}) {
			t.Errorf("the channel reads %q, want nothing new", got)
		}
		w.wantState(channel.ID, subscribers.Off)
	})
}

// Words are added by posts, because a message in private would be about the admin's own, and
// taken away in private.
func TestWordsOfAChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, m := w.newsChannel()
		note := w.one(channel, func() { w.ann.WriteIn(channel, "/mute crypto") })
		wantText(t, note, "✅ Saved", "Admins manage this")
		m2 := w.one(channel, func() { w.ann.WriteIn(channel, "/mute") })
		wantText(t, m2, "Admins manage this")
		if strings.Contains(m2.Text, "Saved") {
			t.Errorf("note is %q, want nothing about what was not saved", m2.Text)
		}
		wantText(t, w.one(channel, func() { w.ann.WriteIn(channel, "/highlight ---") }), "There is nothing to look for", "Admins manage this")
		_, m = w.press(w.ann, m, "🔤 Words")
		wantText(t, m, "📢 News", "crypto", "post /mute crypto or /highlight rust in the channel")
		_, m = w.press(w.ann, m, "✖️ 🔇 crypto")
		wantText(t, m, "📢 News", "There are none yet.")
		_, m = w.press(w.ann, m, "‹ Back")
		wantText(t, m, "📢 News", "Settings")
	})
}

// Keyboards of before, and forged presses, lead an admin away from the channel. Others may
// not press them.
func TestSettingsAreNotShownInAChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, _ := w.newsChannel()
		post := w.one(channel, func() { w.ann.WriteIn(channel, "/privacy") })
		for _, data := range []string{"1:set", "1:page:0", "1:sub", "1:leave", "1:mute:1:1:0", "1:wipe"} {
			answer, now := w.afterwards(w.ann.PressData(post, data), post)
			wantLink(t, answer, "channel_"+fmt.Sprint(-channel.ID))
			if now.Edits != 0 {
				t.Errorf("%s showed %q to the readers", data, now.Text)
			}
			w.pass(10 * time.Second)
		}
		answer, _ := w.afterwards(w.li.PressData(post, "1:set"), post)
		wantPopup(t, answer, "只有这里的管理员才能修改")
		w.wantState(channel.ID, subscribers.Off)
	})
}

// Whether its pause is over is told to the admins of a channel, not to its readers.
func TestPauseOfAChannelEndsQuietly(t *testing.T) {
	inDays(t, func(w *world) {
		channel, m := w.newsChannel()
		_, m = w.press(w.ann, m, "🔔 Subscribe")
		_, m = w.press(w.ann, m, "⏸ Pause")
		w.press(w.ann, m, "1 week")
		wantText(t, w.one(w.ann.Chat(), func() { w.pass(8 * 24 * time.Hour) }), "News: the pause is over")
		if said := channel.FromBot(); len(said) != 0 {
			t.Errorf("the channel reads %q, want nothing", texts(said))
		}
	})
}

// An admin deletes everything about a channel, and only about that.
func TestForgetAChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, m := w.newsChannel()
		w.press(w.ann, m, "🔔 Subscribe")
		question := w.one(w.ann.Chat(), func() { w.press(w.ann, m, "🗑 Delete…") })
		wantText(t, question, "📢 News", "Delete everything about this channel?")
		_, kept := w.press(w.ann, question, "Keep it")
		wantText(t, kept, "📢 News", "Nothing was deleted.")
		answer, _ := w.afterwards(w.ann.PressData(question, about("1:wipe", channel)), question)
		wantPopup(t, answer, "already answered with no")
		w.wantState(channel.ID, subscribers.On)

		question = w.one(w.ann.Chat(), func() { w.press(w.ann, m, "🗑 Delete…") })
		_, done := w.press(w.ann, question, "🗑 Delete everything")
		wantText(t, done, "📢 News", "Everything about this channel is deleted.")
		w.wantState(channel.ID, "")
		w.wantState(w.ann.ID(), subscribers.Off)
		answer, _ = w.press(w.ann, m, "🔕 Turn sound off")
		wantPopup(t, answer, "I can't show you that channel")
		_, list := w.press(w.ann, done, "📢 Groups and channels")
		wantText(t, list, "I bring the digest to groups and channels, too.")
		w.one(channel, func() { w.ann.WriteIn(channel, "/subscribe") })
		w.wantState(channel.ID, subscribers.On)
	})
}

// The admin's block is the admin's, not the channel's.
func TestAdminWhoBlocksTheBotKeepsTheChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, m := w.newsChannel()
		_, m = w.press(w.ann, m, "🔔 Subscribe")
		w.ann.Block()
		w.afterwards(w.ann.PressData(m, about("1:ask", channel)), m)
		w.wantState(channel.ID, subscribers.On)
	})
}
