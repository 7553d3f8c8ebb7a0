package reader

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// where is the keyboard a pause is chosen on, in the data of its buttons.
type where int64

const (
	onItsOwn   where = iota // the answer to /pause
	inSettings              // a page of /settings
	onLeaving               // the answer to /unsubscribe: the chat is subscribed again
)

// pauseWeeks are the usual pauses.
var pauseWeeks = []int{1, 2, 4}

// Pause pauses for as long as its argument says, and without one offers the
// usual pauses, or the end of the one there is.
func (r *choices) Pause(ctx context.Context, v talk.Visit, args string) error {
	if v.Sub.State != subscribers.On {
		r.Say(ctx, v, v.HTML("unsubscribe.already"), nil)
		return nil
	}
	if args == "" {
		text, k := r.pauseView(onItsOwn)(v)
		r.Say(ctx, v, text, k)
		return nil
	}
	days, ok := parseSpan(args)
	if !ok {
		_, k := offerPauses(v, onItsOwn)
		r.Say(ctx, v, v.HTML("pausing.not_understood"), k)
		return nil
	}
	if err := r.Store.Pause(ctx, v.Sub.ID, pauseEnd(days)); err != nil {
		return err
	}
	r.pauses.look()
	v, err := r.Refreshed(ctx, v)
	if err != nil {
		return err
	}
	text, k := r.pauseView(onItsOwn)(v)
	r.Say(ctx, v, text, k)
	return nil
}

// pauseEnd is when a pause is over that begins now. Whole minutes are what
// people are told; rounded up, a week's pause right after an issue covers the
// next one.
func pauseEnd(days int) time.Time {
	return time.Now().Add(time.Duration(days)*24*time.Hour + time.Minute - 1).Truncate(time.Minute)
}

// pauseView shows the pause there is, or offers the usual ones.
func (r *choices) pauseView(at where) talk.View {
	return func(v talk.Visit) (string, talk.Keyboard) {
		if v.Sub.State != subscribers.On || !v.Sub.IsPaused(time.Now()) {
			return offerPauses(v, at)
		}
		k := talk.Keyboard{talk.Row(talk.Button(v.Plain("button.resume_now"), talk.ActResumeNow, int64(at)))}
		if at == inSettings {
			k = append(k, backRow(v))
		}
		return v.HTML("pausing.until", talk.Values{"When": v.Moment(v.Sub.PausedUntil)}), k
	}
}

func offerPauses(v talk.Visit, at where) (string, talk.Keyboard) {
	var usual []models.InlineKeyboardButton
	for _, weeks := range pauseWeeks {
		usual = append(usual, talk.Button(v.Plain("count.weeks", talk.Values{"Count": weeks}), talk.ActPauseFor, int64(7*weeks), int64(at)))
	}
	var out []models.InlineKeyboardButton
	switch at {
	case inSettings:
		out = backRow(v)
	case onLeaving:
		out = talk.Row(talk.Button(v.Plain("button.back"), talk.ActFarewell))
	default:
		out = talk.Row(talk.Button(v.Plain("button.no_pause"), talk.ActResumeNow, int64(at)))
	}
	return v.HTML("pausing.ask"), talk.Keyboard{usual, out}
}

// pauseButton leads to pauses, or out of the one there is.
func (r *choices) pauseButton(v talk.Visit, at where) models.InlineKeyboardButton {
	if v.Sub.IsPaused(time.Now()) {
		return talk.Button(v.Plain("button.resume_now"), talk.ActResumeNow, int64(at))
	}
	return talk.Button(v.Plain("button.take_a_break"), talk.ActPauses, int64(at))
}

// PressPauses shows how long a pause can be.
func (r *choices) PressPauses(_ context.Context, p talk.Press) (talk.Reply, error) {
	at := where(p.Numbers[0])
	switch {
	case at > onLeaving:
		return talk.OutOfDate(p), nil
	case at != onLeaving && p.Sub.State != subscribers.On:
		return talk.Reply{Notice: p.Plain("press.not_subscribed"), Alert: true}, nil
	}
	return r.TurnTo(p, r.pauseView(at)), nil
}

