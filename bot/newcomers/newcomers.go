// Package newcomers greets whom an import has brought and wants greeted: once each, in the
// lane of deliveries, and over restarts. Another program writes down who they are, see
// package [digestbot/subscribers/roster].
package newcomers

import (
	"context"
	"errors"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/roster"
)

// Newcomers greets. Run is called once.
type Newcomers struct {
	*talk.Talker
	view func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error)
}

// New returns Newcomers. view is what a newcomer is told.
func New(talker *talk.Talker, view func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error)) *Newcomers {
	return &Newcomers{Talker: talker, view: view}
}

const (
	// lookEvery is how often to look for newcomers, and when to try those again who were
	// put off.
	lookEvery = time.Minute
	// atOnce bounds the greetings that wait for their slots at the same time.
	atOnce = 64
)

// Run greets until ctx is done. Greetings that are on their way then are waited for.
func (n *Newcomers) Run(ctx context.Context) {
	cut, err := roster.EndBegunGreetings(ctx, n.Store)
	if cut > 0 {
		n.Log.Warn("the last run was cut off: some who were imported may have been greeted, and are not again", "subscribers", cut)
	}
	if err != nil && ctx.Err() == nil {
		n.Log.Error("greetings that were cut off cannot be looked up", "err", err)
	}
	var nobody int64 // the version of the database in which nobody is due; 0: none is known
	for ctx.Err() == nil {
		if nobody, err = n.look(ctx, nobody); err != nil && ctx.Err() == nil {
			n.Log.Error("whom an import has brought is not greeted now", "err", err)
		}
		if sender.Sleep(ctx, lookEvery) != nil {
			return
		}
	}
}

// look greets everybody who is due. Nobody is in the version nobody of the database, and
// look returns the newest such version; 0: none is known.
func (n *Newcomers) look(ctx context.Context, nobody int64) (int64, error) {
	version, err := n.Store.Version(ctx) // before it is read
	if err != nil || version == nobody {
		return nobody, err
	}
	found, err := n.greetAll(ctx)
	if err != nil || found {
		return 0, err
	}
	return version, nil
}

// greetAll greets everybody who is due, some at the same time. found is true if there was
// somebody, greeted or not.
func (n *Newcomers) greetAll(ctx context.Context) (found bool, err error) {
	var greeting sync.WaitGroup
	defer greeting.Wait()
	places := make(chan struct{}, atOnce)
	for after := int64(0); ; {
		due, err := roster.GreetingsDue(ctx, n.Store, after, atOnce)
		if err != nil || len(due) == 0 {
			return found, err
		}
		found = true
		for _, id := range due {
			after = id
			select {
			case places <- struct{}{}:
			case <-ctx.Done():
				return found, ctx.Err()
			}
			greeting.Go(func() {
				defer func() { <-places }()
				n.note(ctx, id, n.greet(ctx, id))
			})
		}
	}
}

// note logs that somebody was not greeted.
func (n *Newcomers) note(ctx context.Context, subscriber int64, err error) {
	if err != nil && ctx.Err() == nil && !errors.Is(err, sender.ErrFatal) && !errors.Is(err, errNotDue) {
		n.Log.Warn("a greeting was not sent", "subscriber", subscriber, "err", err)
	}
}

// errNotDue keeps a greeting from leaving: the subscriber has left meanwhile.
var errNotDue = errors.New("it is not due any more")

// greet greets one subscriber.
func (n *Newcomers) greet(ctx context.Context, id int64) error {
	to, err := n.Store.Recipient(ctx, id)
	if errors.Is(err, subscribers.ErrNotFound) { // it was forgotten
		return nil
	}
	if err != nil {
		return err
	}
	if to.State != subscribers.On || to.IsPaused(time.Now()) {
		return roster.EndGreeting(ctx, n.Store, id, false)
	}
	v := talk.Visit{Sub: to.Subscriber, Thread: to.Thread, Speaker: n.SpeakerTo(to.Subscriber, "")}
	text, k, err := n.view(ctx, v)
	if err != nil {
		return err
	}
	r, err := n.send(ctx, v, text, k)
	if err != nil {
		return err
	}
	return n.conclude(context.WithoutCancel(ctx), to.Subscriber, r)
}

// send sends a greeting once there is a slot for it. If its topic is gone, it goes to the
// group.
func (n *Newcomers) send(ctx context.Context, v talk.Visit, text string, k talk.Keyboard) (r sender.Response, err error) {
	for range 2 {
		if r, err = n.sendOnce(ctx, v, text, k); err != nil || r.Kind != sender.TopicGone || v.Thread == 0 {
			break
		}
		v.Thread = 0
		if err = roster.PutOffGreeting(context.WithoutCancel(ctx), n.Store, v.Sub.ID); err != nil {
			break
		}
	}
	return r, err
}

func (n *Newcomers) sendOnce(ctx context.Context, v talk.Visit, text string, k talk.Keyboard) (r sender.Response, err error) {
	chat := v.Sub.Chat.ID
	slot, err := n.Sender.Acquire(ctx, sender.Bulk, chat, sender.Rank{Since: time.Now()})
	if err != nil {
		return r, err
	}
	defer slot.End()
	if err := ctx.Err(); err != nil {
		return r, err
	}
	left := false
	slot.Before = func() error {
		ok, err := roster.BeginGreeting(context.WithoutCancel(ctx), n.Store, v.Sub.ID)
		if err == nil && !ok {
			err = errNotDue
		}
		left = err == nil
		return err
	}
	params := n.SendParams(v, text, k)
	params.DisableNotification = v.Sub.Silent
	cause := slot.Call(ctx, func(ctx context.Context) error {
		_, err := n.API.SendMessage(ctx, params)
		return err
	})
	if slot.Err != nil {
		return r, slot.Err
	}
	r = sender.Classify(cause)
	if !left {
		r = r.Unsent()
	}
	var retries sender.Retries // of a single try
	n.Sender.Learn(ctx, chat, &retries, r, cause)
	if r.Kind != sender.Sent && r.Kind != sender.Gone && cause != nil {
		n.Log.Warn("a greeting did not arrive", "chat", chat, "err", cause)
	}
	return r, nil
}

// conclude notes what became of a greeting, as a delivery would.
func (n *Newcomers) conclude(ctx context.Context, to subscribers.Subscriber, r sender.Response) error {
	var err error
	switch r.Kind {
	case sender.Sent:
		return roster.EndGreeting(ctx, n.Store, to.ID, true)
	case sender.Wait, sender.Down, sender.Unauthorized, sender.Conflict:
		return roster.PutOffGreeting(ctx, n.Store, to.ID)
	case sender.Moved:
		if err := n.Sender.NoteMove(ctx, to.Chat.ID, r.MovedTo); err != nil {
			return err
		}
		return roster.PutOffGreeting(ctx, n.Store, to.ID)
	case sender.Gone:
		err = n.Store.MarkGone(ctx, to.Chat.ID, r.Reason)
	case sender.NotAllowed:
		_, err = n.Store.MarkRefused(ctx, to.ID, r.Reason)
	}
	return errors.Join(err, roster.EndGreeting(ctx, n.Store, to.ID, false))
}
