package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"digestbot/bot/talk"
)

// sources remembers what was wrong with each source, by line.
type sources struct {
	mu    sync.Mutex
	lines map[string][]string
}

// divide returns the lines of an error that are new, and those that the source's last
// error had as well.
func (s *sources) divide(source string, err error) (fresh, lasting []string) {
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

// SourceChecked tells admins what is wrong with a source and its documents, one line
// each, new lines first; nil: nothing is. Only a new line makes it tell them again. It
// also tells them of issues that wait for their decision.
func (n *notices) SourceChecked(_ context.Context, source string, err error) {
	n.outbox.enqueue(n.tellUndecided)
	key := troubleSource + source
	fresh, lasting := n.sources.divide(source, err)
	if err == nil {
		n.EndTrouble(key)
		return
	}
	text := n.InShort(talk.OfSource(source, errors.New(strings.Join(append(fresh, lasting...), "\n"))))
	n.BeginTrouble(key, Trouble{
		Begins: func(s talk.Speaker) string {
			return s.HTML("notice.source", talk.Values{"Source": source, "Error": text})
		},
		Ends: func(s talk.Speaker, _ time.Time) string {
			return s.HTML("notice.source_fine", talk.Values{"Source": source})
		},
		Quietly: len(fresh) == 0,
	})
}

// SourceRecovered tells admins of a source that answers again, if they were told that it
// does not before the bot was started.
func (n *notices) SourceRecovered(source string) {
	n.outbox.enqueue(func(ctx context.Context) {
		n.EachAdmin(ctx, func(v talk.Visit) { n.Say(ctx, v, v.HTML("notice.source_fine", talk.Values{"Source": source}), nil) })
	})
}
