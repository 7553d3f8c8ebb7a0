package delivery

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"digestbot/bot/rendition"
	"digestbot/subscribers/archive"
)

// messages are the messages of one edition, which its couriers share. Couriers read
// them all the time, and a refusal is rare. So a refusal replaces the whole slice, and
// nothing else changes it.
type messages struct {
	all      atomic.Pointer[[]archive.Message]
	changing sync.Mutex

	words       func() rendition.WordSections
	rightToLeft func() bool // the issue is written from right to left
	months      months      // of the readers who get headlines in place of the issue
}

func (b *Broadcaster) loadMessages(ctx context.Context, issue int64, edition int) (*messages, error) {
	all, err := b.store.Messages(ctx, issue, edition)
	if err != nil {
		return nil, err
	}
	m := &messages{words: b.wordsOf(issue, all), rightToLeft: sync.OnceValue(func() bool { return rendition.IsRightToLeft(all) })}
	m.all.Store(&all)
	return m, nil
}

// list returns the messages as they are now. It must not be changed.
func (m *messages) list() []archive.Message { return *m.all.Load() }

func (m *messages) len() int { return len(m.list()) }

// simplify makes a message go out in another form from now on. changed is false if it
// does already.
func (m *messages) simplify(position int, instead replacement) (changed bool) {
	m.changing.Lock()
	defer m.changing.Unlock()
	all := slices.Clone(m.list())
	set := func(refused *string, is bool) {
		if is && *refused == "" {
			*refused = string(instead.reason)
			changed = true
		}
	}
	set(&all[position].Bare, instead.form.Bare)
	set(&all[position].Refused, instead.form.Plain)
	set(&all[0].CompactRefused, instead.sections)
	m.all.Store(&all)
	return changed
}

// refuseRich makes a message, or all of them, go out as in the sections layout from
// now on. changed is false if they do already.
func (m *messages) refuseRich(position int, reason string) (changed bool) {
	m.changing.Lock()
	defer m.changing.Unlock()
	all := slices.Clone(m.list())
	for i := range all {
		meant := i == position || position == archive.AllMessages
		if meant && all[i].Rich != "" && all[i].RichRefused == "" {
			all[i].RichRefused = reason
			changed = true
		}
	}
	m.all.Store(&all)
	return changed
}
