package hosts

import (
	"context"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/reader"
	"digestbot/bot/talk"
	"digestbot/digest"
)

const (
	// greetingMemory is how long a greeting counts as the answer to /start.
	greetingMemory = time.Minute
	// maxGreeted bounds the chats remembered.
	maxGreeted = 10_000
	// maxPopup is how long a popup may be (core.telegram.org/bots/api#answercallbackquery).
	maxPopup = 200 // UTF-16 units
)

// greetGroup greets a group, and offers to subscribe it. A group that the bot returned to is
// told that its subscription goes on. Where the bot is an admin only the person who let it
// in sees that, if Telegram offers it.
func (h *Hosts) greetGroup(ctx context.Context, v talk.Visit, u *models.ChatMemberUpdated, returned bool) (arrived bool, err error) {
	if talk.IsAdminMember(&u.NewChatMember) && !u.From.IsBot {
		v.User, v.Quiet = u.From.ID, true
	}
	text, k := reader.Greeting(v)
	if returned {
		if text, k, err = h.returned(ctx, v); err != nil {
			return false, err
		}
	}
	at := h.talk.SayAt(ctx, v, text, k)
	if at == (talk.Place{}) {
		return false, nil
	}
	h.greeted.Keep(u.Chat.ID, at, time.Now())
	return true, nil
}

// Start is /start. Apps send it into a group right after its greeting, by themselves,
// when somebody adds the bot with a button or link: then nobody waits for another
// greeting. A link t.me/<bot>?startgroup=subscribe adds an argument, and its answer takes
// the place of the greeting.
func (h *Hosts) Start(ctx context.Context, v talk.Visit, args string) error {
	at, greeted := h.greeted.Find(v.Sub.Chat.ID, time.Now())
	channel, isChannel := strings.CutPrefix(args, talk.StartChannel)
	switch {
	case v.Private() && isChannel:
		return h.openChannel(ctx, v, channel)
	case v.Private() && args == talk.StartHosts:
		return h.Channels(ctx, v, "")
	case !v.Private() && args == talk.StartTopics:
		return nil
	case v.Private() || !greeted || v.Thread != 0:
		return h.reader.Start(ctx, v, args)
	case args == "":
		return nil
	case args != talk.StartSubscribe:
		return h.reader.Start(ctx, v, args)
	case !h.talk.MayConfigure(ctx, v):
		return nil
	}
	h.greeted.Forget(v.Sub.Chat.ID)
	return h.reader.SubscribeAt(ctx, v, at)
}

// PressAbout says what the bot is to the person who asks.
func (h *Hosts) PressAbout(_ context.Context, p talk.Press) (talk.Reply, error) {
	text := talk.Paragraphs(p.Plain("press.about", talk.Values{"Bot": p.Bot()}), p.PlainSentence())
	return talk.Reply{Popup: digest.ShortenUnits(text, maxPopup), Alert: true}, nil
}

// PressElsewhere says how to subscribe another topic of a forum.
func (h *Hosts) PressElsewhere(_ context.Context, p talk.Press) (talk.Reply, error) {
	return talk.Reply{Popup: p.Plain("press.elsewhere"), Alert: true}, nil
}
