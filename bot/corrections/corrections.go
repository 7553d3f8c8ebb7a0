// Package corrections is what admins see of corrections and recalls: what changed in an
// issue that was sent, the question whether to change what arrived, and how that goes. It
// answers in the conversation of package talk; bot/revision does the work.
package corrections

import (
	"context"
	"errors"
	"sync"
	"time"

	"digestbot/bot/revision"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Corrections answers admins. Its methods are safe for concurrent use.
type Corrections struct {
	*talk.Talker
	Reviser *revision.Reviser // set before Serve
	// WakeBroadcasts is called when a recall has cancelled broadcasts; set before Serve.
	WakeBroadcasts func()
	config         Config

	mu       sync.Mutex
	watchers map[talk.Place]watcher
	wake     chan struct{} // room for one: there is something to watch
}

// watcher is a report that is kept up to date.
type watcher struct {
	talk.Speaker
	revision int64
	shown    string
}

// Config says what Corrections works with, besides a Talker. All is required.
type Config struct {
	Rate int // messages per second for the whole bot
	// Enqueue has a notice given after the others.
	Enqueue func(tell func(context.Context))
	// EachAdmin calls f with a visit to every admin.
	EachAdmin func(ctx context.Context, f func(v talk.Visit))
	// PauseReason puts into words why the program paused something, and Reason a reason in the books.
	PauseReason func(s talk.Speaker, why subscribers.PauseReason) string
	Reason      func(s talk.Speaker, why subscribers.Reason) string
}

// New returns Corrections.
func New(talker *talk.Talker, config Config) *Corrections {
	return &Corrections{Talker: talker, config: config, watchers: make(map[talk.Place]watcher), wake: make(chan struct{}, 1)}
}

// Line returns what stands in place of a message that a correction left over.
func (c *Corrections) Line(to subscribers.Subscriber, vanished bool) string {
	s := c.SpeakerTo(to, "")
	if vanished {
		return s.Plain("correction.taken_out")
	}
	return s.Plain("correction.see_above")
}

// Announce tells admins what changed in an issue that has another text now, and asks
// whether to change what has arrived of it, if anything has.
func (c *Corrections) Announce(_ context.Context, issue int64) {
	c.config.Enqueue(func(ctx context.Context) {
		if err := c.announce(ctx, issue); err != nil && ctx.Err() == nil {
			c.Log.Error("admins are not told of a correction", "issue", issue, "err", err)
		}
	})
}

func (c *Corrections) announce(ctx context.Context, id int64) error {
	issue, err := c.Store.Issue(ctx, id)
	if err != nil || issue.Withdrawn || issue.Edition < 2 {
		return err
	}
	sent, err := c.Store.OutdatedEdition(ctx, issue)
	if err != nil || sent == 0 {
		return err
	}
	readers, messages, err := c.Store.CountArrived(ctx, id)
	if err != nil {
		return err
	}
	before, err := c.Store.Messages(ctx, id, sent)
	if err != nil {
		return err
	}
	after, err := c.Store.Messages(ctx, id, issue.Edition)
	if err != nil {
		return err
	}
	content, err := c.Store.Content(ctx, issue)
	if err != nil {
		return err
	}
	changes, warnings := compare(before, after), content.Check(time.Now())
	c.config.EachAdmin(ctx, func(v talk.Visit) {
		said := c.extent(v.Speaker, readers, messages, messages)
		said["Issue"] = talk.IssueName(v.Speaker, issue)
		c.Say(ctx, v, talk.Paragraphs(v.HTML("correction.found", said),
			changes.text(v.Speaker), talk.WarningLines(v.Speaker, warnings), v.HTML("correction.ask", said)), talk.Keyboard{
			talk.Row(talk.Button(v.Plain("button.correct"), talk.ActCorrect, id, int64(issue.Edition))),
			talk.Row(talk.Button(v.Plain("button.dont_correct"), talk.ActDontCorrect, id, int64(issue.Edition))),
		})
	})
	return nil
}

// extent is what a question says of who has an issue, and of how long that many requests take.
func (c *Corrections) extent(s talk.Speaker, readers, messages, requests int) talk.Values {
	return talk.Values{
		"Subscribers": s.Plain("count.subscribers", talk.Values{"Count": readers}),
		"Messages":    s.Plain("count.messages", talk.Values{"Count": messages}),
		"Duration":    s.Duration(time.Duration(max(requests/c.config.Rate, 1)) * time.Second),
	}
}

// PressCorrect starts the correction of what has arrived of an issue.
func (c *Corrections) PressCorrect(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := c.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	switch {
	case issue.Withdrawn:
		return talk.WithdrawnReply(p), nil
	case int64(issue.Edition) != p.Numbers[1]:
		return talk.Reply{Popup: p.Plain("correction.newer"), Alert: true}, nil
	}
	id, err := c.settled(ctx, issue)
	switch {
	case err != nil:
		return talk.Reply{}, err
	case id != 0:
		return c.follow(p, id, p.Plain("correction.under_way")), nil
	}
	r, _, err := c.Store.StartCorrection(ctx, issue.ID, p.Actor())
	switch {
	case errors.Is(err, subscribers.ErrNothingToRevise):
		return talk.Reply{Popup: p.Plain("correction.nobody"), Alert: true}, nil
	case errors.Is(err, archive.ErrWithdrawn):
		return talk.WithdrawnReply(p), nil
	case err != nil:
		return talk.Reply{}, err
	}
	c.Reviser.Wake()
	return c.follow(p, r.ID, ""), nil
}

// settled returns the id of the correction to the newest edition of an issue that is under way
// or has changed all that it could; 0 if there is something left to correct.
func (c *Corrections) settled(ctx context.Context, issue archive.Issue) (id int64, err error) {
	last, err := c.Store.LastRevision(ctx, issue.ID)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		return 0, nil
	case err != nil:
		return 0, err
	case last.Kind != subscribers.Correction || last.Edition != issue.Edition || last.State == subscribers.Cancelled:
		return 0, nil
	case last.FinishedAt.IsZero():
		return last.ID, nil
	}
	books, err := c.Store.RevisionBooks(ctx, last.ID)
	if err != nil || notDone(books) != 0 {
		return 0, err
	}
	return last.ID, nil
}

// PressDontCorrect leaves what has arrived as it is.
func (c *Corrections) PressDontCorrect(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := c.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	last, err := c.Store.LastRevision(ctx, issue.ID)
	if err == nil && last.FinishedAt.IsZero() { // another admin was faster
		return c.follow(p, last.ID, p.Plain("correction.under_way")), nil
	}
	switch {
	case err != nil && !errors.Is(err, subscribers.ErrNotFound):
		return talk.Reply{}, err
	case int64(issue.Edition) != p.Numbers[1]: // its changes stand in another message
		return talk.Reply{Popup: p.Plain("correction.newer"), Alert: true}, nil
	}
	if err := c.Store.Audit(ctx, subscribers.AuditEntry{By: p.Actor(), Deed: subscribers.DeedLeave, On: subscribers.Subject{Issue: issue.ID}}); err != nil {
		return talk.Reply{}, err
	}
	return c.ShowReply(p, func(context.Context) (string, talk.Keyboard, error) {
		return p.HTML("correction.left", talk.Values{"Issue": talk.IssueName(p.Speaker, issue)}), talk.Keyboard{
			talk.Row(talk.Button(p.Plain("button.correct"), talk.ActCorrect, issue.ID, int64(issue.Edition))),
		}, nil
	}), nil
}
