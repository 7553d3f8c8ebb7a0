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

// ofSource begins the keys of troubles with sources.
const ofSource = "source "

// sources remembers what was wrong with which source, by line.
type sources struct {
	mu    sync.Mutex
	lines map[string][]string
}

// sort divides the lines of an error into those that are new and those that were
// in the error before.
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

// SourceChecked tells admins all that is wrong with a source and its documents, one
// line each, what is new first; nil: nothing is. They are told anew when there is a
// line that was not there before.
// It also tells them what to decide about issues that were found.
func (n *notices) SourceChecked(_ context.Context, source string, err error) {
	n.outbox.later(n.tellUndecided)
	key := ofSource + source
	fresh, lasting := n.sources.divide(source, err)
	if err == nil {
		n.TroubleEnds(key)
		return
	}
	text := n.InShort(errors.New(strings.Join(append(fresh, lasting...), "\n")))
	n.TroubleBegins(key, Condition{
		Begins: func(s talk.Speaker) string {
			return s.HTML("notice.source", talk.Values{"Source": source, "Error": text})
		},
		Ends: func(s talk.Speaker, _ time.Time) string {
			return s.HTML("notice.source_fine", talk.Values{"Source": source})
		},
		Quietly: len(fresh) == 0,
	})
}
