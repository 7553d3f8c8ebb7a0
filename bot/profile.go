package bot

import (
	"context"
	"slices"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Telegram keeps what it is told of the bot, its commands and descriptions. If it is told
// again and again it answers 429 for hours, which would also keep out what has really
// changed. So the bot asks Telegram first, and tells it what differs. To remember what
// Telegram was told would save the questions, but would be wrong after a change with
// BotFather, by another program with the token, or after an old backup. A few questions at
// a start do no harm.

// profileText is one of the two texts a bot is introduced with.
type profileText struct {
	name string // for the log
	key  string // of the text, after "profile."
	get  func(ctx context.Context, language string) (string, error)
	set  func(ctx context.Context, text, language string) error
}

func (rg *registrar) profileTexts() []profileText {
	return []profileText{{
		name: "description", key: "about",
		get: func(ctx context.Context, language string) (string, error) {
			has, err := rg.talk.API.GetMyDescription(ctx, &tg.GetMyDescriptionParams{LanguageCode: language})
			return has.Description, err
		},
		set: func(ctx context.Context, text, language string) error {
			_, err := rg.talk.API.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: text, LanguageCode: language})
			return err
		},
	}, {
		name: "short description", key: "short",
		get: func(ctx context.Context, language string) (string, error) {
			has, err := rg.talk.API.GetMyShortDescription(ctx, &tg.GetMyShortDescriptionParams{LanguageCode: language})
			return has.ShortDescription, err
		},
		set: func(ctx context.Context, text, language string) error {
			_, err := rg.talk.API.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: text, LanguageCode: language})
			return err
		},
	}}
}

// setText gives the bot one of the texts in all languages, unless its owner has set it in
// BotFather. The owner's text is for everybody, and Telegram would prefer ours in single
// languages to it, so those are removed.
func (rg *registrar) setText(ctx context.Context, t profileText) {
	owners := false
	for _, r := range rg.registrations() { // first the one for everybody
		text := rg.talk.Catalog.SpeakerOf(r.tag, rg.talk.Location).Plain("profile." + t.key)
		if owners {
			text = ""
		}
		if !rg.register(ctx, t.name, func(ctx context.Context) error {
			its, err := rg.setTextIn(ctx, t, text, r.code)
			owners = owners || its && r.code == ""
			return err
		}) {
			return
		}
	}
}

// setTextIn is setText for one language; an empty text is none. owners reports that the
// owner's text is there, and stays.
func (rg *registrar) setTextIn(ctx context.Context, t profileText, text, language string) (owners bool, err error) {
	has, err := t.get(ctx, language)
	if err != nil || has == text {
		return false, err
	}
	if own, err := rg.isOwnText(ctx, t, has); err != nil || !own {
		return err == nil, err
	}
	if text != "" {
		if err := rg.talk.Store.KeepOwnText(ctx, text); err != nil {
			return false, err
		}
	}
	return false, t.set(ctx, text, language)
}

// isOwnText reports whether a text may be replaced: there is none, or it is one of this
// version in any language, or of an earlier version.
func (rg *registrar) isOwnText(ctx context.Context, t profileText, has string) (bool, error) {
	if has == "" || slices.ContainsFunc(rg.registrations(), func(r registration) bool {
		return rg.talk.Catalog.SpeakerOf(r.tag, rg.talk.Location).Plain("profile."+t.key) == has
	}) {
		return true, nil
	}
	return rg.talk.Store.IsOwnText(ctx, has)
}

// setCommands tells Telegram the commands of a scope, unless it has them.
func (rg *registrar) setCommands(ctx context.Context, language string, commands []models.BotCommand, scope models.BotCommandScope) error {
	has, err := rg.talk.API.GetMyCommands(ctx, &tg.GetMyCommandsParams{Scope: scope, LanguageCode: language})
	if err != nil || slices.Equal(has, commands) {
		return err
	}
	if slices.EqualFunc(has, commands, isSameButEphemeral) {
		// An older server does not keep that a command is an ephemeral one.
		me := rg.talk.Self.Load().ID
		known, err := rg.talk.Ephemerals.AreKnown(func() (bool, error) { return rg.talk.Sender.KnowsEphemeral(ctx, me, me) })
		if err != nil || !known {
			return err
		}
	}
	_, err = rg.talk.API.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: commands, Scope: scope, LanguageCode: language})
	return err
}

func isSameButEphemeral(has, wanted models.BotCommand) bool {
	wanted.IsEphemeral = false
	return has == wanted
}
