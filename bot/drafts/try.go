package drafts

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/rendition"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// An admin can have a draft or an issue sent as any reader would get it. Which layout and
// sections is in the data of the buttons: nothing is remembered.

// What the first number of ActTry and its like says of the second.
const (
	aDraft  int64 = 0
	anIssue int64 = 1
)

// tried are the layouts to choose from, in the order of their numbers.
var tried = [...]digest.Layout{digest.LayoutSections, digest.LayoutAuto, digest.LayoutCompact, digest.LayoutRich}

// maxTried is how many sections can be switched off: as many as bits fit into a button.
const maxTried = 60

// trial is what ActTry says.
type trial struct {
	kind, id int64
	layout   int64 // number in tried
	off      int64 // a bit for each section that is switched off
}

func trialOf(p talk.Press) (t trial, ok bool) {
	t = trial{p.Numbers[0], p.Numbers[1], p.Numbers[2], p.Numbers[3]}
	return t, t.kind <= anIssue && t.layout < int64(len(tried))
}

func (t trial) button(text string, act talk.Action) models.InlineKeyboardButton {
	return talk.Button(text, act, t.kind, t.id, t.layout, t.off)
}

// find returns what a trial is about. A reply that is final says that it is not there, or was
// decided about.
func (d *Drafts) find(ctx context.Context, p talk.Press, t trial) (s subject, why talk.Reply, err error) {
	if t.kind == anIssue {
		s, err = d.ofIssue(ctx, t.id)
	} else {
		var draft subscribers.Draft
		if draft, err = d.Store.Draft(ctx, t.id); err == nil {
			s, why, err = d.findDraft(ctx, p, draft)
		}
	}
	if errors.Is(err, subscribers.ErrNotFound) {
		return s, talk.OutOfDateReply(p), nil
	}
	return s, why, err
}

func (d *Drafts) findDraft(ctx context.Context, p talk.Press, draft subscribers.Draft) (s subject, why talk.Reply, err error) {
	switch draft.State {
	case subscribers.DraftReady:
		s, err = d.ofDraft(ctx, draft)
	case subscribers.DraftSaved:
		s, err = d.ofIssue(ctx, draft.Issue)
	default:
		why = d.viewReply(p, aDraft, draft.ID, p.Plain("draft.decided"))
	}
	return s, why, err
}

// recipient returns a reader as a trial says.
func (t trial) recipient(messages []archive.Message) subscribers.Recipient {
	to := subscribers.Recipient{Subscriber: subscribers.Subscriber{Chat: subscribers.Chat{Kind: subscribers.Private}}, Muted: map[int64]bool{}}
	for i, section := range sectionsOf(messages) {
		if t.off>>i&1 == 1 {
			to.Muted[section.ID] = true
		}
	}
	return to
}

// sectionsOf returns the sections that have messages, in their order.
func sectionsOf(messages []archive.Message) (all []archive.Section) {
	for _, m := range messages {
		if m.SectionID == 0 || len(all) > 0 && all[len(all)-1].ID == m.SectionID {
			continue
		}
		all = append(all, archive.Section{ID: m.SectionID, Name: m.Section, Emoji: m.Emoji})
	}
	return all[:min(len(all), maxTried)]
}

// PressTry shows the layouts and sections to choose from.
func (d *Drafts) PressTry(ctx context.Context, p talk.Press) (talk.Reply, error) {
	t, ok := trialOf(p)
	if !ok {
		return talk.OutOfDateReply(p), nil
	}
	s, why, err := d.find(ctx, p, t)
	if err != nil || why.IsFinal() {
		return why, err
	}
	return d.ShowReply(p, func(context.Context) (string, talk.Keyboard, error) {
		to := t.recipient(s.messages)
		n := rendition.CountMessages(s.messages, to, rendition.LayoutFor(s.messages, to, tried[t.layout]))
		return p.HTML("try.title", talk.Values{
			"Issue": talk.IssueName(p.Speaker, s.row), "Messages": p.Plain("count.messages", talk.Values{"Count": n}),
		}), t.keyboard(p.Speaker, s), nil
	}), nil
}

func (t trial) keyboard(s talk.Speaker, of subject) talk.Keyboard {
	var layouts []models.InlineKeyboardButton
	for i := range tried {
		other := t
		other.layout = int64(i)
		text := layoutName(s, tried[i])
		if other == t {
			text = "🔘 " + text
		}
		layouts = append(layouts, other.button(text, talk.ActTry))
	}
	k := talk.Keyboard{layouts[:2], layouts[2:]}
	for i, section := range sectionsOf(of.messages) {
		other, mark := t, "✅ "
		other.off ^= 1 << i
		if t.off>>i&1 == 1 {
			mark = "⬜ "
		}
		k = append(k, talk.Row(other.button(mark+talk.SectionLabel(s, section), talk.ActTry)))
	}
	return append(k,
		talk.Row(t.button(s.Plain("button.try_send"), talk.ActGive)),
		talk.Row(talk.Button(s.Plain("button.back"), talk.ActLookBack, t.kind, t.id)))
}

func layoutName(s talk.Speaker, layout digest.Layout) string {
	return s.Plain("layout_name." + string(layout))
}

// PressGive sends a subject as a trial says.
func (d *Drafts) PressGive(ctx context.Context, p talk.Press) (talk.Reply, error) {
	t, ok := trialOf(p)
	if !ok {
		return talk.OutOfDateReply(p), nil
	}
	s, why, err := d.find(ctx, p, t)
	if err != nil || why.IsFinal() {
		return why, err
	}
	to := t.recipient(s.messages)
	return talk.Reply{Popup: p.Plain("press.on_its_way"), Then: func(ctx context.Context) error {
		return d.aloneIn(ctx, p.Visit, func() error { return d.sendPreview(ctx, p.Visit, s, to, tried[t.layout]) })
	}}, nil
}

// PressLookBack shows what a trial was about.
func (d *Drafts) PressLookBack(ctx context.Context, p talk.Press) (talk.Reply, error) {
	kind, id := p.Numbers[0], p.Numbers[1]
	if kind > anIssue {
		return talk.OutOfDateReply(p), nil
	}
	if _, _, err := d.view(ctx, p.Speaker, kind, id); err != nil {
		return talk.MissingReply(p, err)
	}
	return d.viewReply(p, kind, id, ""), nil
}
