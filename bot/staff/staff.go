// Package staff is who may do what an admin does, and who did: owners name editors, and
// the audit is shown. It knows nothing of what admins do.
package staff

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// Staff names editors and shows the audit. Its methods are safe for concurrent use.
type Staff struct {
	*talk.Talker
	config  Config
	names   *talk.Memory[int64, names] // of people, by id; empty: Telegram does not say
	refused atomic.Int64               // presses that are not in the audit yet
	counted atomic.Int64               // when they were put there last, Unix seconds
}

// Config says what a Staff works with, besides a Talker.
type Config struct {
	// Enqueue has a notice given after the others.
	Enqueue func(tell func(context.Context))
	// Menu brings the menu of a person up to date, who has become an editor or is one no
	// longer.
	Menu func(user int64)
	// PauseReason puts into words why the program paused a broadcast.
	PauseReason func(s talk.Speaker, why subscribers.PauseReason) string
}

const (
	// namesMemory is how long a name is believed: people change it now and then.
	namesMemory = 10 * time.Minute
	maxNames    = 1000
	maxName     = 40 // UTF-16 units of a name that are shown
)

// New returns a Staff.
func New(talker *talk.Talker, config Config) *Staff {
	return &Staff{Talker: talker, config: config, names: talk.NewMemory[int64, names](maxNames, namesMemory)}
}

// person names somebody, for a text that may be HTML or plain: by the name that Telegram
// knows, because the store keeps none, or else by the id.
func (st *Staff) person(ctx context.Context, s talk.Speaker, user int64) string {
	if name := st.namesOf(ctx, user).shown; name != "" {
		return name
	}
	return s.Plain("staff.nameless", talk.Values{"ID": strconv.FormatInt(user, 10)})
}

// names are those that a person has on Telegram.
type names struct{ shown, first, user string }

func (st *Staff) namesOf(ctx context.Context, user int64) names {
	n, known := st.names.Find(user, time.Now())
	if !known {
		n = st.askNames(ctx, user)
		st.names.Keep(user, n, time.Now())
	}
	return n
}

// isCalled reports whether somebody has that name, as shown or as the user name, or that id.
func (st *Staff) isCalled(ctx context.Context, user int64, name string) bool {
	n := st.namesOf(ctx, user)
	return slices.ContainsFunc([]string{n.shown, n.first, n.user, strconv.FormatInt(user, 10)}, func(one string) bool {
		return one != "" && strings.EqualFold(one, name)
	})
}

// askNames asks Telegram for the names of a person; empty: the person has never written to
// the bot, or Telegram is away.
func (st *Staff) askNames(ctx context.Context, user int64) names {
	talk.PassTurn(ctx)
	ctx, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	chat, err := st.API.GetChat(ctx, &tg.GetChatParams{ChatID: user})
	if err != nil {
		st.Log.Debug("the name of an admin is not known", "chat", user, "err", err)
		return names{}
	}
	name := chat.FirstName
	if chat.LastName != "" {
		name += " " + chat.LastName
	}
	return names{shown: digest.ShortenUnits(name, maxName), first: chat.FirstName, user: chat.Username}
}

// eachOwner calls f with a visit to every owner who has written to the bot, except one
// person.
func (st *Staff) eachOwner(ctx context.Context, except int64, f func(v talk.Visit)) {
	for _, id := range st.Owners {
		if id == except {
			continue
		}
		if v, ok := st.visitTo(ctx, id); ok {
			f(v)
		}
	}
}

// visitTo is a visit to a person who has not asked for it; ok is false if the person has
// never written to the bot.
func (st *Staff) visitTo(ctx context.Context, user int64) (v talk.Visit, ok bool) {
	sub, err := st.Store.Subscriber(ctx, user, 0)
	if err != nil { // mostly because the person is not known
		return talk.Visit{}, false
	}
	return talk.Visit{Sub: sub, User: user, Speaker: st.SpeakerTo(sub, ""), Unasked: true}, true
}

// refusedEvery is how often refused presses are put into the audit, so that a flood of them
// costs nothing.
const refusedEvery = time.Minute

// NoteRefused counts a press of an admin's button by somebody who is none.
func (st *Staff) NoteRefused(ctx context.Context) {
	st.refused.Add(1)
	last, now := st.counted.Load(), time.Now()
	if now.Sub(time.Unix(last, 0)) >= refusedEvery && st.counted.CompareAndSwap(last, now.Unix()) {
		st.keepRefused(ctx)
	}
}

// keepRefused puts the presses that were refused into the audit.
func (st *Staff) keepRefused(ctx context.Context) {
	n := st.refused.Swap(0)
	if n == 0 {
		return
	}
	if err := st.Store.CountRefused(ctx, int(n)); err != nil {
		st.refused.Add(n)
		st.Log.Error("refused presses are not counted", "err", err)
	}
}
