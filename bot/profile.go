package bot

import (
	"context"
	"slices"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// What Telegram is told of the bot, its commands and descriptions, stays there, and
// telling it again and again is met with a 429 for hours, which would also keep out
// what has really changed. So Telegram is asked first, and told what differs. To
// remember what it was told would save the questions, but not be true any more
// after a word with BotFather, another program with the token, or an old backup;
// and questions change nothing, so that a few at a start are no trouble.

// profileText is one of the two texts a bot is introduced with.
type profileText struct {
	name string // for the log
	key  string // of the text, behind "profile."
	get  func(ctx context.Context, language string) (string, error)
	set  func(ctx context.Context, text, language string) error
}

func (b *registrar) profileTexts() []profileText {
	return []profileText{{
		name: "description", key: "about",
		get: func(ctx context.Context, language string) (string, error) {
			has, err := b.talk.API.GetMyDescription(ctx, &tg.GetMyDescriptionParams{LanguageCode: language})
			return has.Description, err
		},
		set: func(ctx context.Context, text, language string) error {
			_, err := b.talk.API.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: text, LanguageCode: language})
			return err
		},
	}, {
		name: "short description", key: "short",
		get: func(ctx context.Context, language string) (string, error) {
			has, err := b.talk.API.GetMyShortDescription(ctx, &tg.GetMyShortDescriptionParams{LanguageCode: language})
			return has.ShortDescription, err
		},
		set: func(ctx context.Context, text, language string) error {
			_, err := b.talk.API.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: text, LanguageCode: language})
			return err
		},
	}}
}

// introduce gives the bot a text in all languages, but for what its owner has given
// it in BotFather. A text of the owner's is for everybody: ours for single languages
// would stand before it, and are taken away.
func (b *registrar) introduce(ctx context.Context, t profileText) {
	owners := false
	for _, r := range b.registrations() { // first the one for everybody
		text := b.talk.Catalog.SpeakerOf(r.tag, b.talk.Location).Plain("profile." + t.key)
		if owners {
			text = ""
		}
		if !b.register(ctx, t.name, func(ctx context.Context) error {
			its, err := b.introduceIn(ctx, t, text, r.code)
			owners = owners || its && r.code == ""
			return err
		}) {
			return
		}
	}
}

// introduceIn is introduce for one language; an empty text is none. owners tells that
// the owner's stands there, and stays.
func (b *registrar) introduceIn(ctx context.Context, t profileText, text, language string) (owners bool, err error) {
	has, err := t.get(ctx, language)
	if err != nil || has == text {
		return false, err
	}
	if own, err := b.isOwnText(ctx, t, has); err != nil || !own {
		return err == nil, err
	}
	if text != "" {
		if err := b.talk.Store.KeepOwnText(ctx, text); err != nil {
			return false, err
		}
	}
	return false, t.set(ctx, text, language)
}

// isOwnText tells whether a text may be replaced: there is none, or it is one of this
// version in any language, or of one before.
func (b *registrar) isOwnText(ctx context.Context, t profileText, has string) (bool, error) {
	if has == "" || slices.ContainsFunc(b.registrations(), func(r registration) bool {
		return b.talk.Catalog.SpeakerOf(r.tag, b.talk.Location).Plain("profile."+t.key) == has
	}) {
		return true, nil
	}
	return b.talk.Store.IsOwnText(ctx, has)
}

// setCommands tells Telegram the commands of a scope, unless it has them.
func (b *registrar) setCommands(ctx context.Context, language string, commands []models.BotCommand, scope models.BotCommandScope) error {
	has, err := b.talk.API.GetMyCommands(ctx, &tg.GetMyCommandsParams{Scope: scope, LanguageCode: language})
	if err != nil || slices.Equal(has, commands) {
		return err
	}
	if slices.EqualFunc(has, commands, sameWithoutEphemeral) {
		// An older server does not keep that a command is an ephemeral one.
		me := b.talk.Self.Load().ID
		known, err := b.talk.Ephemerals.AreKnown(func() (bool, error) { return b.talk.Sender.KnowsEphemeral(ctx, me, me) })
		if err != nil || !known {
			return err
		}
	}
	_, err = b.talk.API.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: commands, Scope: scope, LanguageCode: language})
	return err
}

func sameWithoutEphemeral(has, wanted models.BotCommand) bool {
	wanted.IsEphemeral = false
	return has == wanted
}
