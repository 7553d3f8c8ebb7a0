package reader

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/bot/times"
	"digestbot/subscribers"
)

// pauseOffer says which message offers a pause. It stands in the data of the buttons.
type pauseOffer int64

const (
	offeredAlone      pauseOffer = iota // the answer to /pause
	offeredInSettings                   // a page of /settings
	offeredInFarewell                   // the answer to /unsubscribe: the chat is subscribed again
)

// pauseWeeks are the usual pauses.
var pauseWeeks = []int{1, 2, 4}

// Pause pauses for as long as args says. Without args it offers the usual pauses, or the
// end of the current one.
func (c *choices) Pause(ctx context.Context, v talk.Visit, args string) error {
	if v.Sub.State != subscribers.On {
		c.Say(ctx, v, v.HTML("unsubscribe.already"), subscribeKeyboard(v.Speaker))
		return nil
	}
	if args == "" {
		return c.SayView(ctx, v, c.pauseView(offeredAlone))
	}
	days, ok := c.lengths.Parse(args)
	if !ok {
		_, k := offerPauses(v, offeredAlone)
		c.Say(ctx, v, v.HTML("pausing.not_understood"), k)
		return nil
	}
	if err := c.Store.Pause(ctx, v.Sub.ID, pauseEnd(days)); err != nil {
		return err
	}
	c.pauses.look()
	v, err := c.Refreshed(ctx, v)
	if err != nil {
		return err
	}
	return c.SayView(ctx, v, c.pauseView(offeredAlone))
}

// Resume ends a pause.
func (c *choices) Resume(ctx context.Context, v talk.Visit, _ string) error {
	changed, err := c.Store.Resume(ctx, v.Sub.ID)
	if err != nil {
		return err
	}
	if v, err = c.Refreshed(ctx, v); err != nil {
		return err
	}
	if changed && v.Sub.State == subscribers.On {
		return c.SayView(ctx, v, c.backOn)
	}
	return c.SayView(ctx, v, c.resumedView)
}

// pauseEnd is when a pause that begins now is over. It is a whole minute, as people are
// told. Rounded up, a pause of a week right after an issue covers the next one.
func pauseEnd(days int) time.Time {
	return time.Now().Add(time.Duration(days)*24*time.Hour + time.Minute - 1).Truncate(time.Minute)
}

// pauseView shows the current pause, or offers the usual ones.
func (c *choices) pauseView(at pauseOffer) talk.View {
	return func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		if v.Sub.State != subscribers.On || !v.Sub.IsPaused(time.Now()) {
			text, k := offerPauses(v, at)
			return text, k, nil
		}
		k := talk.Keyboard{talk.Row(talk.Button(v.Plain("button.resume_now"), talk.ActResumeNow, int64(at)))}
		if at == offeredInSettings {
			k = append(k, backRow(v))
		}
		when := talk.Values{"When": v.Moment(v.Sub.PausedUntil)}
		next, err := c.afterPause(ctx, v)
		if err != nil || next.IsZero() {
			return v.HTML("pausing.until", when), k, err
		}
		when["Next"] = v.Moment(next)
		return v.HTML("pausing.next", when), k, nil
	}
}

// afterPause returns when the next issue is due that comes to a chat after its pause; the
// zero time: that is unknown, or none comes.
func (c *choices) afterPause(ctx context.Context, v talk.Visit) (time.Time, error) {
	if c.NextRun == nil || v.Sub.Every != 0 {
		return time.Time{}, nil
	}
	if off, err := allOff(ctx, c.Talker, v); err != nil || off != "" {
		return time.Time{}, err
	}
	next := c.NextRun(v.Sub.PausedUntil.Add(-time.Nanosecond)) // one that is due as the pause ends comes
	if next.IsZero() {
		return next, nil
	}
	return v.Sub.Delivery.Next(next), nil
}

