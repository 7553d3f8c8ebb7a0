// Package drafts is how issues come to readers by the hand of an admin: what admins send
// to the bot becomes a draft, which they look at, change, keep or send; and an issue that
// was found in a source may wait for their approval.
package drafts

import (
	"context"
	"errors"
	"slices"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Drafts does what admins ask for about drafts and issues that wait for approval. Its
// methods are safe for concurrent use.
type Drafts struct {
	*talk.Talker
	config  Config
	albums  *talk.Memory[string, int] // how many files of each came
	showing talk.KeyedLock            // by chat: messages of two previews do not mix
	wake    chan struct{}             // room for one: there is something to tell
}

// Config says what Drafts work with, besides a Talker.
type Config struct {
	Layout digest.Layout // of the preview: that of readers who chose none
	Rate   int           // messages per second for the whole bot
	HTTP   tg.HttpClient // gets files from the Bot API server
	// Fetch gets a document from the web, and returns its name; nil: nothing is fetched.
	Fetch func(ctx context.Context, address string) (name string, data []byte, err error)
	// EachAdmin calls f with a visit to every admin.
	EachAdmin func(ctx context.Context, f func(v talk.Visit))
	// AskSend asks whether to broadcast the issue whose id is the number of the press.
	AskSend func(ctx context.Context, p talk.Press) (talk.Reply, error)
	// Corrected is told of an issue that has another text now; nil: nobody is, and admins
	// only hear that it has changed.
	Corrected func(ctx context.Context, issue int64)
	// MoreComing reports whether a later message of the chat waits to be handled.
	MoreComing func(ctx context.Context, m *models.Message) bool
	// IsFiring reports whether a run of the schedule is under way, which is no more the next
	// one; nil: it never is.
	IsFiring func() bool
}

// maxAlbums bounds the albums remembered, for an hour.
const maxAlbums = 1000

// New returns Drafts.
func New(talker *talk.Talker, config Config) *Drafts {
	return &Drafts{Talker: talker, config: config, albums: talk.NewMemory[string, int](maxAlbums, time.Hour), wake: make(chan struct{}, 1)}
}

// look wakes Serve.
func (d *Drafts) look() {
	select {
	case d.wake <- struct{}{}:
	default: // it is woken already
	}
}

// PressApprove lets readers have an issue that was held.
func (d *Drafts) PressApprove(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, changed, err := d.Store.ApproveIssue(ctx, p.Numbers[0], int(p.Numbers[1]), p.Actor())
	switch {
	case errors.Is(err, subscribers.ErrChanged): // what was seen is not what would go out
		return talk.Reply{Popup: p.Plain("hold.changed"), Alert: true, Then: func(ctx context.Context) error {
			return d.SayView(ctx, p.Visit, func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
				return d.view(ctx, v.Speaker, anIssue, p.Numbers[0])
			})
		}}, nil
	case err != nil:
		return talk.MissingReply(p, err)
	case issue.Withdrawn:
		return talk.WithdrawnReply(p), nil
	case !changed:
		return talk.Reply{Popup: p.Plain("hold.was"), Alert: true}, nil
	}
	return talk.Reply{Popup: p.Plain("hold.popup"), Then: func(ctx context.Context) error {
		what, err := d.prospect(ctx, p.Speaker, issue)
		if err != nil {
			return err
		}
		text := talk.Paragraphs(p.HTML("hold.approved", talk.Values{"Issue": talk.IssueName(p.Speaker, issue)}), what)
		d.Say(ctx, p.Visit, text, sendKeyboard(p.Speaker, issue))
		return nil
	}}, nil
}

// sendKeyboard has the button that asks whether to send an issue.
func sendKeyboard(s talk.Speaker, issue archive.Issue) talk.Keyboard {
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.ask_send"), talk.ActAskAhead, issue.ID))}
}

// prospect says when an issue that readers may have will go out.
func (d *Drafts) prospect(ctx context.Context, s talk.Speaker, issue archive.Issue) (string, error) {
	if issue.IsAhead() {
		return s.HTML("ahead.from", talk.Values{"From": s.Date(digest.ShownFrom(issue.Date))}), nil
	}
	newest, err := d.Store.NewestIssue(ctx)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return "", err
	}
	if newest.ID != issue.ID {
		return s.HTML("hold.older", talk.Values{"Newest": talk.IssueName(s, newest)}), nil
	}
	had, err := d.Store.HadItsTurn(ctx, issue.ID)
	if err != nil {
		return "", err
	}
	was, err := d.Store.WasBroadcast(ctx, issue.ID)
	if err != nil {
		return "", err
	}
	isNow, err := d.goesOutNow(ctx, issue, had)
	if err != nil {
		return "", err
	}
	at := d.NextBroadcast()
	switch {
	case isNow:
		return s.HTML("hold.now"), nil
	case was:
		return s.HTML("hold.sent"), nil
	case had:
		return s.HTML("hold.archive"), nil
	case at.IsZero():
		return s.HTML("hold.no_next"), nil
	}
	return s.HTML("hold.next", talk.Values{"When": s.Moment(at)}), nil
}

// goesOutNow reports whether the newest issue is being sent, or is what a run of the schedule
// that is under way will send: that run looks for issues first.
func (d *Drafts) goesOutNow(ctx context.Context, issue archive.Issue, had bool) (bool, error) {
	if !had {
		return d.config.IsFiring != nil && d.config.IsFiring(), nil
	}
	unfinished, err := d.Store.UnfinishedBroadcasts(ctx)
	return slices.ContainsFunc(unfinished, func(b subscribers.Broadcast) bool { return b.IssueID == issue.ID && b.State == subscribers.Running }), err
}
