package desk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
)

// Keys of troubles.
const (
	TroubleToken     = "token"         // Telegram does not know it
	TroubleConflict  = "conflict"      // another program uses the token
	TroubleTelegram  = "telegram"      // it does not answer
	TroubleUpdates   = "updates"       // it gives none
	TroubleWebhook   = "webhook"       // Telegram does not get through to it
	TroubleDatabase  = "database"      // it cannot be written
	TroubleLost      = "lost database" // it was removed or replaced
	TroubleScheduler = "scheduler"     // it hangs
	TroubleReplies   = "replies"       // they cannot be passed on
	TroubleBackup    = "backup"        // backups fail
	TroublePing      = "ping"          // a dead-man's switch does not take what it is told
	troubleSource    = "source "       // the source follows
)

// Trouble is something that is wrong for a while.
type Trouble struct {
	// Begins says what is wrong and what to do about it, HTML. Nil: admins cannot
	// be told before it is over.
	Begins func(s talk.Speaker) string
	// Ends says that it is over, HTML. Nil: nobody is told.
	Ends func(s talk.Speaker, since time.Time) string
	// Health is what /healthz says of it, in English and without names, as
	// anybody may ask. Empty: the bot does its work all the same.
	Health string
	// Quietly says that admins who were told of this trouble are not told of what has
	// changed in it.
	Quietly bool
}

// troubles are what is wrong at present. Admins hear of each once, and once when it is
// over. An admin who has not written to the bot yet hears of it after doing so.
type troubles struct {
	mu   sync.Mutex
	open []*openTrouble // oldest first
}

// openTrouble is a trouble that is not over.
type openTrouble struct {
	Trouble
	key   string
	says  string // Begins in the bot's language, to notice when it changes
	since time.Time
	told  []int64 // admins
}

// BeginTrouble tells admins of something that is wrong, until EndTrouble is called with
// the same key. Called again it does nothing, unless what the trouble says has changed:
// then admins are told again, if it is not done quietly.
func (r *reports) BeginTrouble(key string, t Trouble) {
	if r.troubles.begin(key, t, r.inOwnLanguage(t)) {
		r.outbox.enqueue(r.tellTroubles)
	}
}

// TellTrouble is BeginTrouble for a bot that is about to end: it does not wait for
// Serve.
func (r *reports) TellTrouble(ctx context.Context, key string, t Trouble) {
	r.troubles.begin(key, t, r.inOwnLanguage(t))
	r.tellTroubles(sender.ForAdmin(ctx))
}

// inOwnLanguage is what a trouble says in the bot's own language.
func (r *reports) inOwnLanguage(t Trouble) string {
	if t.Begins == nil {
		return ""
	}
	return t.Begins(r.Catalog.Speaker(r.Fallback, r.Location))
}

// EndTrouble tells admins who heard of a trouble that it is over. All admins hear of
// the end of a trouble that nobody could be told of before.
func (r *reports) EndTrouble(key string) {
	t := r.troubles.end(key)
	if t == nil || t.Ends == nil {
		return
	}
	r.outbox.enqueue(func(ctx context.Context) {
		r.EachAdmin(ctx, func(v talk.Visit) {
			if t.Begins == nil || r.troubles.knows(t, v.User) {
				r.Say(ctx, v, t.Ends(v.Speaker, t.since), nil)
			}
		})
	})
}

// tellTroubles tells admins of the troubles they have not been told of.
func (r *reports) tellTroubles(ctx context.Context) {
	r.EachAdmin(ctx, func(v talk.Visit) {
		for _, t := range r.troubles.untold(v.User) {
			if r.Say(ctx, v, t.Begins(v.Speaker), nil) != 0 {
				r.troubles.note(t, v.User)
			}
		}
	})
}

// TellUntold has a visitor told of troubles, if that is an admin who could not be told
// before. It is called after the answer to what the visitor wrote.
func (r *reports) TellUntold(v talk.Visit) {
	if v.Private() && r.IsBotAdmin(v.User) && len(r.troubles.untold(v.User)) > 0 {
		r.outbox.enqueue(r.tellTroubles)
	}
}

// troubleText says what is wrong, a paragraph for each trouble whose key begins so.
func (r *reports) troubleText(s talk.Speaker, keys string) string {
	var all []string
	for _, t := range r.troubles.all() {
		if t.Begins != nil && strings.HasPrefix(t.key, keys) {
			all = append(all, t.Begins(s))
		}
	}
	return talk.Paragraphs(all...)
}

// Health returns what keeps the bot from its work; nil: nothing does.
func (r *reports) Health() (all []string) {
	for _, t := range r.troubles.all() {
		if t.Health != "" {
			all = append(all, t.Health)
		}
	}
	return all
}

// CountTroubles returns how many troubles there are of each kind: those above, and "source".
func (r *reports) CountTroubles() map[string]int {
	counts := map[string]int{"source": 0}
	for _, kind := range []string{
		TroubleToken, TroubleConflict, TroubleTelegram, TroubleUpdates, TroubleWebhook, TroubleDatabase, TroubleLost, TroubleScheduler, TroubleReplies,
		TroubleBackup, TroublePing,
	} {
		counts[kind] = 0
	}
	for _, t := range r.troubles.all() {
		kind := t.key
		if strings.HasPrefix(kind, troubleSource) {
			kind = "source"
		}
		counts[kind]++
	}
	return counts
}

// begin notes a trouble; changed reports whether admins have to be told. says is what it
// says in the bot's language.
func (t *troubles) begin(key string, trouble Trouble, says string) (changed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := t.indexLocked(key)
	if i < 0 {
		t.open = append(t.open, &openTrouble{Trouble: trouble, key: key, says: says, since: time.Now()})
		return true
	}
	if t.open[i].says == says {
		return false
	}
	next := &openTrouble{Trouble: trouble, key: key, says: says, since: t.open[i].since}
	if trouble.Quietly {
		next.told = t.open[i].told
	}
	t.open[i] = next
	return !trouble.Quietly
}

// indexLocked finds the trouble with a key; -1: there is none.
func (t *troubles) indexLocked(key string) int {
	return slices.IndexFunc(t.open, func(o *openTrouble) bool { return o.key == key })
}

// end returns the trouble that is over; nil: there was none.
func (t *troubles) end(key string) *openTrouble {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := t.indexLocked(key)
	if i < 0 {
		return nil
	}
	over := t.open[i]
	t.open = slices.Delete(t.open, i, i+1)
	return over
}

// untold returns the troubles that an admin can be told of and has not been.
func (t *troubles) untold(admin int64) (all []*openTrouble) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, o := range t.open {
		if o.Begins != nil && !slices.Contains(o.told, admin) {
			all = append(all, o)
		}
	}
	return all
}

// note notes that an admin knows of a trouble.
func (t *troubles) note(o *openTrouble, admin int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	o.told = append(o.told, admin)
}

// noteAll notes that an admin knows of all troubles that had begun at a time.
func (t *troubles) noteAll(admin int64, at time.Time) {
	for _, o := range t.untold(admin) {
		if !o.since.After(at) {
			t.note(o, admin)
		}
	}
}

// knows reports whether an admin was told of a trouble.
func (t *troubles) knows(o *openTrouble, admin int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Contains(o.told, admin)
}

// all returns the troubles that are not over, oldest first.
func (t *troubles) all() []*openTrouble {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.open)
}
