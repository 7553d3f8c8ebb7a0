package reader

import (
	"context"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// arrivals says what comes to a subscribed chat: every new issue, and when the next is
// due, or that not all of them come. With all sections off nothing comes, and a button
// switches them on.
func arrivals(ctx context.Context, t *talk.Talker, v talk.Visit) (text string, k talk.Keyboard, err error) {
	off, err := allOff(ctx, t, v)
	if err != nil || off != "" {
		return off, allOnKeyboard(v.Speaker), err
	}
	switch {
	case v.Sub.Every == subscribers.Monthly:
		return v.HTML("next.monthly"), nil, nil
	case v.Sub.Every > 1: // whether the next is one of them depends on what is broadcast until then
		return v.HTML("next.often", talk.Values{"Often": v.Plain("often_name." + oftenName(v.Sub.Every))}), nil, nil
	}
	return talk.Paragraphs(v.HTML("next.every"), t.NextLine(v.Speaker)), nil, nil
}

// allOff says that a chat has all its sections off; empty: it has not.
func allOff(ctx context.Context, t *talk.Talker, v talk.Visit) (string, error) {
	switches, err := t.Store.Switches(ctx, v.Sub.ID)
	if err != nil || len(switches) == 0 || countOn(switches) > 0 {
		return "", err
	}
	return v.HTML("sections.all_off"), nil
}

// countOn returns how many of the switches are on.
func countOn(switches []subscribers.Switch) int {
	on := 0
	for _, w := range switches {
		if !w.Muted {
			on++
		}
	}
	return on
}

// allOnKeyboard switches all sections on.
func allOnKeyboard(s talk.Speaker) talk.Keyboard {
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.all_on"), talk.ActMuteAll, 0, 0))}
}

// subscribed says below a heading what comes to the chat, which is subscribed.
func subscribed(ctx context.Context, t *talk.Talker, v talk.Visit, heading string) (string, talk.Keyboard, error) {
	text, k, err := arrivals(ctx, t, v)
	next := talk.Row(talk.Button(v.Plain("button.sections"), talk.ActSections), talk.Button(v.Plain("button.latest"), talk.ActLatest))
	return talk.Lines(heading, text), append(k, next), err
}

// Imported is what a chat is told that an import has subscribed.
func (r *Reader) Imported(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	text, k, err := subscribed(ctx, r.Talker, v, v.HTML("imported.greeting", talk.Values{"Bot": v.Bot()}))
	return text, append(k, talk.Row(talk.Button(v.Plain("button.unsubscribe"), talk.ActUnsubscribe))), err
}

// Returned is what a group is told whose subscription goes on since the bot is back.
func (r *Reader) Returned(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	off, err := allOff(ctx, r.Talker, v)
	if off == "" {
		return v.HTML("added.back"), nil, err
	}
	return talk.Paragraphs(v.HTML("added.back"), off), allOnKeyboard(v.Speaker), nil
}