// PressPauseFor pauses. Under the farewell it is another answer than leaving.
func (r *choices) PressPauseFor(ctx context.Context, p talk.Press) (talk.Reply, error) {
	days, at := p.Numbers[0], where(p.Numbers[1])
	if days < minPause || days > maxPause || at > onLeaving {
		return talk.OutOfDate(p), nil
	}
	if p.Sub.State != subscribers.On {
		if at != onLeaving {
			return talk.Reply{Notice: p.Plain("press.not_subscribed"), Alert: true}, nil
		}
		if _, err := switchOn(ctx, r.Store, p.Visit); err != nil {
			return talk.Reply{}, err
		}
	}
	err := r.Store.Pause(ctx, p.Sub.ID, pauseEnd(int(days)))
	r.pauses.look()
	if at == inSettings {
		return r.saved(p, err, r.settingsView)
	}
	return r.saved(p, err, r.pauseView(onItsOwn))
}

// PressResumeNow ends a pause.
func (r *choices) PressResumeNow(ctx context.Context, p talk.Press) (talk.Reply, error) {
	at := where(p.Numbers[0])
	if at > onLeaving {
		return talk.OutOfDate(p), nil
	}
	changed, err := r.Store.Resume(ctx, p.Sub.ID)
	if err != nil {
		return talk.Reply{}, err
	}
	show := r.settingsView
	if at != inSettings {
		show = r.resumedView
	}
	answer := r.TurnTo(p, show)
	if changed {
		answer.Notice = p.Plain("press.resumed")
	}
	return answer, nil
}

func (r *choices) resumedView(v talk.Visit) (string, talk.Keyboard) {
	if v.Sub.State != subscribers.On {
		return v.HTML("unsubscribe.already"), nil
	}
	return talk.Paragraphs(v.HTML("pausing.none"), r.NextLine(v.Speaker)), nil
}

// PressFarewell goes back from the pauses to what stands under a farewell.
func (r *choices) PressFarewell(_ context.Context, p talk.Press) (talk.Reply, error) {
	return r.TurnTo(p, func(v talk.Visit) (string, talk.Keyboard) {
		if v.Sub.State == subscribers.On {
			return talk.Paragraphs(v.HTML("subscribe.done"), r.NextLine(v.Speaker)), talk.WelcomeKeyboard(v.Speaker, true)
		}
		return v.HTML("unsubscribe.done"), farewellKeyboard(v.Speaker)
	}), nil
}

// pauses wakes who waits for the ends of pauses.
type pauses struct{ wake chan struct{} }

func newPauses() *pauses { return &pauses{wake: make(chan struct{}, 1)} }

// look says that there is a pause that was not known.
func (p *pauses) look() {
	select {
	case p.wake <- struct{}{}:
	default: // it will look already
	}
}

const (
	// pauseRetry is how long a chat waits that could not be told, because
	// Telegram was away.
	pauseRetry = time.Minute
	// pauseCheck is how long to believe the timer: it does not notice that the
	// machine slept.
	pauseCheck = time.Hour
	// pauseBatch bounds the chats that are told at the same time.
	pauseBatch = 64
)

// EndPauses tells every chat whose pause is over, also those whose pause ended
// while the bot was down, until ctx is done. Issues come again by themselves;
// this is about saying so.
func (r *choices) EndPauses(ctx context.Context) {
	for ctx.Err() == nil {
		wait := pauseRetry
		if all, err := r.tellEnded(ctx); err != nil {
			r.Log.Error("chats are not told that their pause is over", "err", err)
		} else if all {
			wait = r.untilNextPauseEnd(ctx)
		}
		select {
		case <-ctx.Done():
		case <-r.pauses.wake:
		case <-time.After(wait):
		}
	}
}

func (r *choices) untilNextPauseEnd(ctx context.Context) time.Duration {
	next, err := r.Store.NextPauseEnd(ctx, time.Now())
	if err != nil {
		r.Log.Error("the next end of a pause is not known", "err", err)
		return pauseRetry
	}
	if next.IsZero() {
		return pauseCheck
	}
	return min(time.Until(next), pauseCheck)
}

