package bot

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
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

// pause pauses for as long as its argument says, and without one offers the
// usual pauses, or the end of the one there is.
func (b *Reader) pause(ctx context.Context, v visit, args string) error {
	if v.sub.State != subscribers.On {
		b.say(ctx, v, v.html("unsubscribe.already"), nil)
		return nil
	}
	if args == "" {
		text, k := b.pauseView(onItsOwn)(v)
		b.say(ctx, v, text, k)
		return nil
	}
	days, ok := parseSpan(args)
	if !ok {
		_, k := offerPauses(v, onItsOwn)
		b.say(ctx, v, v.html("pausing.not_understood"), k)
		return nil
	}
	if err := b.store.Pause(ctx, v.sub.ID, pauseEnd(days)); err != nil {
		return err
	}
	b.pauses.look()
	v, err := b.refreshed(ctx, v)
	if err != nil {
		return err
	}
	text, k := b.pauseView(onItsOwn)(v)
	b.say(ctx, v, text, k)
	return nil
}

// pauseEnd is when a pause is over that begins now. Whole minutes are what
// people are told; rounded up, a week's pause right after an issue covers the
// next one.
func pauseEnd(days int) time.Time {
	return time.Now().Add(time.Duration(days)*24*time.Hour + time.Minute - 1).Truncate(time.Minute)
}

// pauseView shows the pause there is, or offers the usual ones.
func (b *Reader) pauseView(at where) view {
	return func(v visit) (string, keyboard) {
		if v.sub.State != subscribers.On || !v.sub.IsPaused(time.Now()) {
			return offerPauses(v, at)
		}
		k := keyboard{row(button(v.plain("button.resume_now"), actResumeNow, int64(at)))}
		if at == inSettings {
			k = append(k, backRow(v))
		}
		return v.html("pausing.until", values{"When": v.moment(v.sub.PausedUntil)}), k
	}
}

func offerPauses(v visit, at where) (string, keyboard) {
	var usual []models.InlineKeyboardButton
	for _, weeks := range pauseWeeks {
		usual = append(usual, button(v.plain("count.weeks", values{"Count": weeks}), actPauseFor, int64(7*weeks), int64(at)))
	}
	var out []models.InlineKeyboardButton
	switch at {
	case inSettings:
		out = backRow(v)
	case onLeaving:
		out = row(button(v.plain("button.back"), actFarewell))
	default:
		out = row(button(v.plain("button.no_pause"), actResumeNow, int64(at)))
	}
	return v.html("pausing.ask"), keyboard{usual, out}
}

// pauseButton leads to pauses, or out of the one there is.
func (b *Reader) pauseButton(v visit, at where) models.InlineKeyboardButton {
	if v.sub.IsPaused(time.Now()) {
		return button(v.plain("button.resume_now"), actResumeNow, int64(at))
	}
	return button(v.plain("button.take_a_break"), actPauses, int64(at))
}

func (b *Reader) pressPauses(_ context.Context, p press) (reply, error) {
	at := where(p.numbers[0])
	switch {
	case at > onLeaving:
		return outOfDate(p), nil
	case at != onLeaving && p.sub.State != subscribers.On:
		return reply{notice: p.plain("press.not_subscribed"), alert: true}, nil
	}
	return b.turnTo(p, b.pauseView(at)), nil
}

// pressPauseFor pauses. Under the farewell it is another answer than leaving.
func (b *Reader) pressPauseFor(ctx context.Context, p press) (reply, error) {
	days, at := p.numbers[0], where(p.numbers[1])
	if days < minPause || days > maxPause || at > onLeaving {
		return outOfDate(p), nil
	}
	if p.sub.State != subscribers.On {
		if at != onLeaving {
			return reply{notice: p.plain("press.not_subscribed"), alert: true}, nil
		}
		if _, err := b.switchOn(ctx, p.visit); err != nil {
			return reply{}, err
		}
	}
	err := b.store.Pause(ctx, p.sub.ID, pauseEnd(int(days)))
	b.pauses.look()
	if at == inSettings {
		return b.saved(p, err, b.settingsView)
	}
	return b.saved(p, err, b.pauseView(onItsOwn))
}

func (b *Reader) pressResumeNow(ctx context.Context, p press) (reply, error) {
	at := where(p.numbers[0])
	if at > onLeaving {
		return outOfDate(p), nil
	}
	changed, err := b.store.Resume(ctx, p.sub.ID)
	if err != nil {
		return reply{}, err
	}
	show := b.settingsView
	if at != inSettings {
		show = b.resumedView
	}
	r := b.turnTo(p, show)
	if changed {
		r.notice = p.plain("press.resumed")
	}
	return r, nil
}

