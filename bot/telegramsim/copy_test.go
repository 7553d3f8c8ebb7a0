package telegramsim_test

import (
	"strings"
	"testing"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
)

func TestCopyMessage(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, bea, b := started(sim, "Ann"), started(sim, "Bea"), newBot(t, sim)
		group := sim.NewSupergroup("Editors", bea)
		group.AddBot(bea)
		first, err := send(t.Context(), b, ann.ID(), "x")
		if err != nil {
			t.Fatal(err)
		}
		to, _ := ann.Chat().Message(first.ID)
		copyOf := func(id int, change func(*tg.CopyMessageParams)) (*models.MessageID, error) {
			p := &tg.CopyMessageParams{ChatID: group.ID, FromChatID: ann.ID(), MessageID: id}
			if change != nil {
				change(p)
			}
			return b.CopyMessage(t.Context(), p)
		}
		for name, m := range map[string]telegramsim.Message{
			"text": ann.ReplyHTML(to, "<b>so</b> it is"), "photo": ann.ReplyPhoto(to, "look"), "sticker": ann.ReplySticker(to, "🦊"), "voice": ann.ReplyVoice(to),
			"forwarded": ann.Forward(bea, "somebody else's"),
		} {
			id, err := copyOf(m.ID, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := group.Last()
			if got.ID != id.ID || !got.Mine() || got.Text != m.Text || len(got.Entities) != len(m.Entities) || got.ReplyTo != 0 {
				t.Errorf("%s: the copy is %+v", name, got)
			}
		}
		own := group.Last()
		if _, err := copyOf(ann.ReplyPhoto(to, "look").ID, func(p *tg.CopyMessageParams) {
			p.Caption, p.ReplyParameters = "other", &models.ReplyParameters{MessageID: own.ID}
		}); err != nil || group.Last().Text != "other" || group.Last().ReplyTo != own.ID {
			t.Errorf("%v: the copy is %+v, want another caption", err, group.Last())
		}
		deleted := ann.Reply(to, "no")
		ann.Delete(deleted)
		for want, call := range map[telegramsim.Refusal]func() (*models.MessageID, error){
			telegramsim.CopyNotFound:   func() (*models.MessageID, error) { return copyOf(deleted.ID, nil) },
			telegramsim.CopyForbidden:  func() (*models.MessageID, error) { return copyOf(ann.ReplyQuiz(to, "Yes?").ID, nil) },
			telegramsim.CaptionTooLong: func() (*models.MessageID, error) { return copyOf(ann.ReplyPhoto(to, "").ID, longCaption) },
			telegramsim.ReplyNotFound: func() (*models.MessageID, error) {
				return copyOf(to.ID, func(p *tg.CopyMessageParams) { p.ReplyParameters = &models.ReplyParameters{MessageID: 4000} })
			},
		} {
			_, err := call()
			refusedWith(t, err, want)
		}
		ann.Chat().Protect(true)
		_, err = copyOf(to.ID, nil)
		refusedWith(t, err, telegramsim.CopyProtected)
		if _, err = copyOf(to.ID, func(p *tg.CopyMessageParams) { p.ReplyParameters = &models.ReplyParameters{MessageID: own.ID} }); err != nil {
			t.Errorf("a copy that is a reply: %v", err)
		}
		group.MuteBot(bea)
		_, err = copyOf(to.ID, func(p *tg.CopyMessageParams) { p.ReplyParameters = &models.ReplyParameters{MessageID: own.ID} })
		refusedWith(t, err, telegramsim.CopyForbidden)
	})
}

func longCaption(p *tg.CopyMessageParams) { p.Caption = strings.Repeat("x", 1025) }

// The bot sees a reply to its own message though it does not see what else is written.
func TestRepliesReachTheBot(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		bea, b := started(sim, "Bea"), newBot(t, sim)
		group := sim.NewSupergroup("Editors", bea)
		group.AddBot(bea)
		sent, err := send(t.Context(), b, group.ID, "x")
		if err != nil {
			t.Fatal(err)
		}
		before := sim.PendingUpdates()
		own, _ := group.Message(sent.ID)
		other := bea.WriteIn(group, "talk")
		bea.Edit(bea.Reply(other, "more talk"), "even more")
		if n := sim.PendingUpdates() - before; n != 0 {
			t.Errorf("the bot got %d updates of talk among people", n)
		}
		bea.Edit(bea.Reply(own, "answer"), "better answer")
		if n := sim.PendingUpdates() - before; n != 2 {
			t.Errorf("the bot got %d updates, want a reply and its edit", n)
		}
	})
}
