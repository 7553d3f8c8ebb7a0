// Package figures shows admins how it goes: who subscribes, joins and leaves, what readers do
// not want, and how many got the last issues. It says so in words, in a picture, and as a table
// for spreadsheets. All of it are counts; what a person reads is not known.
package figures

import (
	"context"
	"errors"
	"strings"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/figures"
)

// Figures answers admins who ask for figures. Its methods are safe for concurrent use.
type Figures struct {
	*talk.Talker
	config Config
	// counting is taken by whoever counts: on a small machine a second admin, or one who is
	// impatient, waits for the first.
	counting chan struct{}
}

// Config says what Figures works with, besides a Talker.
type Config struct {
	Layout digest.Layout // of subscribers who have chosen none
	// Reason puts a reason from the books into one line, without the token.
	Reason func(s talk.Speaker, why subscribers.Reason) string
}

// New returns Figures.
func New(talker *talk.Talker, config Config) *Figures {
	return &Figures{Talker: talker, config: config, counting: make(chan struct{}, 1)}
}

// read counts everything. In the time zone of the operator a day is the same for all admins.
func (f *Figures) read(ctx context.Context, issues int) (figures.Figures, error) {
	talk.PassTurn(ctx)
	select {
	case f.counting <- struct{}{}:
	case <-ctx.Done():
		return figures.Figures{}, ctx.Err()
	}
	defer func() { <-f.counting }()
	return figures.Read(ctx, f.Store, figures.Options{Zone: f.Location, Layout: f.config.Layout, Issues: issues})
}

// Stats shows the figures, or sends them as a table if an admin says so.
func (f *Figures) Stats(ctx context.Context, v talk.Visit, args string) error {
	switch {
	case strings.EqualFold(args, "csv"):
		return f.sendTable(ctx, v)
	case args != "":
		f.Say(ctx, v, v.HTML("stats.how"), nil)
		return nil
	}
	all, err := f.read(ctx, shownIssues)
	if err != nil {
		return err
	}
	text, err := f.text(ctx, v.Speaker, all)
	if err != nil {
		return err
	}
	if f.Say(ctx, v, text, nil) == 0 {
		return nil // and a picture would not arrive either
	}
	dark, err := f.Store.DarkPictures(ctx, v.Sub.ID)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return err
	}
	_, err = f.sendPicture(ctx, v, all, dark)
	return err
}

// PressPicture sends the picture with another background, in place of the one with the button,
// and remembers that for the next time.
func (f *Figures) PressPicture(_ context.Context, p talk.Press) (talk.Reply, error) {
	dark := p.Numbers[0] != 0
	return talk.Reply{Then: func(ctx context.Context) error {
		if err := f.Store.SetDarkPictures(ctx, p.Sub.ID, dark); err != nil {
			return err
		}
		all, err := f.read(ctx, shownIssues)
		if err != nil {
			return err
		}
		sent, err := f.sendPicture(ctx, p.Visit, all, dark)
		if err != nil || !sent || len(p.Under.Photo) == 0 {
			return err
		}
		if err := f.Sender.DeleteMessage(ctx, p.Sub.Chat.ID, p.Message); err != nil {
			f.Log.Debug("the picture with the other background stays", "chat", p.Sub.Chat.ID, "err", err)
		}
		return nil
	}}, nil
}

// PressTable sends the figures as a table.
func (f *Figures) PressTable(_ context.Context, p talk.Press) (talk.Reply, error) {
	return talk.Reply{Then: func(ctx context.Context) error { return f.sendTable(ctx, p.Visit) }}, nil
}

// sendPicture draws the figures and sends them. sent is false if that did not work, which has
// been dealt with: the figures have been said in words.
func (f *Figures) sendPicture(ctx context.Context, v talk.Visit, all figures.Figures, dark bool) (sent bool, err error) {
	drawn, err := f.picture(v.Speaker, all, dark).draw()
	if err != nil {
		return false, err
	}
	other := talk.Button(v.Plain("button.dark"), talk.ActFigures, 1)
	if dark {
		other = talk.Button(v.Plain("button.light"), talk.ActFigures, 0)
	}
	keys := talk.Keyboard{talk.Row(other, talk.Button(v.Plain("button.table"), talk.ActTable))}
	_, err = f.Sender.SendPhoto(ctx, &tg.SendPhotoParams{
		ChatID: v.Sub.Chat.ID, Caption: v.Plain("stats.caption", f.header(v.Speaker, all)), ReplyMarkup: keys.Inline(), AllowPaidBroadcast: f.Paid,
	}, drawn)
	if err != nil {
		f.NoteUnsent(ctx, v.Sub.Chat.ID, err)
		return false, nil
	}
	return true, nil
}

// sendTable sends all figures as a table.
func (f *Figures) sendTable(ctx context.Context, v talk.Visit) error {
	all, err := f.read(ctx, 0)
	if err != nil {
		return err
	}
	names, err := f.issueNames(ctx, v.Speaker, all)
	if err != nil {
		return err
	}
	name := "figures-" + f.day(all).Format("2006-01-02") + ".csv"
	_, err = f.Sender.SendDocument(ctx, &tg.SendDocumentParams{
		ChatID: v.Sub.Chat.ID, Caption: v.Plain("stats.table"), AllowPaidBroadcast: f.Paid,
	}, name, table(all, names, f.day(all)))
	if err != nil {
		f.NoteUnsent(ctx, v.Sub.Chat.ID, err)
	}
	return nil
}
