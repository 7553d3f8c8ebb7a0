package bot_test

import (
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// nameEditor makes Li an editor, who has written to the bot.
func (w *world) nameEditor() {
	w.t.Helper()
	w.said(w.li.Chat(), func() { w.li.Write("/start") })
	if _, err := w.store.NameEditor(w.t.Context(), w.li.ID(), subscribers.InPrivate(adminID)); err != nil {
		w.t.Fatal(err)
	}
}

// Editors do what admins do, until they are removed: then nothing works any more, not even
// the buttons they have.
func TestEditorUntilRemoved(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.issue(179, "News")
		w.start()
		w.readers(1)
		w.nameEditor()
		question := w.tell(w.li, "/broadcast")
		wantText(t, question, "179")
		if changed, err := w.store.RemoveEditor(w.t.Context(), w.li.ID(), subscribers.InPrivate(adminID)); err != nil || !changed {
			t.Fatalf("removed is %v, %v", changed, err)
		}
		answer, _ := w.press(w.li, question, question.Keyboard[0][0].Text)
		if answer.Text == "" || !answer.Alert {
			t.Errorf("the answer is %+v, want that the button is for admins", answer)
		}
		w.wantNoBroadcast()
		unknown := w.tell(w.li, "/broadcast")
		if len(unknown.Keyboard) > 0 {
			t.Errorf("a person who is no editor any more gets %q", unknown.Text)
		}
	})
}

// wantEditor checks whether a person is an editor, and has the menu of one.
func (w *world) wantEditor(p *telegramsim.Person, want bool) {
	w.t.Helper()
	if got := w.store.IsEditor(p.ID()); got != want {
		w.t.Errorf("%s is an editor: %v, want %v", p.Name(), got, want)
	}
	if got := strings.Contains(w.menuOf(p), "broadcast"); got != want {
		w.t.Errorf("the menu of %s is %q, want that of an editor: %v", p.Name(), w.menuOf(p), want)
	}
	if strings.Contains(w.menuOf(p), "editors:") {
		w.t.Errorf("the menu of %s is %q, want none of an owner", p.Name(), w.menuOf(p))
	}
}

// invitation has the owner make one, and returns what its link hands to the bot.
func (w *world) invitation() (payload string) {
	w.t.Helper()
	list := w.tell(w.admin, "/editors")
	m := w.one(w.admin.Chat(), func() { w.press(w.admin, list, "🎟 Invite an editor") })
	_, payload, ok := strings.Cut(m.Text, "?start=")
	if !ok {
		w.t.Fatalf("the invitation is %q, want a link", m.Text)
	}
	payload, _, _ = strings.Cut(payload, "\n")
	return payload
}

// An invitation makes the first who follows it an editor, and nobody else. Owners hear of
// it, and can end it with a tap.
func TestInvitation(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/start")
		payload := w.invitation()
		told := w.one(w.admin.Chat(), func() {
			you := w.one(w.li.Chat(), func() { w.li.Open(payload) })
			wantText(t, you, "你现在是", "的编辑")
		})
		wantText(t, told, "Li is an editor now.")
		w.wantEditor(w.li, true)
		wantText(t, w.one(w.li.Chat(), func() { w.li.Open(payload) }), "你已经是编辑")
		wantText(t, w.one(w.ann.Chat(), func() { w.ann.Open(payload) }), "does not work any more")
		w.wantEditor(w.ann, false)

		gone := w.one(w.li.Chat(), func() { w.press(w.admin, told, "🗑 Li") })
		wantText(t, gone, "你不再是")
		w.wantEditor(w.li, false)
		answer, list := w.press(w.admin, w.tell(w.admin, "/editors"), "🎟 Invite an editor")
		if answer.Text != "" || strings.Contains(list.Text, "Li,") {
			t.Errorf("the list still has Li: %q", list.Text)
		}
		answer, _ = w.afterwards(w.admin.PressData(told, "1:bedit:"+itoa(w.li.ID())), told)
		wantText(t, telegramsim.Message{Text: answer.Text}, "is not an editor any more")
	})
}

// Invitations end after a day, when they are taken back, and with the owner who made them.
func TestInvitationEnds(t *testing.T) {
	for name, end := range map[string]func(w *world){
		"too old":    func(w *world) { w.pass(24 * time.Hour) },
		"taken back": func(w *world) { w.press(w.admin, w.tell(w.admin, "/editors"), "✖️ Take unused invitations back") },
		"the owner is none any more": func(w *world) {
			w.stop()
			w.config.Admins = []int64{w.ann.ID()}
			w.start()
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				payload := w.invitation()
				end(w)
				wantText(t, w.one(w.li.Chat(), func() { w.li.Open(payload) }), "已经失效")
				w.wantEditor(w.li, false)
			})
		})
	}
}

