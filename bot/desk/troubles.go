package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"digestbot/bot/talk"
)

// Condition is something that is wrong for a while.
type Condition struct {
	// begins says what is wrong and what to do about it, HTML. Nil: admins cannot
	// be told before it is over.
	Begins func(s talk.Speaker) string
	// ends says that it is over, HTML. Nil: that goes without saying.
	Ends func(s talk.Speaker, since time.Time) string
	// health is what /healthz says of it, in English and without names, as
	// anybody may ask. Empty: the bot does its work all the same.
	Health string
	// quietly says that who was told of what it said before need not hear of this.
	Quietly bool
}

// troubles are what is wrong at present. Admins hear of each once, and once when
// it is over; who has not written to the bot yet is told when that happens.
type troubles struct {
	mu   sync.Mutex
	open []*openTrouble // oldest first
}

type openTrouble struct {
	Condition
	key   string
	says  string // begins in the bot's language, to notice when it changes
	since time.Time
	told  []int64 // admins
}

// TroubleBegins tells admins of something that is wrong, until troubleEnds is
// called with the same key. While it says the same, calling it again does nothing;
// when what it says changes, admins are told anew, unless that is quietly done.
func (r *reports) TroubleBegins(key string, c Condition) {
	if r.Troubles.Begin(key, c, r.inOwnWords(c)) {
		r.outbox.later(r.TellTroubles)
	}
}

// inOwnWords is what a condition says in the bot's own language.
func (r *reports) inOwnWords(c Condition) string {
	if c.Begins == nil {
		return ""
	}
	return c.Begins(r.Catalog.Speaker(r.Fallback, r.Location))
}

// TroubleEnds tells who heard of a trouble that it is over. A trouble that nobody
// could be told of is told with its end.
func (r *reports) TroubleEnds(key string) {
	t := r.Troubles.end(key)
	if t == nil || t.Ends == nil {
		return
	}
	r.outbox.later(func(ctx context.Context) {
		r.EachAdmin(ctx, func(v talk.Visit) {
			if t.Begins == nil || r.Troubles.knows(t, v.User) {
				r.Say(ctx, v, t.Ends(v.Speaker, t.since), nil)
			}
		})
	})
}

// TellTroubles tells admins what they have not been told.
func (r *reports) TellTroubles(ctx context.Context) {
	r.EachAdmin(ctx, func(v talk.Visit) {
		for _, t := range r.Troubles.untold(v.User) {
			if r.Say(ctx, v, t.Begins(v.Speaker), nil) != 0 {
				r.Troubles.note(t, v.User)
			}
		}
	})
}

// TellLater tells an admin who could not be told before, after the answer to what
// the admin wrote.
func (r *reports) TellLater(v talk.Visit) {
	if v.Private() && r.IsBotAdmin(v.User) && len(r.Troubles.untold(v.User)) > 0 {
		r.outbox.later(r.TellTroubles)
	}
}

// troubleLines are what is wrong, a paragraph each.
func (r *reports) troubleLines(s talk.Speaker) string {
	var all []string
	for _, t := range r.Troubles.all() {
		if t.Begins != nil {
			all = append(all, t.Begins(s))
		}
	}
	return talk.Paragraphs(all...)
}

func (t *troubles) Begin(key string, c Condition, says string) (changed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.open, func(o *openTrouble) bool { return o.key == key })
	if i < 0 {
		t.open = append(t.open, &openTrouble{Condition: c, key: key, says: says, since: time.Now()})
		return true
	}
	if t.open[i].says == says {
		return false
	}
	next := &openTrouble{Condition: c, key: key, says: says, since: t.open[i].since}
	if c.Quietly {
		next.told = t.open[i].told
	}
	t.open[i] = next
	return !c.Quietly
}

// end returns the trouble that is over; nil: there was none.
func (t *troubles) end(key string) *openTrouble {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.open, func(o *openTrouble) bool { return o.key == key })
	if i < 0 {
		return nil
	}
	over := t.open[i]
	t.open = slices.Delete(t.open, i, i+1)
	return over
}

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

func (t *troubles) note(o *openTrouble, admin int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	o.told = append(o.told, admin)
}

// noteAll notes that an admin knows of what was wrong at a time.
func (t *troubles) noteAll(admin int64, at time.Time) {
	for _, o := range t.untold(admin) {
		if !o.since.After(at) {
			t.note(o, admin)
		}
	}
}

func (t *troubles) knows(o *openTrouble, admin int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Contains(o.told, admin)
}

func (t *troubles) all() []*openTrouble {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.open)
}

// Health returns what keeps the bot from its work; nil: nothing does.
func (t *troubles) Health() (all []string) {
	for _, o := range t.all() {
		if o.Health != "" {
			all = append(all, o.Health)
		}
	}
	return all
}
