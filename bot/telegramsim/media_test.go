package telegramsim_test

import (
	"testing"

	"digestbot/bot/telegramsim"
)

func TestMedia(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		received(t, sim)
		ann, bob := sim.NewPerson("Ann"), sim.NewPerson("Bob")
		ann.SendSticker("🐝")
		ann.SendPhoto("a bee")
		ann.SendAlbum(2)
		ann.Forward(bob, "/subscribe")
		ann.Pin(ann.Write("hello"))
		got := received(t, sim)
		if len(got) != 7 {
			t.Fatalf("%d updates, want 7", len(got))
		}
		if s := got[0].Message.Sticker; s == nil || s.Emoji != "🐝" || got[0].Message.Text != "" {
			t.Errorf("the sticker is %+v", got[0].Message)
		}
		if m := got[1].Message; len(m.Photo) == 0 || m.Caption != "a bee" || m.MediaGroupID != "" {
			t.Errorf("the picture is %+v", m)
		}
		if a, b := got[2].Message, got[3].Message; a.MediaGroupID == "" || a.MediaGroupID != b.MediaGroupID || len(b.Photo) == 0 {
			t.Errorf("the album is of %q and %q", a.MediaGroupID, b.MediaGroupID)
		}
		f := got[4].Message
		if f.ForwardOrigin == nil || f.ForwardOrigin.MessageOriginUser == nil || f.ForwardOrigin.MessageOriginUser.SenderUser.ID != bob.ID() || f.Text != "/subscribe" {
			t.Errorf("what was forwarded is %+v", f)
		}
		if m := got[6].Message; m.PinnedMessage == nil || m.PinnedMessage.Message == nil || m.PinnedMessage.Message.Text != "hello" || m.Text != "" {
			t.Errorf("the service message is %+v", m)
		}
	})
}

func TestRetitle(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann := sim.NewPerson("Ann")
		g := sim.NewSupergroup("Group", ann)
		g.AddBot(ann)
		received(t, sim)
		g.Retitle(ann, "Club")
		got := received(t, sim)
		if len(got) != 1 || got[0].Message.NewChatTitle != "Club" || got[0].Message.Chat.Title != "Club" {
			t.Errorf("a new title comes as %+v", got)
		}
	})
}