func (b *Reader) resumedView(v visit) (string, keyboard) {
	if v.sub.State != subscribers.On {
		return v.html("unsubscribe.already"), nil
	}
	return paragraphs(v.html("pausing.none"), b.next(v.speaker)), nil
}

// pressFarewell goes back from the pauses to what stands under a farewell.
func (b *Reader) pressFarewell(_ context.Context, p press) (reply, error) {
	return b.turnTo(p, func(v visit) (string, keyboard) {
		if v.sub.State == subscribers.On {
			return paragraphs(v.html("subscribe.done"), b.next(v.speaker)), welcomeKeyboard(v.speaker, true)
		}
		return v.html("unsubscribe.done"), farewellKeyboard(v.speaker)
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

// endPauses tells every chat whose pause is over, also those whose pause ended
// while the bot was down, until ctx is done. Issues come again by themselves;
// this is about saying so.
func (b *Reader) endPauses(ctx context.Context) {
	for ctx.Err() == nil {
		wait := pauseRetry
		if all, err := b.tellEnded(ctx); err != nil {
			b.log.Error("chats are not told that their pause is over", "err", err)
		} else if all {
			wait = b.untilNextPauseEnd(ctx)
		}
		select {
		case <-ctx.Done():
		case <-b.pauses.wake:
		case <-time.After(wait):
		}
	}
}

func (b *Reader) untilNextPauseEnd(ctx context.Context) time.Duration {
	next, err := b.store.NextPauseEnd(ctx, time.Now())
	if err != nil {
		b.log.Error("the next end of a pause is not known", "err", err)
		return pauseRetry
	}
	if next.IsZero() {
		return pauseCheck
	}
	return min(time.Until(next), pauseCheck)
}

// tellEnded tells every chat whose pause is over. all is false when some have
// to wait because Telegram was away.
func (b *Reader) tellEnded(ctx context.Context) (all bool, err error) {
	all = true
	for after := int64(0); ; {
		ended, err := b.store.EndedPauses(ctx, time.Now(), after, pauseBatch)
		if err != nil || len(ended) == 0 {
			return all && err == nil, err
		}
		errs := make([]error, len(ended))
		var telling sync.WaitGroup
		for i, sub := range ended {
			after = sub.ID
			telling.Go(func() { errs[i] = b.tellEnd(ctx, sub) })
		}
		telling.Wait()
		if err := errors.Join(errs...); err != nil {
			all = false
			b.log.Warn("some chats are told later that their pause is over", "err", err)
		}
		if ctx.Err() != nil {
			return false, nil
		}
	}
}

// tellEnd tells one chat, once: an error means that it certainly was not. Only
// a crash between Telegram's answer and the note of it tells it again.
func (b *Reader) tellEnd(ctx context.Context, sub subscribers.Subscriber) error {
	sub, err := b.store.Subscriber(ctx, sub.Chat.ID, sub.Thread)
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
		v := visit{sub: sub, thread: sub.Thread, speaker: b.speakerTo(sub, "")}
		text, k, err := b.backOn(ctx, v)
		if err != nil {
			return err
		}
		if _, err := b.trySay(ctx, v, text, k); err != nil {
			b.unsent(ctx, sub.Chat.ID, err)
			if undone(err) {
				return err
			}
		}
	}
	return b.store.PauseEndTold(context.WithoutCancel(ctx), sub)
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
func (b *Reader) backOn(ctx context.Context, v visit) (string, keyboard, error) {
	newest, err := b.store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return paragraphs(v.html("pausing.over"), b.next(v.speaker)), nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	d, err := b.store.Delivery(ctx, newest.ID, v.sub.ID)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return "", nil, err
	}
	if err == nil && d.State == subscribers.Delivered { // it missed nothing
		return paragraphs(v.html("pausing.over"), b.next(v.speaker)), nil, nil
	}
	missed := v.html("pausing.newest", values{"Issue": markup(b.issueName(v.speaker, newest))})
	return paragraphs(v.html("pausing.over"), missed, b.next(v.speaker)),
		keyboard{row(button(v.plain("button.latest"), actLatest))}, nil
}

// farewellKeyboard offers ways back to a reader who left.
func farewellKeyboard(s speaker) keyboard {
	return keyboard{
		row(button(s.plain("button.undo"), actSubscribe), button(s.plain("button.keep"), actKeep)),
		row(button(s.plain("button.pause_instead"), actPauses, int64(onLeaving))),
	}
}
