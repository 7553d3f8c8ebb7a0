package bot

import (
	"context"
	"errors"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

// topics shows the switch with which a forum group gives each section a topic
// of its own.
func (b *Reader) topics(ctx context.Context, v visit, _ string) error {
	if !v.forum {
		b.say(ctx, v, v.html("topics.elsewhere"), nil)
		return nil
	}
	text, k, err := b.topicSwitch(ctx, v)
	if err == nil {
		b.say(ctx, v, text, k)
	}
	return err
}

// topicSwitch is the text and keyboard of /topics.
func (b *Reader) topicSwitch(ctx context.Context, v visit) (string, keyboard, error) {
	to, err := b.store.Recipient(ctx, v.sub.ID)
	if err != nil {
		return "", nil, err
	}
	text := paragraphs(v.html("topics.title"), v.html("topics.off"))
	mark, next := "⬜", int64(1)
	if to.TopicsWanted() {
		text = paragraphs(v.html("topics.title"), v.html("topics.on"))
		mark, next = "✅", 0
		if !b.mayManageTopics(ctx, v.sub.Chat.ID) {
			text = paragraphs(text, v.html("topics.need_right"))
		}
	}
	if v.sub.State != subscribers.On {
		text = paragraphs(text, v.html("sections.not_subscribed"))
	}
	return text, keyboard{
		row(button(mark+" "+v.plain("button.topics"), actTopics, next)),
		row(button(v.plain("button.close"), actPutAway)),
	}, nil
}

// mayManageTopics asks Telegram whether the bot may make topics. When it does
// not answer, there is no reason to worry people.
func (b *Reader) mayManageTopics(ctx context.Context, chat int64) bool {
	pass(ctx)
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	member, err := b.api.GetChatMember(ctx, &tg.GetChatMemberParams{ChatID: chat, UserID: b.me.Load().ID})
	if err != nil {
		b.log.Info("the bot's own rights cannot be checked", "chat", chat, "err", err)
		return true
	}
	return managesTopics(member)
}

// managesTopics tells whether a member may make topics, as an admin with that
// right.
func managesTopics(m *models.ChatMember) bool {
	return m.Type == models.ChatMemberTypeOwner ||
		m.Type == models.ChatMemberTypeAdministrator && m.Administrator.CanManageTopics
}

func (b *Reader) pressTopics(ctx context.Context, p press) (reply, error) {
	if !p.forum || p.numbers[0] > 1 {
		return reply{notice: p.plain("press.old"), alert: true}, nil
	}
	err := b.store.SetSectionTopics(ctx, p.sub.ID, p.numbers[0] == 1)
	if errors.Is(err, subscribers.ErrNotFound) {
		return reply{notice: p.plain("press.old"), alert: true}, nil
	}
	return reply{show: func(ctx context.Context) error { return b.showTopics(ctx, p) }}, err
}

func (b *Reader) showTopics(ctx context.Context, p press) error {
	text, k, err := b.topicSwitch(ctx, p.visit)
	if err == nil {
		b.show(ctx, p, text, k)
	}
	return err
}

// pressPutAway leaves a summary where the switch was.
func (b *Reader) pressPutAway(ctx context.Context, p press) (reply, error) {
	to, err := b.store.Recipient(ctx, p.sub.ID)
	if err != nil {
		return reply{}, err
	}
	return reply{show: func(ctx context.Context) error {
		text := p.html("topics.off")
		if to.TopicsWanted() {
			text = p.html("topics.on")
		}
		b.show(ctx, p, paragraphs(text, p.html("topics.change")), nil)
		return nil
	}}, nil
}
