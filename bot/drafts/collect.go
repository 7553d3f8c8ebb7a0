package drafts

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest/document"
	"digestbot/subscribers"
)

// Between /draft and /done an admin sends the parts of an issue, each a message. They are
// in the database, so a restart changes nothing.

// maxParts bounds the messages of a draft.
const maxParts = 100

// Draft opens a draft, or says that one is open.
func (d *Drafts) Draft(ctx context.Context, v talk.Visit, _ string) error {
	open, err := d.Store.OpenDraftOf(ctx, v.User)
	if err == nil {
		return d.sayParts(ctx, v, open, "draft.open")
	}
	if !errors.Is(err, subscribers.ErrNotFound) {
		return err
	}
	// Below zero, for it is the id of no message; the same after a crash.
	message := -int(v.Published.Unix())
	open, err = d.Store.AddDraft(ctx, subscribers.Draft{User: v.User, Message: message, Name: "/draft", State: subscribers.DraftOpen})
	if err != nil {
		return err
	}
	d.Say(ctx, v, v.HTML("draft.begin"), cancelKeyboard(v.Speaker, open))
	return nil
}

func cancelKeyboard(s talk.Speaker, draft subscribers.Draft) talk.Keyboard {
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.draft_cancel"), talk.ActPartsCancel, draft.ID))}
}

func partsKeyboard(s talk.Speaker, draft subscribers.Draft) talk.Keyboard {
	return append(talk.Keyboard{talk.Row(talk.Button(s.Plain("button.draft_done"), talk.ActPartsDone, draft.ID))}, cancelKeyboard(s, draft)...)
}

// sayParts says how many parts an open draft has.
func (d *Drafts) sayParts(ctx context.Context, v talk.Visit, draft subscribers.Draft, key string) error {
	parts, err := d.Store.Parts(ctx, draft.ID)
	if err != nil {
		return err
	}
	k := partsKeyboard(v.Speaker, draft)
	if len(parts) == 0 {
		k = cancelKeyboard(v.Speaker, draft)
	}
	count := talk.Values{"Messages": v.Plain("count.messages", talk.Values{"Count": len(parts)})}
	text := v.HTML("draft.part", count)
	if key == "draft.open" {
		text = v.HTML("draft.open", count)
	}
	d.Say(ctx, v, text, k)
	return nil
}

// takePart adds a message to an open draft. When several come at once, only the last is
// answered.
func (d *Drafts) takePart(ctx context.Context, v talk.Visit, draft subscribers.Draft, m *models.Message) error {
	if text, _ := textOf(m); len(m.Photo) > 0 {
		d.Say(ctx, v, v.HTML("draft.picture"), nil)
		if strings.TrimSpace(text) == "" {
			return nil
		}
	}
	p, err := d.content(ctx, m)
	if err == nil {
		err = d.checkPart(ctx, draft, p)
	}
	if err != nil {
		d.sayUnreadable(ctx, v, cmp.Or(p.Name, d.nameOf(m, "")), err)
		return nil
	}
	if err := d.Store.PutPart(ctx, draft.ID, p); err != nil {
		return err
	}
	if d.config.MoreComing != nil && d.config.MoreComing(ctx, m) {
		return nil
	}
	return d.sayParts(ctx, v, draft, "")
}

// errFull: a draft has as many parts as it may have.
var errFull = errors.New("the draft is as large as an issue may be: send /done, and begin another one")

