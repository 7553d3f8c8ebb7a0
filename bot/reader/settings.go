package reader

import (
	"context"
	"slices"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// chosenReply is the reply to a press that chose something; err says whether that was stored.
func (c *choices) chosenReply(p talk.Press, err error, show talk.View) (talk.Reply, error) {
	if err != nil {
		return talk.MissingReply(p, err) // the chat may have been forgotten in between
	}
	return c.ViewReply(p, show), nil
}

// Settings shows what a chat has set, and how to change it.
func (c *choices) Settings(ctx context.Context, v talk.Visit, _ string) error {
	return c.SayView(ctx, v, c.SettingsView)
}

// SettingsView shows all that a chat can choose.
func (c *choices) SettingsView(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	sound, silent := v.Plain("button.silent"), int64(1)
	if v.Sub.Silent {
		sound, silent = v.Plain("button.sound"), 0
	}
	previews, without := v.Plain("button.no_previews"), int64(1)
	if v.Sub.NoPreviews {
		previews, without = v.Plain("button.previews"), 0
	}
	subscription := subscribeKeyboard(v.Speaker)[0]
	if v.Sub.State == subscribers.On { // otherwise there is nothing to pause
		subscription = talk.Row(pauseButton(v, offeredInSettings), talk.Button(v.Plain("button.unsubscribe"), talk.ActUnsubscribe))
	}
	text, allOn, err := c.summary(ctx, v)
	k := append(allOn, talk.Keyboard{
		talk.Row(talk.Button(v.Plain("button.layout"), talk.ActLayouts), talk.Button(v.Plain("button.language"), talk.ActLanguages)),
		talk.Row(talk.Button(v.Plain("button.time"), talk.ActDays), talk.Button(sound, talk.ActSetSilent, silent)),
		talk.Row(talk.Button(v.Plain("button.sections"), talk.ActPage, 0), talk.Button(v.Plain("button.words"), talk.ActWords, 0)),
		talk.Row(talk.Button(v.Plain("button.often"), talk.ActOften), talk.Button(previews, talk.ActSetPreviews, without)),
		subscription,
	}...)
	return text, append(k, wayOut(v)...), err
}

// wayOut are the last rows of the settings. Those of a channel lead back to the list of
// channels.
func wayOut(v talk.Visit) talk.Keyboard {
	hosts := talk.Button(v.Plain("button.hosts"), talk.ActHosts)
	done := talk.Row(talk.Button(v.Plain("button.done"), talk.ActSettingsDone))
	switch {
	case v.Home != 0:
		hosts.Text = v.Plain("button.back")
		return talk.Keyboard{talk.Row(hosts, talk.Button(v.Plain("button.ask_forget"), talk.ActAskForget))}
	case v.Private():
		return talk.Keyboard{talk.Row(hosts), done}
	}
	return talk.Keyboard{done}
}

// summary says what is set. If all sections are off the keyboard switches them on.
func (c *choices) summary(ctx context.Context, v talk.Visit) (text string, k talk.Keyboard, err error) {
	sound := v.HTML("settings.sound")
	if v.Sub.Silent {
		sound = v.HTML("settings.silent")
	}
	previews := v.HTML("settings.previews")
	if v.Sub.NoPreviews {
		previews = v.HTML("settings.no_previews")
	}
	words, err := c.wordCount(ctx, v)
	if err != nil {
		return "", nil, err
	}
	choices := talk.Lines(
		v.HTML("settings.layout", talk.Values{"Layout": v.Plain("layout_name." + string(c.layoutOf(v)))}),
		v.HTML("settings.language", talk.Values{"Language": c.languageOf(v)}),
		sound,
		previews,
		words,
		v.HTML("settings.often", talk.Values{"Often": v.Plain("often_name." + oftenName(v.Sub.Every))}),
		v.HTML("settings.time", talk.Values{"When": c.deliveryOf(v)}),
	)
	var state string
	switch {
	case v.Sub.State != subscribers.On:
		state = notSubscribed(v)
	case v.Sub.IsPaused(time.Now()):
		state, err = c.pausedLine(ctx, v)
	default:
		if state, err = allOff(ctx, c.Talker, v); state != "" {
			k = allOnKeyboard(v.Speaker)
		} else if v.Home != 0 {
			state = c.channelOn(v)
		}
	}
	return talk.Paragraphs(v.HTML("settings.title"), choices, state), k, err
}

// pausedLine says that a chat has a pause, and when the next issue comes.
func (c *choices) pausedLine(ctx context.Context, v talk.Visit) (string, error) {
	next, err := c.afterPause(ctx, v)
	if err != nil || next.IsZero() {
		return v.HTML("settings.paused", talk.Values{"When": v.Moment(v.Sub.PausedUntil)}), err
	}
	return v.HTML("settings.paused_next", talk.Values{"When": v.Moment(next)}), nil
}

// layoutOf is the layout a chat gets issues in.
func (c *choices) layoutOf(v talk.Visit) digest.Layout {
	if v.Sub.Layout != "" {
		return v.Sub.Layout
	}
	return c.layout
}

// languageOf names the language that the bot speaks in a chat.
func (c *choices) languageOf(v talk.Visit) string {
	switch {
	case v.Home != 0: // the visitor's may be another
		return talk.LanguageName(c.SpeakerToAll(v).Tag)
	case v.Sub.ChosenLanguage == "":
		return v.Plain("language.followed", talk.Values{"Language": talk.LanguageName(v.Tag)})
	}
	return talk.LanguageName(v.Tag)
}

// channelOn says that a channel is subscribed.
func (c *choices) channelOn(v talk.Visit) string {
	if v.Sub.Every != 0 { // as in arrivals
		return v.HTML("channel.on")
	}
	return talk.Lines(v.HTML("channel.on"), c.NextLine(v.Speaker))
}

// notSubscribed says that a chat is not subscribed.
func notSubscribed(v talk.Visit) string {
	if v.Home != 0 {
		return v.HTML("channel.off")
	}
	return v.HTML("sections.not_subscribed")
}

// PressOpenSettings shows the settings in a new message.
func (c *choices) PressOpenSettings(_ context.Context, p talk.Press) (talk.Reply, error) {
	return talk.Reply{Then: func(ctx context.Context) error { return c.Settings(ctx, p.Visit, "") }}, nil
}

// PressSettings shows the settings where the button is.
func (c *choices) PressSettings(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.ViewReply(p, c.SettingsView), nil
}

// PressSettingsDone replaces the buttons of the settings by a summary.
func (c *choices) PressSettingsDone(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.ViewReply(p, func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		text, k, err := c.summary(ctx, v)
		return talk.Paragraphs(text, v.HTML("settings.again")), k, err
	}), nil
}

