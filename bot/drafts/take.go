package drafts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Wants reports whether a message that is no command, from an admin in private, brings a
// document: a file, a forwarded post, an address, a text as long as no search is, or
// whatever comes while a draft is open.
func (d *Drafts) Wants(ctx context.Context, m *models.Message) (bool, error) {
	if m.Document != nil && m.Animation == nil { // Telegram calls a moving picture both
		return true, nil
	}
	text, _ := textOf(m)
	_, err := d.Store.OpenDraftOf(ctx, m.From.ID)
	switch {
	case err == nil: // a sticker or a contact has nothing to add
		return text != "" || len(m.Photo) > 0, nil
	case !errors.Is(err, subscribers.ErrNotFound):
		return false, err
	}
	return m.ForwardOrigin != nil && strings.TrimSpace(text) != "" || isAddress(text) || isLong(text), nil
}

// textOf returns the text of a message, or what is written under its picture or file.
func textOf(m *models.Message) (string, []models.MessageEntity) {
	if m.Text != "" {
		return m.Text, m.Entities
	}
	return m.Caption, m.CaptionEntities
}

// onlyAddress is a text that is an address and nothing else.
var onlyAddress = regexp.MustCompile(`^\s*https?://\S+\s*$`)

func isAddress(text string) bool { return onlyAddress.MatchString(text) }

// A text that an admin has written is a document if it has several lines and is longer than
// what anybody searches for.
const (
	longLines = 3
	longUnits = 160
)

func isLong(text string) bool {
	lines := strings.Count(strings.TrimSpace(text), "\n") + 1
	return lines >= longLines && (unitsOf(text) >= longUnits || isMarkdown(text))
}

// Take takes what a message brings.
func (d *Drafts) Take(ctx context.Context, v talk.Visit, m *models.Message) error {
	open, err := d.Store.OpenDraftOf(ctx, v.User)
	if err == nil {
		return d.takePart(ctx, v, open, m)
	}
	if !errors.Is(err, subscribers.ErrNotFound) {
		return err
	}
	if d.isSecond(ctx, v, m) {
		return nil
	}
	read := d.content
	if text, _ := textOf(m); isAddress(text) && m.Document == nil && m.ForwardOrigin == nil {
		read = d.fetched
	}
	p, err := read(ctx, m)
	if err != nil {
		d.sayUnreadable(ctx, v, cmp.Or(p.Name, d.nameOf(m, "")), err)
		return nil
	}
	if len(m.Photo) > 0 {
		d.Say(ctx, v, v.HTML("draft.picture"), nil)
	}
	name := p.Name
	if name == "" {
		name = d.nameOf(m, ".html")
	}
	return d.begin(ctx, v, subscribers.Draft{User: v.User, Message: m.ID, Name: name, State: subscribers.DraftReady, Document: p.Content})
}

// begin keeps a draft with its document and shows it. A document that cannot be read is not
// kept.
func (d *Drafts) begin(ctx context.Context, v talk.Visit, draft subscribers.Draft) error {
	if _, err := parse(draft.Name, draft.Document); err != nil {
		d.sayUnreadable(ctx, v, draft.Name, err)
		return nil
	}
	draft, err := d.Store.AddDraft(ctx, draft)
	if err != nil {
		return err
	}
	return d.present(ctx, v, draft)
}

// present sends a draft as readers get it, and then its summary.
func (d *Drafts) present(ctx context.Context, v talk.Visit, draft subscribers.Draft) error {
	return d.aloneIn(ctx, v, func() error { return d.presentNow(ctx, v, draft) })
}

func (d *Drafts) presentNow(ctx context.Context, v talk.Visit, draft subscribers.Draft) error {
	if draft.State == subscribers.DraftReady {
		s, err := d.ofDraft(ctx, draft)
		if err != nil {
			return err
		}
		if s.saved == archive.Unchanged {
			return d.sayKnown(ctx, v, s)
		}
		if err := d.sendPreview(ctx, v, s, trial{}.recipient(nil), d.config.Layout); err != nil {
			return err
		}
	}
	text, k, err := d.view(ctx, v.Speaker, aDraft, draft.ID)
	if err == nil {
		d.Say(ctx, v, text, k)
	}
	return err
}

