package bot

import (
	"context"
	"errors"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

// view is what a message shows of a chat as it is now. Keyboards that change
// something turn to a view of the result, so that an old one comes up to date.
type view func(v visit) (text string, k keyboard)

// turnTo is the reply that makes the message with the button a view.
func (b *Reader) turnTo(p press, show view) reply {
	return reply{show: func(ctx context.Context) error {
		v, err := b.refreshed(ctx, p.visit)
		if errors.Is(err, subscribers.ErrNotFound) {
			return nil // forgotten since, which was said
		}
		if err != nil {
			return err
		}
		text, k := show(v)
		b.show(ctx, p, text, k)
		return nil
	}}
}

// saved is the reply to a press that made a choice, with its error.
func (b *Reader) saved(p press, err error, show view) (reply, error) {
	if errors.Is(err, subscribers.ErrNotFound) { // the chat was forgotten in between
		return outOfDate(p), nil
	}
	if err != nil {
		return reply{}, err
	}
	return b.turnTo(p, show), nil
}

func (b *Reader) settings(ctx context.Context, v visit, _ string) error {
	text, k := b.settingsView(v)
	b.say(ctx, v, text, k)
	return nil
}

// settingsView shows all that a chat can choose.
func (b *Reader) settingsView(v visit) (string, keyboard) {
	sound, silent := v.plain("button.silent"), int64(1)
	if v.sub.Silent {
		sound, silent = v.plain("button.sound"), 0
	}
	last := row(button(v.plain("button.sections"), actPage, 0))
	if v.sub.State == subscribers.On { // else there is nothing to pause
		last = append(row(b.pauseButton(v, inSettings)), last...)
	}
	return b.summary(v), keyboard{
		row(button(v.plain("button.layout"), actLayouts), button(v.plain("button.language"), actLanguages)),
		row(button(sound, actSetSilent, silent), button(v.plain("button.time"), actDays)),
		last,
		row(button(v.plain("button.close"), actSettingsDone)),
	}
}

// summary says what is set.
func (b *Reader) summary(v visit) string {
	sound := v.html("settings.sound")
	if v.sub.Silent {
		sound = v.html("settings.silent")
	}
	choices := lines(
		v.html("settings.layout", values{"Layout": v.plain("layout_name." + string(b.layoutOf(v)))}),
		v.html("settings.language", values{"Language": languageOf(v)}),
		sound,
		v.html("settings.time", values{"When": deliveryOf(v)}),
	)
	var state string
	switch {
	case v.sub.State != subscribers.On:
		state = v.html("sections.not_subscribed")
	case v.sub.IsPaused(time.Now()):
		state = v.html("settings.paused", values{"When": v.moment(v.sub.PausedUntil)})
	}
	return paragraphs(v.html("settings.title"), choices, state)
}

// layoutOf is the layout a chat gets issues in.
func (b *Reader) layoutOf(v visit) subscribers.Layout {
	if v.sub.Layout != "" {
		return v.sub.Layout
	}
	return b.layout
}

// languageOf names the language that is spoken in a chat.
func languageOf(v visit) string {
	if v.sub.ChosenLanguage == "" {
		return v.plain("language.followed", values{"Language": selfName(v.tag)})
	}
	return selfName(v.tag)
}

func (b *Reader) pressOpenSettings(_ context.Context, p press) (reply, error) {
	return reply{then: func(ctx context.Context) error { return b.settings(ctx, p.visit, "") }}, nil
}

func (b *Reader) pressSettings(_ context.Context, p press) (reply, error) {
	return b.turnTo(p, b.settingsView), nil
}

// pressSettingsDone leaves what is set where it was chosen.
func (b *Reader) pressSettingsDone(_ context.Context, p press) (reply, error) {
	return b.turnTo(p, func(v visit) (string, keyboard) {
		return paragraphs(b.summary(v), v.html("settings.again")), nil
	}), nil
}

func (b *Reader) pressSetSilent(ctx context.Context, p press) (reply, error) {
	if p.numbers[0] > 1 {
		return outOfDate(p), nil
	}
	return b.saved(p, b.store.SetSilent(ctx, p.sub.ID, p.numbers[0] == 1), b.settingsView)
}

// layouts are in the order of their numbers in the data of buttons.
var layouts = []subscribers.Layout{subscribers.Sections, subscribers.Compact, subscribers.Rich}

func (b *Reader) pressLayouts(_ context.Context, p press) (reply, error) {
	return b.turnTo(p, b.layoutView), nil
}

func (b *Reader) layoutView(v visit) (string, keyboard) {
	var k keyboard
	for i, layout := range layouts {
		name := ticked(v.plain("layout_name."+string(layout)), layout == b.layoutOf(v))
		k = append(k, row(button(name, actSetLayout, int64(i))))
	}
	return v.html("layout.choose"), append(k, backRow(v))
}

func (b *Reader) pressSetLayout(ctx context.Context, p press) (reply, error) {
	if p.numbers[0] >= int64(len(layouts)) {
		return outOfDate(p), nil
	}
	chosen := layouts[p.numbers[0]]
	r, err := b.saved(p, b.store.SetLayout(ctx, p.sub.ID, chosen), b.settingsView)
	if chosen == subscribers.Rich && r.notice == "" && err == nil {
		r.notice, r.alert = p.plain("press.rich"), true
	}
	return r, err
}

func (b *Reader) pressLanguages(_ context.Context, p press) (reply, error) {
	return b.turnTo(p, b.languageView), nil
}

// languageView names every language in itself: who does not understand the
// one that is set finds the way out.
func (b *Reader) languageView(v visit) (string, keyboard) {
	k := keyboard{row(button(ticked(v.plain("language.follow"), v.sub.ChosenLanguage == ""), actSetLanguage, 0))}
	for _, tag := range b.catalog.sorted() {
		k = append(k, row(button(ticked(selfName(tag), v.sub.ChosenLanguage == tag.String()), actSetLanguage, tagNumber(tag))))
	}
	return v.html("language.choose"), append(k, backRow(v))
}

func (b *Reader) pressSetLanguage(ctx context.Context, p press) (reply, error) {
	var chosen string
	if p.numbers[0] != 0 {
		tag, ok := b.catalog.numbered(p.numbers[0])
		if !ok {
			return outOfDate(p), nil
		}
		chosen = tag.String()
	}
	return b.saved(p, b.store.SetLanguage(ctx, p.sub.ID, chosen), b.settingsView)
}

// ticked marks the choice that is in force.
func ticked(name string, is bool) string {
	if is {
		return "✅ " + name
	}
	return name
}

// backRow leads back to the settings.
func backRow(v visit) []models.InlineKeyboardButton {
	return row(button(v.plain("button.back"), actSettings))
}