// PressSetSilent sets whether issues make a sound.
func (c *choices) PressSetSilent(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if p.Numbers[0] > 1 {
		return talk.OutOfDateReply(p), nil
	}
	return c.chosenReply(p, c.Store.SetSilent(ctx, p.Sub.ID, p.Numbers[0] == 1), c.SettingsView)
}

// PressSetPreviews sets whether messages of issues have link previews.
func (c *choices) PressSetPreviews(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if p.Numbers[0] > 1 {
		return talk.OutOfDateReply(p), nil
	}
	return c.chosenReply(p, c.Store.SetNoPreviews(ctx, p.Sub.ID, p.Numbers[0] == 1), c.SettingsView)
}

// often are the choices of how often issues come, in the order of their numbers in the
// data of buttons.
var often = []int{0, 2, 4, subscribers.Monthly}

// oftenName is the name of such a choice in the keys of texts.
func oftenName(every int) string {
	switch every {
	case 2:
		return "second"
	case 4:
		return "fourth"
	case subscribers.Monthly:
		return "monthly"
	}
	return "every"
}

// PressOften shows how often issues may come.
func (c *choices) PressOften(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.ViewReply(p, func(_ context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		var k talk.Keyboard
		for n, every := range often {
			k = append(k, talk.Row(talk.Button(ticked(v.Plain("often_name."+oftenName(every)), every == v.Sub.Every), talk.ActSetOften, int64(n))))
		}
		return v.HTML("often.choose"), append(k, backRow(v)), nil
	}), nil
}

// PressSetOften sets how often issues come.
func (c *choices) PressSetOften(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if p.Numbers[0] >= int64(len(often)) {
		return talk.OutOfDateReply(p), nil
	}
	return c.chosenReply(p, c.Store.SetEvery(ctx, p.Sub.ID, often[p.Numbers[0]]), c.SettingsView)
}