// sayKnown says that the archive has the very document of a draft.
func (d *Drafts) sayKnown(ctx context.Context, v talk.Visit, s subject) error {
	state, err := d.standing(ctx, v.Speaker, s.row)
	if err == nil {
		text := v.HTML("draft.known", talk.Values{"Issue": talk.IssueName(v.Speaker, s.row)})
		d.Say(ctx, v, talk.Paragraphs(text, state), issueKeyboard(v.Speaker, s.row))
	}
	return err
}

// sayUnreadable says why there is no draft.
func (d *Drafts) sayUnreadable(ctx context.Context, v talk.Visit, name string, err error) {
	if ctx.Err() != nil {
		return
	}
	d.Log.Info("a document of an admin is not taken", "chat", v.Sub.Chat.ID, "err", d.Masked(err))
	d.Say(ctx, v, v.HTML("draft.unreadable", talk.Values{"Name": name, "Error": d.InShort(err)}), nil)
}

// isSecond reports whether a message belongs to an album of which another file was taken. It
// says so once.
func (d *Drafts) isSecond(ctx context.Context, v talk.Visit, m *models.Message) bool {
	if m.MediaGroupID == "" {
		return false
	}
	nth := 0
	d.albums.Change(m.MediaGroupID, time.Now(), func(n int, _ bool) int {
		nth = n + 1
		return nth
	})
	if nth == 2 {
		d.Say(ctx, v, v.HTML("draft.album"), nil)
	}
	return nth > 1
}

// errNoText: a message has neither a file nor a text.
var errNoText = errors.New("there is neither a file nor a text in it")

// content returns what a message brings, as a part of a draft. A text is HTML, and without a
// name, or Markdown.
func (d *Drafts) content(ctx context.Context, m *models.Message) (p subscribers.Part, err error) {
	p.Message = m.ID
	text, entities := textOf(m)
	switch {
	case m.Document != nil:
		p.Name = d.nameOf(m, "")
		p.Content, err = d.download(ctx, m.Document)
	case strings.TrimSpace(text) == "":
		err = errNoText
	case isMarkdown(text):
		p.Name, p.Content = d.nameOf(m, ".md"), []byte(toMarkdown(text, entities))
	default:
		p.Content = []byte(toHTML(text, entities))
	}
	return p, err
}

// fetched returns the document at the address that a message is.
func (d *Drafts) fetched(ctx context.Context, m *models.Message) (p subscribers.Part, err error) {
	text, _ := textOf(m)
	p = subscribers.Part{Message: m.ID, Name: strings.TrimSpace(text)}
	if d.config.Fetch == nil {
		return p, errors.New("addresses are not fetched here")
	}
	talk.PassTurn(ctx)
	p.Name, p.Content, err = d.config.Fetch(ctx, p.Name)
	return p, err
}

// nameOf returns the name of the file of a message, or one made of the day on which its text
// was written: it gives an issue its date and key if nothing else does.
func (d *Drafts) nameOf(m *models.Message, extension string) string {
	if m.Document != nil {
		name := path.Base("/" + strings.ReplaceAll(strings.ToValidUTF8(m.Document.FileName, ""), "\\", "/"))
		if name != "/" && name != "." {
			return name
		}
		return fmt.Sprintf("document-%d", m.ID)
	}
	return time.Unix(int64(writtenAt(m)), 0).In(d.Location).Format(time.DateOnly) + extension
}

// writtenAt returns when the text of a message was written, Unix time.
func writtenAt(m *models.Message) int {
	if o := m.ForwardOrigin; o != nil {
		switch {
		case o.MessageOriginChannel != nil:
			return o.MessageOriginChannel.Date
		case o.MessageOriginUser != nil:
			return o.MessageOriginUser.Date
		case o.MessageOriginHiddenUser != nil:
			return o.MessageOriginHiddenUser.Date
		case o.MessageOriginChat != nil:
			return o.MessageOriginChat.Date
		}
	}
	return m.Date
}
