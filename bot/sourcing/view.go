package sourcing

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
)

// perPage is how many sources stand on a page: with what is wrong with each, a message
// has room for these.
const perPage = 5

// nameUnits is the longest name of a source on a button, in UTF-16 code units.
const nameUnits = 24

// view shows a page of the sources, below what has just been done; empty: nothing.
func (s *Sourcing) view(ctx context.Context, speaker talk.Speaker, page int64, done string) (string, talk.Keyboard, error) {
	all, err := s.standings(ctx)
	if err != nil {
		return "", nil, err
	}
	if len(all) == 0 {
		return speaker.HTML("sources.none"), nil, nil
	}
	at, pages := talk.NearestPage(max(page, 0), len(all), perPage)
	shown := all[at*perPage : min((at+1)*perPage, len(all))]
	texts := []string{done, speaker.HTML("sources.title", talk.Values{"Count": len(all)})}
	var k talk.Keyboard
	names := labels(all)[at*perPage:]
	for i, one := range shown {
		text, err := s.standingText(ctx, speaker, one)
		if err != nil {
			return "", nil, err
		}
		texts = append(texts, text)
		k = append(k, buttons(speaker, one, names[i], at)...)
	}
	k = append(k, talk.Pager(at, pages, talk.ActSources)...)
	if pages == 1 {
		k = append(k, talk.Row(talk.Button(speaker.Plain("button.refresh"), talk.ActSources, 0)))
	}
	return talk.Paragraphs(texts...), k, nil
}

// labels returns the names of sources for buttons: short ones, but of those that would be
// called the same, such as two feeds of one site, the end of the folder or address.
func labels(all []intake.Standing) []string {
	count := map[string]int{}
	for _, one := range all {
		count[one.Line.Short()]++
	}
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = talk.Label(one.Line.Short(), nameUnits)
		if count[one.Line.Short()] > 1 {
			names[i] = talk.LabelOfEnd(one.Line.Called(), nameUnits)
		}
	}
	return names
}

func buttons(s talk.Speaker, one intake.Standing, label string, page int) (k talk.Keyboard) {
	if one.ID == 0 {
		return nil // there is nothing to look at before the first look
	}
	name := talk.Values{"Source": label}
	k = append(k, talk.Row(talk.Button(s.Plain("button.look_at", name), talk.ActLookAt, one.ID, int64(page))))
	if one.Line.Digest && one.Waiting > 0 {
		k = append(k, talk.Row(talk.Button(s.Plain("button.gather", name), talk.ActGather, one.ID, int64(page))))
	}
	return k
}

// standingText says how one source stands.
func (s *Sourcing) standingText(ctx context.Context, speaker talk.Speaker, one intake.Standing) (string, error) {
	last, err := s.lastIssue(ctx, speaker, one)
	if err != nil {
		return "", err
	}
	return talk.Lines(
		speaker.HTML("sources.name", talk.Values{"Mark": mark(one), "Source": one.Line.Called()}),
		lookedLine(speaker, one), s.faultLine(speaker, one), last, waitingLine(speaker, one), s.nextLine(speaker, one),
	), nil
}

// mark shows at a glance how a source is.
func mark(one intake.Standing) string {
	switch {
	case one.IsBusy:
		return "🔄"
	case one.Looked.IsZero():
		return "⏳"
	case one.Fault != "":
		return "⚠️"
	}
	return "✅"
}

func lookedLine(s talk.Speaker, one intake.Standing) string {
	switch {
	case one.IsBusy:
		return s.HTML("sources.busy")
	case one.Looked.IsZero():
		return s.HTML("sources.never")
	case one.Failures > 0 && one.Succeeded.IsZero():
		return s.HTML("sources.never_answered", talk.Values{"When": s.Moment(one.Looked)})
	case one.Failures > 0:
		return s.HTML("sources.answered", talk.Values{"When": s.Moment(one.Succeeded)})
	}
	return s.HTML("sources.looked", talk.Values{"When": s.Moment(one.Looked)})
}

// faultLine says what is wrong, with the cure that the error has.
func (s *Sourcing) faultLine(speaker talk.Speaker, one intake.Standing) string {
	if one.Fault == "" {
		return ""
	}
	failures := ""
	if one.Failures > 1 {
		failures = speaker.HTML("sources.failures", talk.Values{"Count": one.Failures})
	}
	return talk.Lines(speaker.HTML("sources.fault", talk.Values{"Error": s.InShort(talk.OfSource(one.Line.Called(), errors.New(one.Fault)))}), failures)
}

func (s *Sourcing) lastIssue(ctx context.Context, speaker talk.Speaker, one intake.Standing) (string, error) {
	if one.Issue == 0 {
		return "", nil
	}
	issue, err := s.Store.Issue(ctx, one.Issue)
	if errors.Is(err, subscribers.ErrNotFound) {
		return "", nil
	}
	return speaker.HTML("sources.last", talk.Values{"Issue": talk.IssueName(speaker, issue)}), err
}

func waitingLine(s talk.Speaker, one intake.Standing) string {
	if !one.Line.Digest || one.Begun.IsZero() {
		return ""
	}
	return s.HTML("sources.waiting", talk.Values{"Count": one.Waiting})
}

// nextLine says when the source is looked at next.
func (s *Sourcing) nextLine(speaker talk.Speaker, one intake.Standing) string {
	if s.config.NextLook == nil {
		return ""
	}
	from := time.Now()
	for _, wait := range []time.Time{one.Retry, one.WaitUntil} {
		if wait.After(from) {
			from = wait.Add(-time.Second)
		}
	}
	next := s.config.NextLook(from)
	if next.IsZero() {
		return ""
	}
	if one.WaitUntil.After(time.Now()) {
		return speaker.HTML("sources.server_waits", talk.Values{"When": speaker.Moment(next)})
	}
	return speaker.HTML("sources.next", talk.Values{"When": speaker.Moment(next)})
}