// layouts are in the order of their numbers in the data of buttons.
var layouts = []digest.Layout{digest.LayoutSections, digest.LayoutCompact, digest.LayoutRich, digest.LayoutAuto}

// offeredLayouts are in the order of their buttons.
var offeredLayouts = []digest.Layout{digest.LayoutSections, digest.LayoutAuto, digest.LayoutCompact, digest.LayoutRich}

// layoutButton leads to an action about a layout.
func layoutButton(label string, act talk.Action, layout digest.Layout) models.InlineKeyboardButton {
	return talk.Button(label, act, int64(slices.Index(layouts, layout)))
}

// chosenLayout returns the layout of a button that layoutButton has made.
func chosenLayout(p talk.Press) (layout digest.Layout, ok bool) {
	if p.Numbers[0] >= int64(len(layouts)) {
		return "", false
	}
	return layouts[p.Numbers[0]], true
}

// PressOpenLayouts shows the layouts in a new message.
func (c *choices) PressOpenLayouts(_ context.Context, p talk.Press) (talk.Reply, error) {
	return talk.Reply{Then: func(ctx context.Context) error {
		return c.SayView(ctx, p.Visit, c.layoutView)
	}}, nil
}

// PressLayouts shows the layouts there are.
func (c *choices) PressLayouts(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.ViewReply(p, c.layoutView), nil
}

// layoutView offers the layouts.
func (c *choices) layoutView(_ context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	var k talk.Keyboard
	for _, layout := range offeredLayouts {
		name := ticked(v.Plain("layout_name."+string(layout)), layout == c.layoutOf(v))
		k = append(k, talk.Row(layoutButton(name, talk.ActSetLayout, layout)))
	}
	return v.HTML("layout.choose"), append(k, backRow(v)), nil
}

// PressSetLayout sets the layout of a chat.
func (c *choices) PressSetLayout(ctx context.Context, p talk.Press) (talk.Reply, error) {
	chosen, ok := chosenLayout(p)
	if !ok {
		return talk.OutOfDateReply(p), nil
	}
	answer, err := c.chosenReply(p, c.Store.SetLayout(ctx, p.Sub.ID, chosen), c.SettingsView)
	if chosen == digest.LayoutRich && answer.Popup == "" && err == nil {
		answer.Popup, answer.Alert = p.Plain("press.rich"), true
	}
	return answer, err
}

// PressLanguages shows the languages there are.
func (c *choices) PressLanguages(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.ViewReply(p, c.languageView), nil
}

// languageView names every language in that language, so that a reader who does not
// understand the current one finds their own.
func (c *choices) languageView(_ context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	current := v.Sub.ChosenLanguage
	var k talk.Keyboard
	if v.Home != 0 { // a channel has no Telegram to follow
		current = c.SpeakerToAll(v).Tag.String()
	} else {
		k = talk.Keyboard{talk.Row(talk.Button(ticked(v.Plain("language.follow"), current == ""), talk.ActSetLanguage, 0))}
	}
	for _, tag := range c.Catalog.Languages() {
		k = append(k, talk.Row(talk.Button(ticked(talk.LanguageName(tag), current == tag.String()), talk.ActSetLanguage, talk.LanguageNumber(tag))))
	}
	return v.HTML("language.choose"), append(k, backRow(v)), nil
}

// PressSetLanguage sets the language of a chat.
func (c *choices) PressSetLanguage(ctx context.Context, p talk.Press) (talk.Reply, error) {
	var chosen string
	if p.Numbers[0] != 0 {
		tag, ok := c.Catalog.Language(p.Numbers[0])
		if !ok {
			return talk.OutOfDateReply(p), nil
		}
		chosen = tag.String()
	}
	return c.chosenReply(p, c.Store.SetLanguage(ctx, p.Sub.ID, chosen), c.SettingsView)
}

// ticked is the name of a choice, marked if it is the current one.
func ticked(name string, is bool) string {
	if is {
		return "✅ " + name
	}
	return name
}

// backRow leads back to the settings.
func backRow(v talk.Visit) []models.InlineKeyboardButton {
	return talk.Row(talk.Button(v.Plain("button.back"), talk.ActSettings))
}
