package telegramsim_test

import (
	"testing"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/telegramsim"
)

func TestPostsReachTheDiscussionGroup(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ann := newBot(t, sim), sim.NewPerson("Ann")
		c, g := sim.NewChannel("Channel", ann), sim.NewSupergroup("Talk", ann)
		c.Link(g)
		c.AddBot(ann)
		g.AddBot(ann)
		received(t, sim)
		ann.WriteIn(c, "/help@digest_sim_bot")
		got := received(t, sim)
		if len(got) != 2 || got[0].ChannelPost == nil || got[1].Message == nil {
			t.Fatalf("got %+v, want the post and its copy", got)
		}
		m := got[1].Message
		if !m.IsAutomaticForward || m.ForwardOrigin == nil || m.SenderChat.ID != c.ID || m.Chat.ID != g.ID || m.From.ID != 777000 {
			t.Errorf("the copy is %+v", m)
		}
		if _, err := b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: c.ID, Text: "news"}); err != nil {
			t.Fatal(err)
		}
		if got := g.Last(); got.Text != "news" || got.SenderChat != c.ID || got.Mine() {
			t.Errorf("the group has %+v, want the bot's post", got)
		}
	})
}

// A post has no author, as telegram-bot-api's JsonMessage shows it.
func TestPostsOfChannels(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann := sim.NewPerson("Ann")
		c := sim.NewChannel("News", ann)
		c.AddBot(ann)
		received(t, sim)
		ann.WriteIn(c, "/help@digest_sim_bot")
		got := received(t, sim)
		if len(got) != 1 || got[0].ChannelPost == nil {
			t.Fatalf("got %+v, want a post", got)
		}
		if m := got[0].ChannelPost; m.From != nil || m.SenderChat == nil || m.SenderChat.ID != c.ID {
			t.Errorf("the post is %+v, want the channel as its sender", m)
		}
	})
}

func TestAnonymousAdminsWriteAsTheGroup(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, bob := sim.NewPerson("Ann"), sim.NewPerson("Bob")
		g := sim.NewSupergroup("Talk", ann, bob)
		g.AddBot(ann)
		g.Promote(bob, telegramsim.AllRights(), true)
		received(t, sim)
		bob.WriteIn(g, "/help@digest_sim_bot")
		got := received(t, sim)
		if len(got) != 1 || got[0].Message.SenderChat.ID != g.ID || got[0].Message.From.Username != "GroupAnonymousBot" {
			t.Errorf("got %+v, want a message of the group", got)
		}
	})
}

func TestWritingAsAChannel(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, eve := sim.NewPerson("Ann"), sim.NewPerson("Eve")
		g, c := sim.NewSupergroup("Talk", ann, eve), sim.NewChannel("Eve's", eve)
		g.AddBot(ann)
		received(t, sim)
		eve.WriteAs(c, g, "/help@digest_sim_bot")
		got := received(t, sim)
		if len(got) != 1 || got[0].Message.SenderChat.ID != c.ID || !got[0].Message.From.IsBot {
			t.Errorf("got %+v, want a message in the name of the channel", got)
		}
	})
}

func TestClosedGeneral(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ann := newBot(t, sim), sim.NewPerson("Ann")
		f := sim.NewForum("Forum", ann)
		f.AddBot(ann)
		f.CloseGeneral()
		send := func() error {
			_, err := b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: f.ID, Text: "x"})
			return err
		}
		refusedWith(t, send(), telegramsim.TopicClosed)
		f.PromoteBot(ann, telegramsim.AllRights())
		if err := send(); err != nil {
			t.Error(err)
		}
	})
}

func TestComingWithoutTheRightToPost(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ann := newBot(t, sim), sim.NewPerson("Ann")
		for want, chat := range map[telegramsim.Refusal]*telegramsim.Chat{
			telegramsim.ChannelRights: sim.NewChannel("Channel", ann),
			telegramsim.NoRightsText:  sim.NewSupergroup("Group", ann),
		} {
			received(t, sim)
			chat.AddBotMuted(ann)
			if got := received(t, sim); len(got) == 0 || got[0].MyChatMember == nil {
				t.Errorf("got %+v, want my_chat_member", got)
			}
			_, err := b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: chat.ID, Text: "x"})
			refusedWith(t, err, want)
		}
	})
}