// offerPauses offers the usual pauses.
func offerPauses(v talk.Visit, at pauseOffer) (string, talk.Keyboard) {
	var usual []models.InlineKeyboardButton
	for _, weeks := range pauseWeeks {
		usual = append(usual, talk.Button(v.Plain("count.weeks", talk.Values{"Count": weeks}), talk.ActPauseFor, int64(7*weeks), int64(at)))
	}
	var out []models.InlineKeyboardButton
	switch at {
	case offeredInSettings:
		out = backRow(v)
	case offeredInFarewell:
		out = talk.Row(talk.Button(v.Plain("button.back"), talk.ActFarewell))
	default:
		out = talk.Row(talk.Button(v.Plain("button.dont_pause"), talk.ActResumeNow, int64(at)))
	}
	ask := v.HTML("pausing.ask")
	if v.Home != 0 {
		ask = v.HTML("channel.pause")
	}
	return ask, talk.Keyboard{usual, out}
}

// pauseButton leads to pauses, or ends the current one.
func pauseButton(v talk.Visit, at pauseOffer) models.InlineKeyboardButton {
	if v.Sub.IsPaused(time.Now()) {
		return talk.Button(v.Plain("button.resume_now"), talk.ActResumeNow, int64(at))
	}
	return talk.Button(v.Plain("button.take_a_break"), talk.ActPauses, int64(at))
}

// PressPauses shows how long a pause can be.
func (c *choices) PressPauses(_ context.Context, p talk.Press) (talk.Reply, error) {
	at := pauseOffer(p.Numbers[0])
	switch {
	case at > offeredInFarewell:
		return talk.OutOfDateReply(p), nil
	case at != offeredInFarewell && p.Sub.State != subscribers.On:
		return notSubscribedReply(p), nil
	}
	return c.ViewReply(p, c.pauseView(at)), nil
}

// PressPauseFor pauses. Under the answer to /unsubscribe it subscribes the chat again.
func (c *choices) PressPauseFor(ctx context.Context, p talk.Press) (talk.Reply, error) {
	days, at := p.Numbers[0], pauseOffer(p.Numbers[1])
	if days < times.MinPause || days > times.MaxPause || at > offeredInFarewell {
		return talk.OutOfDateReply(p), nil
	}
	if p.Sub.State != subscribers.On {
		if at != offeredInFarewell {
			return notSubscribedReply(p), nil
		}
		if _, err := switchOn(ctx, c.Store, p.Visit); err != nil {
			return talk.Reply{}, err
		}
	}
	err := c.Store.Pause(ctx, p.Sub.ID, pauseEnd(int(days)))
	c.pauses.look()
	if at == offeredInSettings {
		return c.chosenReply(p, err, c.SettingsView)
	}
	return c.chosenReply(p, err, c.pauseView(offeredAlone))
}

// notSubscribedReply is the reply to a chat that has nothing to pause or to end.
func notSubscribedReply(p talk.Press) talk.Reply {
	if p.Home != 0 {
		return talk.Reply{Popup: p.Plain("channel.off"), Alert: true}
	}
	return talk.Reply{Popup: p.Plain("press.not_subscribed"), Alert: true}
}

// PressResumeNow ends a pause.
func (c *choices) PressResumeNow(ctx context.Context, p talk.Press) (talk.Reply, error) {
	at := pauseOffer(p.Numbers[0])
	if at > offeredInFarewell {
		return talk.OutOfDateReply(p), nil
	}
	changed, err := c.Store.Resume(ctx, p.Sub.ID)
	if err != nil {
		return talk.Reply{}, err
	}
	show := c.SettingsView
	if at != offeredInSettings {
		show = c.resumedView
	}
	answer := c.ViewReply(p, show)
	if changed {
		answer.Popup = p.Plain("press.resumed")
	}
	return answer, nil
}

// resumedView says that there is no pause.
func (c *choices) resumedView(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	if v.Sub.State != subscribers.On {
		return v.HTML("unsubscribe.already"), subscribeKeyboard(v.Speaker), nil
	}
	text, k, err := arrivals(ctx, c.Talker, v)
	return talk.Lines(v.HTML("pausing.none"), text), k, err
}