// What is no invitation, or comes to the wrong chat, makes nobody an editor.
func TestForgedInvitation(t *testing.T) {
	inWorld(t, func(w *world) {
		payload := w.invitation()
		for _, forged := range []string{"editor_", "editor_AAAA", payload + "A", strings.ToLower(payload)} {
			wantText(t, w.one(w.li.Chat(), func() { w.li.Open(forged) }), "已经失效")
		}
		group := w.groupOfAnn()
		w.said(group, func() { w.ann.WriteIn(group, "/start@digest_sim_bot "+payload) })
		w.wantEditor(w.li, false)
		w.wantEditor(w.ann, false)
		wantText(t, w.one(w.admin.Chat(), func() { w.admin.Open(payload) }), "Owners can do all")
		w.one(w.admin.Chat(), func() { w.li.Open(payload) }) // it is still good
		w.wantEditor(w.li, true)
	})
}

// An owner names people by contact or id, and hears what is in the way.
func TestNamingEditors(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.li, "/start")
		hidden := w.one(w.admin.Chat(), func() { w.admin.SendContact(w.li, true) })
		wantText(t, hidden, "can't see who this contact is")
		offer := w.one(w.admin.Chat(), func() { w.admin.SendContact(w.li, false) })
		wantText(t, offer, "Make Li an editor?")
		w.wantEditor(w.li, false)
		wantText(t, w.one(w.admin.Chat(), func() { w.press(w.admin, offer, "✍️ Make an editor") }), "Li is an editor now")
		w.wantEditor(w.li, true)
		wantText(t, w.one(w.admin.Chat(), func() { w.press(w.admin, offer, "✍️ Make an editor") }), "Li is an editor already")
		wantText(t, w.tell(w.admin, "/editors "+itoa(w.ann.ID())), "is an editor now", "never written to me")
		wantText(t, w.tell(w.admin, "/editors 77"), "Owners can do all")
		wantText(t, w.tell(w.admin, "/editors Ann"), "/editors 123456789")
		wantText(t, w.tell(w.admin, "/editors"), "Ada, owner", "Li, editor since", "ID "+itoa(w.ann.ID()), "has not written to me")
		w.li.Block()
		w.settle()
		wantText(t, w.tell(w.admin, "/editors"), "Li, editor since")
		// A contact is nothing special to others, nor are the commands of owners.
		wantText(t, w.one(w.ann.Chat(), func() { w.ann.SendContact(w.li, false) }), "I can only read text")
		wantText(t, w.tell(w.ann, "/editors"), "Only the owners of the bot may do that") // Ann is an editor
	})
}

// An editor who has everything deleted is none any more. Owners are told, and the audit
// keeps what was done.
func TestEditorForgets(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.nameEditor()
		question := w.tell(w.li, "/forget")
		wantText(t, question, "你也不再是编辑")
		wantText(t, w.tell(w.li, "/privacy"), "最近一万条", "草稿", "最多两周")
		told := w.one(w.admin.Chat(), func() { w.press(w.li, question, "🗑 全部删除") })
		wantText(t, told, "no longer an editor")
		w.wantEditor(w.li, false)
		wantText(t, w.tell(w.admin, "/audit"), "had everything about them deleted, and is no longer an editor", "made ", " an editor")
	})
}

// Editors hear what admins hear, each in their language.
func TestEditorsHearOfABroadcast(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.issue(179, "News")
		w.start()
		w.readers(1)
		w.nameEditor()
		said := w.said(w.li.Chat(), func() { w.sendNow(time.Minute) })
		if all := strings.Join(texts(said), "\n"); !strings.Contains(all, "Weekly <179>") {
			t.Errorf("the editor was told %q of a broadcast", all)
		}
	})
}

// Nothing is shown any more to an editor who was removed, not even in an old report.
func TestReportOfFormerEditorStops(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Rate = 1
		w.issue(179, "News")
		w.start()
		w.audience(60)
		w.nameEditor()
		status := w.tell(w.li, "/broadcast")
		w.press(w.li, status, "📣 立即发送")
		w.pass(30 * time.Second)
		if now := w.now(status); now.Edits < 2 {
			w.t.Fatalf("the report was edited %d times; is it live?", now.Edits)
		}
		w.press(w.admin, w.tell(w.admin, "/editors"), "🗑 Li")
		before := w.now(status).Edits
		w.pass(2 * time.Minute)
		if now := w.now(status); now.Edits != before {
			w.t.Errorf("the report was edited %d times after its reader was removed", now.Edits-before)
		}
	})
}

