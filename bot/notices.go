package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
	"digestbot/subscribers/search"
)

// eachAdmin calls f with a visit to every admin, in the language the admin
// chose or Telegram had last. What is said there waits for Telegram while it is away.
func (b *Bot) eachAdmin(ctx context.Context, f func(v visit)) {
	for _, id := range b.config.Admins {
		sub, err := b.store.Subscriber(ctx, id, 0)
		if errors.Is(err, subscribers.ErrNotFound) {
			// Telegram lets a bot write only to people who wrote to it.
			b.strangers.warn(b, id)
			continue
		}
		if ctx.Err() != nil {
			return // stopping
		}
		if err != nil {
			b.log.Error("an admin cannot be told", "chat", id, "err", err)
			continue
		}
		f(visit{sub: sub, user: id, speaker: b.speakerTo(sub, ""), unasked: true})
	}
}

// strangers are admins that have never written to the bot.
type strangers struct{ warned sync.Map }

func (s *strangers) warn(b *Bot, admin int64) {
	if _, again := s.warned.LoadOrStore(admin, true); !again {
		b.log.Warn("an admin has to send the bot /start before it can write to them", "chat", admin)
	}
}

// ofSource begins the keys of troubles with sources.
const ofSource = "source "

// sources remembers what was wrong with which source, by line.
type sources struct {
	mu    sync.Mutex
	lines map[string][]string
}

// sort divides the lines of an error into those that are new and those that were
// in the error before.
func (s *sources) sort(source string, err error) (fresh, lasting []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.lines[source]
	if s.lines == nil {
		s.lines = make(map[string][]string)
	}
	delete(s.lines, source)
	if err == nil {
		return nil, nil
	}
	s.lines[source] = strings.Split(err.Error(), "\n")
	for _, line := range s.lines[source] {
		if slices.Contains(before, line) {
			lasting = append(lasting, line)
		} else {
			fresh = append(fresh, line)
		}
	}
	return fresh, lasting
}

// SourceChecked tells admins all that is wrong with a source and its documents, one
// line each, what is new first; nil: nothing is. They are told anew when there is a
// line that was not there before.
// It also tells them what to decide about issues that were found.
func (b *Bot) SourceChecked(_ context.Context, source string, err error) {
	b.desk.later(b.tellNews)
	key := ofSource + source
	fresh, lasting := b.sources.sort(source, err)
	if err == nil {
		b.troubleEnds(key)
		return
	}
	text := b.inShort(errors.New(strings.Join(append(fresh, lasting...), "\n")))
	b.troubleBegins(key, condition{
		begins:  func(s speaker) string { return s.html("notice.source", values{"Source": source, "Error": text}) },
		ends:    func(s speaker, _ time.Time) string { return s.html("notice.source_fine", values{"Source": source}) },
		quietly: len(fresh) == 0,
	})
}

// Bounds of what is told of an error, which may name every document there is.
const (
	maxErrors  = 5   // lines
	errorUnits = 300 // of a line
)

// inShort is an error as people are told it; the log has all of it.
func (b *Bot) inShort(err error) string {
	all := strings.Split(b.redacted(err).Error(), "\n")
	said := all[:min(len(all), maxErrors)]
	for i, line := range said {
		said[i] = search.Cut(line, errorUnits)
	}
	text := strings.Join(said, "\n")
	if len(all) > maxErrors {
		text += fmt.Sprintf("\n… +%d", len(all)-maxErrors)
	}
	return text
}

// maxWarned is the number of a chat's admins that are told of a missing right.
const maxWarned = 5

// warnChatAdmins tells admins of a group or channel, in private, that the bot
// may not post there. Only those who have written to the bot can be told.
func (b *Bot) warnChatAdmins(ctx context.Context, e delivery.Event) {
	b.log.Warn("a chat does not let the bot post", "chat", e.Chat.Chat.ID, "reason", e.Reason)
	b.tellChatAdmins(ctx, e.Chat.Chat.ID, func(v visit) string {
		return v.html("notice.not_allowed", values{"Chat": e.Chat.Title})
	})
}

// tellChatAdmins tells admins of a group or channel something in private, and
// returns how many it told. Only those who have written to the bot can be told.
func (b *Bot) tellChatAdmins(ctx context.Context, chat int64, text func(v visit) string) (told int) {
	ctx = delivery.ForReader(ctx)
	call, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	admins, err := b.api.GetChatAdministrators(call, &tg.GetChatAdministratorsParams{ChatID: chat})
	if err != nil {
		b.log.Info("the admins of a chat cannot be told", "chat", chat, "err", err)
		return 0
	}
	for i := range admins {
		id := personOf(&admins[i])
		sub, err := b.store.Subscriber(ctx, id, 0)
		if err != nil || told == maxWarned {
			continue
		}
		told++
		v := visit{sub: sub, user: id, speaker: b.speakerTo(sub, "")}
		b.say(ctx, v, text(v), nil)
	}
	return told
}

// personOf is the user id of a chat's admin.
func personOf(m *models.ChatMember) int64 {
	switch {
	case m.Owner != nil && m.Owner.User != nil:
		return m.Owner.User.ID
	case m.Administrator != nil:
		return m.Administrator.User.ID
	}
	return 0
}
