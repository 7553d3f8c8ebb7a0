package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// eachAdmin calls f with a visit to every admin, in the language the admin
// chose or Telegram had last. What is said there waits for Telegram while it is away.
func (b *Desk) eachAdmin(ctx context.Context, f func(v visit)) {
	for _, id := range b.admins {
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

func (s *strangers) warn(b *Desk, admin int64) {
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
func (b *Desk) SourceChecked(_ context.Context, source string, err error) {
	b.outbox.later(b.tellNews)
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

// warnChatAdmins tells admins of a group or channel, in private, that the bot
// may not post there. Only those who have written to the bot can be told.
func (b *Desk) warnChatAdmins(ctx context.Context, e delivery.Event) {
	b.log.Warn("a chat does not let the bot post", "chat", e.Chat.Chat.ID, "reason", e.Reason)
	b.tellChatAdmins(ctx, e.Chat.Chat.ID, func(v visit) string {
		return v.html("notice.not_allowed", values{"Chat": e.Chat.Title})
	})
}