// The audit is told in sentences, page by page, the newest first, and by issue.
func TestAudit(t *testing.T) {
	inWorld(t, func(w *world) {
		wantText(t, w.tell(w.admin, "/audit"), "What was done", "Nothing yet.")
		first := w.issue(178, "News")
		row := w.issue(179, "News")
		ctx, owner := w.t.Context(), subscribers.InPrivate(adminID)
		for range 6 {
			if _, err := w.store.WithdrawIssue(ctx, row.ID, owner); err != nil {
				w.t.Fatal(err)
			}
			if _, _, err := w.store.RestoreIssue(ctx, row.ID, subscribers.Actor{User: subscribers.CommandLine}); err != nil {
				w.t.Fatal(err)
			}
		}
		if _, _, err := w.store.RedateIssue(ctx, first.ID, first.Date.AddDate(0, 0, 1), owner); err != nil {
			w.t.Fatal(err)
		}
		m := w.tell(w.admin, "/audit")
		lines := strings.Split(m.Text, "\n")
		if len(lines) != 3+10 || !strings.Contains(lines[3], "changed the date of Weekly <178>") || !strings.Contains(lines[4], "Command line: restored Weekly <179>") {
			t.Errorf("the audit is %q, want ten lines, the newest first", lines)
		}
		wantText(t, m, "Ada withdrew Weekly <179>")
		wantLabels(t, m, "◀️ | 1/2 | ▶️")
		_, second := w.press(w.admin, m, "▶️")
		wantText(t, second, "Ada withdrew")
		_, second = w.afterwards(w.admin.PressData(m, "1:baudit:0:99"), m) // there is no such page
		wantText(t, second, "Ada withdrew")

		about := w.tell(w.admin, "/audit 178")
		wantText(t, about, "What was done with Weekly <178>", "changed the date")
		if strings.Contains(about.Text, "withdrew") {
			t.Errorf("the audit of 178 is %q", about.Text)
		}
		wantText(t, w.tell(w.admin, "/audit 12"), "There is no issue 12, and nobody of that name")
		w.auditByPerson(row.ID)
		answer, _ := w.afterwards(w.admin.PressData(m, "1:baudit:99:0"), m) // there is no such issue
		wantText(t, telegramsim.Message{Text: answer.Text}, "out of date")
	})
}

// auditByPerson checks that the audit shows what one person did: by name and with a button,
// page by page.
func (w *world) auditByPerson(issue int64) {
	w.t.Helper()
	w.tell(w.li, "/start")
	for range 6 {
		if _, err := w.store.WithdrawIssue(w.t.Context(), issue, subscribers.InPrivate(w.li.ID())); err != nil {
			w.t.Fatal(err)
		}
		if _, _, err := w.store.RestoreIssue(w.t.Context(), issue, subscribers.InPrivate(w.li.ID())); err != nil {
			w.t.Fatal(err)
		}
	}
	all := w.tell(w.admin, "/audit")
	wantLabels(w.t, all, "◀️ | 1/3 | ▶️", "👤 Li | 👤 Ada")
	_, his := w.press(w.admin, all, "👤 Li")
	wantText(w.t, his, "What Li did", "Li restored")
	wantLabels(w.t, his, "◀️ | 1/2 | ▶️", "‹ Everything")
	_, second := w.press(w.admin, his, "▶️")
	if strings.Count(second.Text, "Li ") != 1+2 || strings.Contains(second.Text, "Ada") {
		w.t.Errorf("the second page of what Li did is %q", second.Text)
	}
	_, all = w.press(w.admin, second, "‹ Everything")
	wantText(w.t, all, "What was done, the newest first")
	for _, name := range []string{"@Ada", "ada", itoa(adminID)} {
		if text := w.tell(w.admin, "/audit "+name).Text; !strings.Contains(text, "What Ada did") || strings.Contains(text, "Li ") {
			w.t.Errorf("of %s the audit says %q", name, text)
		}
	}
	wantText(w.t, w.tell(w.admin, "/audit @nobody"), "nobody of that name")
	for _, forged := range []string{"1:bwho:5:0", "1:bwho:0:0"} {
		answer, _ := w.afterwards(w.admin.PressData(all, forged), all)
		wantPopup(w.t, answer, "out of date")
	}
}
