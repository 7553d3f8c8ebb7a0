// Package sourcing shows admins how the sources of issues stand, looks at one when they
// want that, and makes the issue of a feed before it is due.
package sourcing

import (
	"context"
	"errors"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake"
)

// Watch is what is done with the sources, see intake.Sources.
type Watch interface {
	Standings(ctx context.Context) ([]intake.Standing, error)
	LookAt(ctx context.Context, source int64) error
	GatherNow(ctx context.Context, source int64, by subscribers.Actor) (archive.Issue, error)
}

// Sourcing answers admins about sources. Its methods are safe for concurrent use.
type Sourcing struct {
	*talk.Talker
	config Config
	jobs   chan func(ctx context.Context) // for Serve
}

// Config says what Sourcing works with, besides a Talker.
type Config struct {
	// Watch returns the sources; nil: there are none.
	Watch func() Watch
	// NextLook returns when all sources are looked at after a time; nil, or the zero time,
	// when that is unknown.
	NextLook func(after time.Time) time.Time
}

// New returns Sourcing.
func New(talker *talk.Talker, config Config) *Sourcing {
	return &Sourcing{Talker: talker, config: config, jobs: make(chan func(context.Context))}
}

// Serve does what admins want of sources, until ctx is done. It is apart from the answers to
// what they write, because a source may take minutes.
func (s *Sourcing) Serve(ctx context.Context) {
	var workers sync.WaitGroup
	defer workers.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case job := <-s.jobs:
			workers.Go(func() { job(sender.ForAdmin(ctx)) })
		}
	}
}

// lookTimeout bounds how long an admin waits for a source.
const lookTimeout = 2 * time.Minute

// Sources shows how the sources stand.
func (s *Sourcing) Sources(ctx context.Context, v talk.Visit, _ string) error {
	text, k, err := s.view(ctx, v.Speaker, 0, "")
	if err == nil {
		s.Say(ctx, v, text, k)
	}
	return err
}

// PressSources shows a page of the sources as they stand now.
func (s *Sourcing) PressSources(_ context.Context, p talk.Press) (talk.Reply, error) {
	return s.pageReply(p, p.Numbers[0], ""), nil
}

// pageReply shows a page of the sources below what has just been done.
func (s *Sourcing) pageReply(p talk.Press, page int64, done string) talk.Reply {
	return s.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return s.view(ctx, p.Speaker, page, done)
	})
}