// checkPart refuses at once what /done could not join: a part cannot be taken out again.
func (d *Drafts) checkPart(ctx context.Context, draft subscribers.Draft, p subscribers.Part) error {
	parts, err := d.Store.Parts(ctx, draft.ID)
	if err != nil {
		return err
	}
	parts = slices.DeleteFunc(parts, func(other subscribers.Part) bool { return other.Message == p.Message }) // handled twice
	if isPage(p) {
		if _, err := parse(p.Name, p.Content); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(parts, isPage) {
		return errAfterPage
	}
	if _, _, err := join(append(parts, p), time.Now()); err != nil {
		return err
	}
	size := len(p.Content)
	for _, other := range parts {
		size += len(other.Content)
	}
	if len(parts) >= maxParts || size > document.MaxSize {
		return errFull
	}
	return nil
}

// TakeEdit replaces a part of an open draft whose message was edited. taken is false if the
// message is none of its parts.
func (d *Drafts) TakeEdit(ctx context.Context, v talk.Visit, m *models.Message) (taken bool, err error) {
	draft, err := d.Store.OpenDraftOf(ctx, v.User)
	if errors.Is(err, subscribers.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	parts, err := d.Store.Parts(ctx, draft.ID)
	i := slices.IndexFunc(parts, func(p subscribers.Part) bool { return p.Message == m.ID })
	if err != nil || i < 0 {
		return false, err
	}
	p, err := d.content(ctx, m)
	if err != nil {
		d.sayUnreadable(ctx, v, cmp.Or(p.Name, d.nameOf(m, "")), err)
		return true, nil
	}
	if p.Name == parts[i].Name && bytes.Equal(p.Content, parts[i].Content) {
		return true, nil // Telegram has found the preview of a link, or the like
	}
	if err := d.Store.PutPart(ctx, draft.ID, p); err != nil {
		return true, err
	}
	d.Say(ctx, v, v.HTML("draft.edited"), partsKeyboard(v.Speaker, draft))
	return true, nil
}

// Done completes the open draft and shows it.
func (d *Drafts) Done(ctx context.Context, v talk.Visit, _ string) error {
	draft, err := d.Store.OpenDraftOf(ctx, v.User)
	if errors.Is(err, subscribers.ErrNotFound) {
		d.Say(ctx, v, v.HTML("draft.none_open"), nil)
		return nil
	}
	if err != nil {
		return err
	}
	return d.complete(ctx, v, draft)
}

// complete makes a document of the parts of a draft. If that cannot be read, the draft stays
// open, so that its messages can be edited.
func (d *Drafts) complete(ctx context.Context, v talk.Visit, draft subscribers.Draft) error {
	parts, err := d.Store.Parts(ctx, draft.ID)
	if err != nil {
		return err
	}
	if len(parts) == 0 {
		d.Say(ctx, v, v.HTML("draft.nothing"), cancelKeyboard(v.Speaker, draft))
		return nil
	}
	name, data, err := join(parts, time.Now().In(d.Location))
	if err == nil {
		_, err = parse(name, data)
	}
	if err != nil {
		d.sayUnreadable(ctx, v, cmp.Or(name, "/draft"), err)
		return d.sayParts(ctx, v, draft, "draft.open")
	}
	ready, err := d.Store.CompleteDraft(ctx, draft.ID, name, data)
	if errors.Is(err, subscribers.ErrDecided) { // by a press just before
		return nil
	}
	if err != nil {
		return err
	}
	return d.present(ctx, v, ready)
}

// Cancel forgets the open draft.
func (d *Drafts) Cancel(ctx context.Context, v talk.Visit, _ string) error {
	draft, err := d.Store.OpenDraftOf(ctx, v.User)
	if errors.Is(err, subscribers.ErrNotFound) {
		d.Say(ctx, v, v.HTML("draft.none_open"), nil)
		return nil
	}
	if err == nil {
		_, err = d.Store.DiscardDraft(ctx, draft.ID, v.Actor())
	}
	if err != nil && !errors.Is(err, subscribers.ErrDecided) {
		return err
	}
	d.Say(ctx, v, v.HTML("draft.cancelled"), nil)
	return nil
}

// openDraftOf returns the visitor's open draft that a press is about. A reply that is final
// says that it is not open any more.
func (d *Drafts) openDraftOf(ctx context.Context, p talk.Press) (subscribers.Draft, talk.Reply, error) {
	draft, err := d.Store.Draft(ctx, p.Numbers[0])
	if err == nil && (draft.State != subscribers.DraftOpen || draft.User != p.User) {
		return draft, talk.Reply{Popup: p.Plain("draft.not_open"), Alert: true}, nil
	}
	if err != nil {
		why, err := talk.MissingReply(p, err)
		return draft, why, err
	}
	return draft, talk.Reply{}, nil
}

// PressPartsDone completes a draft.
func (d *Drafts) PressPartsDone(ctx context.Context, p talk.Press) (talk.Reply, error) {
	draft, why, err := d.openDraftOf(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	return talk.Reply{Then: func(ctx context.Context) error { return d.complete(ctx, p.Visit, draft) }}, nil
}

// PressPartsCancel forgets an open draft.
func (d *Drafts) PressPartsCancel(ctx context.Context, p talk.Press) (talk.Reply, error) {
	draft, why, err := d.openDraftOf(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	if _, err := d.Store.DiscardDraft(ctx, draft.ID, p.Actor()); err != nil && !errors.Is(err, subscribers.ErrDecided) {
		return talk.Reply{}, err
	}
	return d.ShowReply(p, func(context.Context) (string, talk.Keyboard, error) { return p.HTML("draft.cancelled"), nil, nil }), nil
}
