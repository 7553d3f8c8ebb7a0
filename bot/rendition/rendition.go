// Package rendition says what a recipient gets of an issue: which messages there are in a
// layout, and what text, buttons and preview each has. It reads and sends nothing.
//
//	messages, err = rendition.ForReader(messages, to, texts.HiddenLine)
//	v := rendition.View{Texts: texts, Messages: messages, To: to, Layout: layout, Issue: issue, Edition: edition}
//	r := v.Render(position, v.Form(position), false)
//
// The same view gives the same rendition. So a message that was sent can be compared with
// what it would be after a correction.
package rendition

import (
	"cmp"
	"slices"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Texts are the words and buttons around the texts of an issue.
type Texts struct {
	// Keyboard returns the rows of buttons under a message of an issue. There are none
	// if it is nil, or returns no rows with buttons.
	Keyboard func(Buttons) [][]models.InlineKeyboardButton
	// HiddenLine returns what stands in place of the items that the words of a recipient hide.
	// If it is nil, nothing does.
	HiddenLine HiddenLine
}

// Buttons is what the buttons under a message of an issue depend on.
type Buttons struct {
	To      subscribers.Recipient
	Issue   int64
	Edition int
	// Unfolds are, in the compact layout, the first messages of the sections whose
	// headlines are in the message.
	Unfolds []archive.Message
	// Ends are the first messages of the sections that end in the message, as in the layouts in
	// which each section has a message.
	Ends  []archive.Message
	Month []archive.Issue // in the monthly layout, the issues whose headlines are in the message
	Last  bool            // no message of the issue follows
	Hint  bool            // the chat is to be told that there are layouts of fewer messages
}

// View is an edition of an issue as a recipient sees it.
type View struct {
	Texts
	Messages []archive.Message // of the edition, as ForReader returns them; they are not changed
	To       subscribers.Recipient
	Layout   digest.Layout // not auto
	Issue    int64
	Edition  int
	// Alone are positions at which a message begins although its section would share one.
	Alone map[int]bool
}

// Rendition is a message in the form in which Telegram gets it.
type Rendition struct {
	Text     string
	Mode     models.ParseMode
	Rich     string // HTML of a rich message, which has no text then; empty: it is none
	Preview  *models.LinkPreviewOptions
	Keyboard *models.InlineKeyboardMarkup // nil: none
}

// Mutes reports whether a message is not for the recipient.
func (v View) Mutes(position int) bool { return v.To.Mutes(v.Messages[position]) }

// Reach returns the position of the last message whose content is in the one at a position.
func (v View) Reach(position int) int {
	last := reach(v.Messages, v.To, v.Layout, position)
	for p := position + 1; p <= last; p++ {
		if v.Alone[p] {
			return p - 1
		}
	}
	return last
}

// IsLast reports whether no message of the issue follows the one that ends at a position.
func (v View) IsLast(last int) bool {
	for p := last + 1; p < len(v.Messages); p++ {
		if !v.Mutes(p) {
			return false
		}
	}
	return true
}

// IsRich reports whether the message at a position is a rich message.
func (v View) IsRich(position int) bool {
	return v.Layout == digest.LayoutRich && isRich(v.Messages[position])
}

// Message returns the message at a position with all that goes out in it, and names on a
// cover only the sections that come to the recipient. plain says that its plain form is
// needed, which takes long to make if sections share the message.
func (v View) Message(position int, plain bool) archive.Message {
	m := v.cover(v.Messages[position])
	if v.Layout == digest.LayoutSections {
		m = v.shared(m, v.Reach(position), plain)
	}
	return m
}

// Form returns the form in which Telegram takes the message at a position. The compact
// message is a text of its own, about which a refusal of the cover says nothing, and so are
// the headlines of a month.
func (v View) Form(position int) sender.Form {
	if v.Layout == digest.LayoutCompact || v.Layout == digest.LayoutMonthly {
		return sender.Form{NoPreview: v.To.NoPreviews}
	}
	m := v.Message(position, false)
	return sender.Form{Bare: m.Bare != "", Plain: m.Refused != "", NoPreview: v.To.NoPreviews}
}

// Render returns the message at a position in a form. hint says that it tells of layouts
// of fewer messages.
func (v View) Render(position int, form sender.Form, hint bool) Rendition {
	m := v.Message(position, form.Plain)
	buttons := Buttons{Ends: v.ends(position), To: v.To, Issue: v.Issue, Edition: v.Edition, Last: v.IsLast(v.Reach(position)), Hint: hint}
	r := Rendition{Text: m.HTML, Mode: models.ParseModeHTML, Preview: PreviewOf(m, v.To.Subscriber)}
	switch {
	case v.IsRich(position):
		r.Text, r.Rich = "", m.Rich
	case v.Layout == digest.LayoutCompact:
		r.Text, buttons.Unfolds = Compact(v.Messages, v.To, v.HiddenLine)
	case form.Plain:
		r.Text, r.Mode = m.Plain, ""
	}
	if !form.Bare {
		r.Keyboard = v.Attached(buttons)
	}
	if form.Bare || form.NoPreview {
		r.Preview = sender.WithoutPreview()
	}
	return r
}

// ends returns the first messages of the sections that end in the message at a position. A
// section that was merged with another one counts once.
func (v View) ends(position int) (all []archive.Message) {
	if v.Layout == digest.LayoutCompact || v.Layout == digest.LayoutMonthly {
		return nil
	}
	last := v.Reach(position)
	for p := position; p <= last; p++ {
		m := v.Messages[p]
		known := slices.ContainsFunc(all, func(o archive.Message) bool { return o.SectionID == m.SectionID })
		if m.SectionID == 0 || known || v.Mutes(p) {
			continue
		}
		if first, end := archive.SectionOf(v.Messages, p); end <= last {
			all = append(all, v.Messages[first])
		}
	}
	return all
}

// Attached returns the buttons under a message; nil: there are none.
func (t Texts) Attached(buttons Buttons) *models.InlineKeyboardMarkup {
	if t.Keyboard == nil {
		return nil
	}
	k := sender.Keyboard(t.Keyboard(buttons))
	if len(k.InlineKeyboard) == 0 {
		return nil
	}
	return k
}

// shared returns a message with all that goes out in it, up to a position, without what is
// switched off. In what form one section has to be sent alone, in that form all of them are
// sent together.
func (v View) shared(next archive.Message, last int, plain bool) archive.Message {
	if last == next.Position {
		return next
	}
	var m archive.Message
	var texts []string
	for p := next.Position; p <= last; p++ {
		other := v.Messages[p]
		switch {
		case v.Mutes(p):
			continue
		case texts == nil:
			m, texts = other, []string{other.HTML}
		default:
			texts = append(texts, other.Share)
		}
		m.Refused, m.Bare = cmp.Or(m.Refused, other.Refused), cmp.Or(m.Bare, other.Bare)
	}
	if len(texts) > 1 {
		m.HTML = digest.Shared(texts)
		if plain || m.Refused != "" { // which is rare, and takes long
			m.Plain = digest.PlainOf(m.HTML)
		}
	}
	return m
}

// cover returns a message as the recipient gets it: a cover names only the sections that
// come to them.
func (v View) cover(m archive.Message) archive.Message {
	if m.List.IsZero() || len(v.To.Muted) == 0 && !v.To.MutesOther && len(v.To.Words) == 0 {
		return m
	}
	m.HTML = m.List.HTML.Renamed(m.HTML, v.nameOnCover)
	m.Plain = m.List.Plain.Renamed(m.Plain, v.nameOnCover)
	m.Rich = m.List.Rich.Renamed(m.Rich, v.nameOnCover)
	return m
}

// nameOnCover returns what the cover says of a section, by its first message; "": nothing.
func (v View) nameOnCover(position int, name string) string {
	if v.Mutes(position) {
		return ""
	}
	m := v.Messages[position]
	return digest.Fewer(name, m.All, m.Hidden)
}

// Rich returns the rich message with that HTML. rtl says that it is written from right to
// left.
func Rich(html string, rtl bool) models.InputRichMessage {
	return models.InputRichMessage{HTML: html, IsRTL: rtl, SkipEntityDetection: true}
}