// PressLookAt looks at a source, and then shows how it stands.
func (s *Sourcing) PressLookAt(ctx context.Context, p talk.Press) (talk.Reply, error) {
	one, why, err := s.find(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	return s.working(p, func(ctx context.Context) (string, error) {
		err := s.config.Watch().LookAt(ctx, one.ID)
		if !errors.Is(err, intake.ErrBusy) {
			s.noteLook(ctx, p, one)
		}
		return s.lookedText(p.Speaker, one, err), nil
	}), nil
}

// noteLook keeps in the audit that an admin had a source looked at, which changes nothing by
// itself.
func (s *Sourcing) noteLook(ctx context.Context, p talk.Press, one intake.Standing) {
	err := s.Store.Audit(context.WithoutCancel(ctx), subscribers.AuditEntry{
		By: p.Actor(), Deed: subscribers.DeedLook, Facts: subscribers.Facts{From: one.Line.Called()},
	})
	if err != nil {
		s.Log.Error("a look at a source is not in the audit", "source", one.Line.Called(), "err", err)
	}
}

// PressGather makes the issue of a feed now.
func (s *Sourcing) PressGather(ctx context.Context, p talk.Press) (talk.Reply, error) {
	one, why, err := s.find(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	return s.working(p, func(ctx context.Context) (string, error) {
		issue, err := s.config.Watch().GatherNow(ctx, one.ID, p.Actor())
		return s.gatheredText(ctx, p.Speaker, one, issue, err)
	}), nil
}

// working answers a press at once, has the work done, and then shows the sources.
func (s *Sourcing) working(p talk.Press, work func(ctx context.Context) (done string, err error)) talk.Reply {
	job := func(ctx context.Context) {
		limited, cancel := context.WithTimeout(ctx, lookTimeout)
		defer cancel()
		done, err := work(limited)
		if err != nil {
			s.SayFailure(ctx, p.Visit, err)
			return
		}
		s.Screens.Show(ctx, p.Place(), func(ctx context.Context) {
			text, k, err := s.view(ctx, p.Speaker, p.Numbers[1], done)
			if err != nil {
				s.SayFailure(ctx, p.Visit, err)
				return
			}
			s.Show(ctx, p, text, k)
		})
	}
	return talk.Reply{Popup: p.Plain("sources.looking"), Then: func(ctx context.Context) error {
		select {
		case s.jobs <- job:
		case <-ctx.Done(): // stopping
		}
		return nil
	}}
}

// find returns the source that a press is about. A reply that is final says why nothing is
// to be done: it is not there any more, or being looked at.
func (s *Sourcing) find(ctx context.Context, p talk.Press) (intake.Standing, talk.Reply, error) {
	all, err := s.standings(ctx)
	if err != nil {
		return intake.Standing{}, talk.Reply{}, err
	}
	for _, one := range all {
		switch {
		case one.ID == 0 || one.ID != p.Numbers[0]:
		case p.Action == talk.ActGather && !one.Line.Digest:
			return one, talk.OutOfDateReply(p), nil
		case one.IsBusy:
			return one, talk.Reply{Popup: p.Plain("sources.busy"), Alert: true}, nil
		default:
			return one, talk.Reply{}, nil
		}
	}
	return intake.Standing{}, talk.OutOfDateReply(p), nil
}

func (s *Sourcing) standings(ctx context.Context) ([]intake.Standing, error) {
	if s.config.Watch == nil {
		return nil, nil
	}
	return s.config.Watch().Standings(ctx)
}

// lookedText says what became of a look.
func (s *Sourcing) lookedText(speaker talk.Speaker, one intake.Standing, err error) string {
	name := talk.Values{"Source": one.Line.Called()}
	switch wait, wanted := errors.AsType[*intake.WaitError](err); {
	case err == nil:
		return speaker.HTML("sources.looked_now", name)
	case wanted:
		return speaker.HTML("sources.not_yet", name, talk.Values{"When": speaker.Moment(wait.Until)})
	case errors.Is(err, intake.ErrBusy):
		return speaker.HTML("sources.busy")
	}
	return speaker.HTML("sources.failed_now", name, talk.Values{"Error": s.InShort(talk.OfSource(one.Line.Called(), err))})
}

// gatheredText says which issue was made.
func (s *Sourcing) gatheredText(ctx context.Context, speaker talk.Speaker, one intake.Standing, issue archive.Issue, err error) (string, error) {
	name := talk.Values{"Source": one.Line.Called()}
	switch {
	case errors.Is(err, intake.ErrNothingNew):
		return speaker.HTML("sources.nothing_new", name), nil
	case errors.Is(err, intake.ErrBusy):
		return speaker.HTML("sources.busy"), nil
	case err != nil:
		s.Log.Error("no issue was made of the entries of a source", "source", one.Line.Called(), "err", err)
		return speaker.HTML("sources.failed_now", name, talk.Values{"Error": s.InShort(talk.OfSource(one.Line.Called(), err))}), nil
	}
	if issue, err = s.Store.Issue(ctx, issue.ID); err != nil {
		return "", err
	}
	what := talk.Values{"Issue": talk.IssueName(speaker, issue)}
	next := ""
	switch at := s.NextBroadcast(); {
	case issue.Held:
		next = speaker.HTML("hold.line", what)
	case at.IsZero():
		next = speaker.HTML("hold.no_next")
	default:
		next = speaker.HTML("hold.next", talk.Values{"When": speaker.Moment(at)})
	}
	return talk.Lines(speaker.HTML("sources.made", what), next), nil
}
