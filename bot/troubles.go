package bot

import (
	"context"
	"slices"
	"sync"
	"time"
)

// condition is something that is wrong for a while.
type condition struct {
	// begins says what is wrong and what to do about it, HTML. Nil: admins cannot
	// be told before it is over.
	begins func(s speaker) string
	// ends says that it is over, HTML. Nil: that goes without saying.
	ends func(s speaker, since time.Time) string
	// health is what /healthz says of it, in English and without names, as
	// anybody may ask. Empty: the bot does its work all the same.
	health string
	// quietly says that who was told of what it said before need not hear of this.
	quietly bool
}

// troubles are what is wrong at present. Admins hear of each once, and once when
// it is over; who has not written to the bot yet is told when that happens.
type troubles struct {
	mu   sync.Mutex
	open []*openTrouble // oldest first
}

type openTrouble struct {
	condition
	key   string
	says  string // begins in the bot's language, to notice when it changes
	since time.Time
	told  []int64 // admins
}

// troubleBegins tells admins of something that is wrong, until troubleEnds is
// called with the same key. While it says the same, calling it again does nothing;
// when what it says changes, admins are told anew, unless that is quietly done.
func (b *Desk) troubleBegins(key string, c condition) {
	if b.troubles.begin(key, c, b.inOwnWords(c)) {
		b.outbox.later(b.tellTroubles)
	}
}

// inOwnWords is what a condition says in the bot's own language.
func (b *Desk) inOwnWords(c condition) string {
	if c.begins == nil {
		return ""
	}
	return c.begins(b.catalog.speaker(b.fallback, b.location))
}

// troubleEnds tells who heard of a trouble that it is over. A trouble that nobody
// could be told of is told with its end.
func (b *Desk) troubleEnds(key string) {
	t := b.troubles.end(key)
	if t == nil || t.ends == nil {
		return
	}
	b.outbox.later(func(ctx context.Context) {
		b.eachAdmin(ctx, func(v visit) {
			if t.begins == nil || b.troubles.knows(t, v.user) {
				b.say(ctx, v, t.ends(v.speaker, t.since), nil)
			}
		})
	})
}

// tellTroubles tells admins what they have not been told.
func (b *Desk) tellTroubles(ctx context.Context) {
	b.eachAdmin(ctx, func(v visit) {
		for _, t := range b.troubles.untold(v.user) {
			if b.say(ctx, v, t.begins(v.speaker), nil) != 0 {
				b.troubles.note(t, v.user)
			}
		}
	})
}

// tellLater tells an admin who could not be told before, after the answer to what
// the admin wrote.
func (b *Desk) tellLater(v visit) {
	if v.private() && b.isAdmin(v.user) && len(b.troubles.untold(v.user)) > 0 {
		b.outbox.later(b.tellTroubles)
	}
}

// troubleLines are what is wrong, a paragraph each.
func (b *Desk) troubleLines(s speaker) string {
	var all []string
	for _, t := range b.troubles.all() {
		if t.begins != nil {
			all = append(all, t.begins(s))
		}
	}
	return paragraphs(all...)
}

func (t *troubles) begin(key string, c condition, says string) (changed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.open, func(o *openTrouble) bool { return o.key == key })
	if i < 0 {
		t.open = append(t.open, &openTrouble{condition: c, key: key, says: says, since: time.Now()})
		return true
	}
	if t.open[i].says == says {
		return false
	}
	next := &openTrouble{condition: c, key: key, says: says, since: t.open[i].since}
	if c.quietly {
		next.told = t.open[i].told
	}
	t.open[i] = next
	return !c.quietly
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
		if o.begins != nil && !slices.Contains(o.told, admin) {
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

// health returns what keeps the bot from its work; nil: nothing does.
func (t *troubles) health() (all []string) {
	for _, o := range t.all() {
		if o.health != "" {
			all = append(all, o.health)
		}
	}
	return all
}
