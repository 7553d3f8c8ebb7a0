package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// EachAdmin calls f with a visit to every admin, in the language the admin
// chose or Telegram had last. What is said there waits for Telegram while it is away.
func (d *Desk) EachAdmin(ctx context.Context, f func(v talk.Visit)) {
	for _, id := range d.Admins {
		sub, err := d.Store.Subscriber(ctx, id, 0)
		if errors.Is(err, subscribers.ErrNotFound) {
			// Telegram lets a bot write only to people who wrote to it.
			d.strangers.warn(d, id)
			continue
		}
		if ctx.Err() != nil {
			return // stopping
		}
		if err != nil {
			d.Log.Error("an admin cannot be told", "chat", id, "err", err)
			continue
		}
		f(talk.Visit{Sub: sub, User: id, Speaker: d.SpeakerTo(sub, ""), Unasked: true})
	}
}

// strangers are admins that have never written to the bot.
type strangers struct{ warned sync.Map }

func (s *strangers) warn(b *Desk, admin int64) {
	if _, again := s.warned.LoadOrStore(admin, true); !again {
		b.Log.Warn("an admin has to send the bot /start before it can write to them", "chat", admin)
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
func (d *Desk) SourceChecked(_ context.Context, source string, err error) {
	d.outbox.later(d.tellNews)
	key := ofSource + source
	fresh, lasting := d.sources.sort(source, err)
	if err == nil {
		d.TroubleEnds(key)
		return
	}
	text := d.InShort(errors.New(strings.Join(append(fresh, lasting...), "\n")))
	d.TroubleBegins(key, Condition{
		Begins: func(s talk.Speaker) string {
			return s.HTML("notice.source", talk.Values{"Source": source, "Error": text})
		},
		Ends: func(s talk.Speaker, _ time.Time) string {
			return s.HTML("notice.source_fine", talk.Values{"Source": source})
		},
		Quietly: len(fresh) == 0,
	})
}

// warnChatAdmins tells admins of a group or channel, in private, that the bot
// may not post there. Only those who have written to the bot can be told.
func (d *Desk) warnChatAdmins(ctx context.Context, e delivery.Event) {
	d.Log.Warn("a chat does not let the bot post", "chat", e.Chat.Chat.ID, "reason", e.Reason)
	d.TellChatAdmins(ctx, e.Chat.Chat.ID, func(v talk.Visit) string {
		return v.HTML("notice.not_allowed", talk.Values{"Chat": e.Chat.Title})
	})
}