// tellEnded tells every chat whose pause is over. all is false when some have
// to wait because Telegram was away.
func (r *choices) tellEnded(ctx context.Context) (all bool, err error) {
	all = true
	for after := int64(0); ; {
		ended, err := r.Store.EndedPauses(ctx, time.Now(), after, pauseBatch)
		if err != nil || len(ended) == 0 {
			return all && err == nil, err
		}
		errs := make([]error, len(ended))
		var telling sync.WaitGroup
		for i, sub := range ended {
			after = sub.ID
			telling.Go(func() { errs[i] = r.tellEnd(ctx, sub) })
		}
		telling.Wait()
		if err := errors.Join(errs...); err != nil {
			all = false
			r.Log.Warn("some chats are told later that their pause is over", "err", err)
		}
		if ctx.Err() != nil {
			return false, nil
		}
	}
}

// tellEnd tells one chat, once: an error means that it certainly was not. Only
// a crash between Telegram's answer and the note of it tells it again.
func (r *choices) tellEnd(ctx context.Context, sub subscribers.Subscriber) error {
	sub, err := r.Store.Subscriber(ctx, sub.Chat.ID, sub.Thread)
	if errors.Is(err, subscribers.ErrNotFound) { // forgotten, or moved: the next look finds it
		return nil
	}
	if err != nil {
		return err
	}
	if sub.PausedUntil.IsZero() || sub.IsPaused(time.Now()) {
		return nil // resumed, or paused anew, in the meantime
	}
	if sub.State == subscribers.On {
		v := talk.Visit{Sub: sub, Thread: sub.Thread, Speaker: r.SpeakerTo(sub, "")}
		text, k, err := r.backOn(ctx, v)
		if err != nil {
			return err
		}
		if _, err := r.TrySay(ctx, v, text, k); err != nil {
			r.NoteUnsent(ctx, sub.Chat.ID, err)
			if undone(err) {
				return err
			}
		}
	}
	return r.Store.MarkPauseEndTold(context.WithoutCancel(ctx), sub)
}

// undone tells whether a message did certainly not arrive, and may another time.
func undone(err error) bool {
	switch delivery.Classify(err).Kind {
	case delivery.Moved, delivery.Wait, delivery.Later, delivery.Unauthorized, delivery.Conflict:
		return true
	}
	// A wait that ended before the request was made. One that ended while it
	// was under way is an error of the HTTP client's, and uncertain.
	var request *url.Error
	waited := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	return errors.Is(err, delivery.ErrFatal) || waited && !errors.As(err, &request)
}

// backOn is what a chat is told at the end of its pause.
func (r *choices) backOn(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	newest, err := r.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return talk.Paragraphs(v.HTML("pausing.over"), r.NextLine(v.Speaker)), nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	d, err := r.Store.Delivery(ctx, newest.ID, v.Sub.ID)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return "", nil, err
	}
	if err == nil && d.State == subscribers.Delivered { // it missed nothing
		return talk.Paragraphs(v.HTML("pausing.over"), r.NextLine(v.Speaker)), nil, nil
	}
	missed := v.HTML("pausing.newest", talk.Values{"Issue": talk.Markup(r.IssueName(v.Speaker, newest))})
	return talk.Paragraphs(v.HTML("pausing.over"), missed, r.NextLine(v.Speaker)),
		talk.Keyboard{talk.Row(talk.Button(v.Plain("button.latest"), talk.ActLatest))}, nil
}

// farewellKeyboard offers ways back to a reader who left.
func farewellKeyboard(s talk.Speaker) talk.Keyboard {
	return talk.Keyboard{
		talk.Row(talk.Button(s.Plain("button.undo"), talk.ActSubscribe), talk.Button(s.Plain("button.keep"), talk.ActKeep)),
		talk.Row(talk.Button(s.Plain("button.pause_instead"), talk.ActPauses, int64(onLeaving))),
	}
}
