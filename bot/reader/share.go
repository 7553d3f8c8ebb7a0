package reader

import (
	"context"
	"net/url"
	"strings"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/rendition"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// shareUnits bounds the text that is passed on with a link, in UTF-16 code units. In the
// address of a button each may take nine bytes.
const shareUnits = 100

// shareLink returns an address at which apps offer to pass a link on, with a text.
func shareLink(link, text string) string {
	encode := func(value string) string { // not every app reads "+" as a space
		return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
	}
	return "https://t.me/share/url?url=" + encode(link) + "&text=" + encode(digest.ShortenUnits(text, shareUnits))
}

// shareIssue offers to share an issue.
func shareIssue(s talk.Speaker, issue archive.Issue, link string) models.InlineKeyboardButton {
	return talk.LinkButton(s.Plain("button.share"), shareLink(link, talk.IssueTitle(s, issue)))
}

// shareSectionLink is shareLink for a section of an issue.
func (i *issues) shareSectionLink(s talk.Speaker, issue archive.Issue, section archive.Section) string {
	text := talk.IssueTitle(s, issue)
	if section.Name != "" {
		text = talk.SectionLabel(s, section) + " · " + text
	}
	return shareLink(i.sectionLink(issue, section.ID), text)
}

// shareSection offers to share the section of a message.
func (i *issues) shareSection(s talk.Speaker, issue archive.Issue, m archive.Message) models.InlineKeyboardButton {
	section := archive.Section{ID: m.SectionID, Name: m.Section, Emoji: m.Emoji}
	return talk.LinkButton(s.Plain("button.share"), i.shareSectionLink(s, issue, section))
}

// shareRow offers a reader to share a section of an issue that came in several messages,
// under the last of them. In one message, each section that unfolds can be shared.
func (i *issues) shareRow(s talk.Speaker, u rendition.Buttons) talk.Keyboard {
	if u.To.Kind != subscribers.Private || len(u.Unfolds) > 0 {
		return nil
	}
	if known, err := i.remembered(ofEdition{u.Issue, u.Edition}); err != nil || known.sections < 2 { // closingRow logs the error
		return nil
	}
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.share_section"), talk.ActOpenShare, u.Issue))}
}

// PressOpenShare shows what of an issue can be shared, in a new message.
func (i *issues) PressOpenShare(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, why, err := i.shownIssue(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	return talk.Reply{Then: func(ctx context.Context) error {
		text, k, err := i.sharePage(ctx, p.Speaker, issue, 0)
		if err == nil {
			i.Say(ctx, p.Visit, text, k)
		}
		return err
	}}, nil
}

// PressShare turns to a page of what can be shared.
func (i *issues) PressShare(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, why, err := i.shownIssue(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	return i.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return i.sharePage(ctx, i.SpeakerToAll(p.Visit), issue, p.Numbers[1])
	}), nil
}

// sharesPerPage keeps the addresses of a page to some thousand bytes.
const sharesPerPage = 8

// sharePage is the text and keyboard of one page of what can be shared of an issue: all of
// it, and its sections.
func (i *issues) sharePage(ctx context.Context, s talk.Speaker, issue archive.Issue, page int64) (string, talk.Keyboard, error) {
	link, err := i.issueLink(ctx, issue)
	if err != nil {
		return "", nil, err
	}
	sections, err := i.Store.IssueSections(ctx, issue)
	if err != nil {
		return "", nil, err
	}
	at, pages := talk.NearestPage(page, len(sections), sharesPerPage)
	title := talk.IssueTitle(s, issue)
	k := talk.Keyboard{talk.Row(talk.LinkButton(talk.Label("📰 "+title, talk.ButtonUnits), shareLink(link, title)))}
	from := at * sharesPerPage
	for _, section := range sections[from:min(from+sharesPerPage, len(sections))] {
		k = append(k, talk.Row(talk.LinkButton(talk.SectionLabel(s, section), i.shareSectionLink(s, issue, section))))
	}
	k = append(k, talk.Pager(at, pages, talk.ActShare, issue.ID)...)
	return s.HTML("share.which", talk.Values{"Issue": talk.IssueName(s, issue)}), k, nil
}
