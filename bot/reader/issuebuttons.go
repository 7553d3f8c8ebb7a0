package reader

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// maxUnfolds bounds the buttons that unfold sections: Telegram shows at most
// 100 under a message.
const maxUnfolds = 90

// IssueButtons returns the buttons under a message of an issue: those that unfold the
// sections of a compact message, and under the last message a way to share a section
// and the closing row, and once the hint that there are layouts of fewer messages.
func (i *issues) IssueButtons(u delivery.Buttons) [][]models.InlineKeyboardButton {
	s := i.SpeakerTo(u.To.Subscriber, "")
	if len(u.Month) > 0 {
		return i.monthButtons(s, u)
	}
	k := unfoldButtons(s, u.Issue, u.Edition, u.Unfolds)
	if u.Hint {
		k = append(k, talk.Row(talk.Button(s.Plain("button.fewer"), talk.ActOpenLayouts)))
	}
	if u.Last {
		k = append(k, i.shareRow(s, u)...)
		k = append(k, i.closingRow(s, u.To.Subscriber, u.Issue))
	}
	return k
}

// monthButtons stand under the headlines of a month: they bring each issue, and lead to the
// archive. In groups and channels the issues come to the private chat.
func (i *issues) monthButtons(s talk.Speaker, u delivery.Buttons) talk.Keyboard {
	private := u.To.Kind == subscribers.Private
	var buttons []models.InlineKeyboardButton
	for _, issue := range u.Month {
		label := "📰 " + talk.IssueLabel(issue)
		if private {
			buttons = append(buttons, talk.Button(label, talk.ActIssue, issue.ID))
		} else if known, err := i.remembered(issue.ID); err == nil {
			buttons = append(buttons, talk.LinkButton(label, known.link))
		}
	}
	k := talk.Grid(buttons)
	if private {
		return append(k, append(archiveKeyboard(s)[0], talk.Button(s.Plain("button.settings"), talk.ActOpenSettings)))
	}
	return append(k, i.offerRow(s, u.To.Subscriber))
}

// MonthTexts returns the words around the headlines of a month.
func (i *issues) MonthTexts(to subscribers.Subscriber, issues []archive.Issue) (heading string, names []string) {
	s := i.SpeakerTo(to, "")
	for _, issue := range issues {
		names = append(names, talk.IssueTitle(s, issue)+" · "+s.Date(issue.Date))
	}
	return s.Plain("issue.month"), names
}

// unfoldsPerRow fits two names of usual length into the width of a phone.
const unfoldsPerRow = 2

// unfoldButtons unfold sections of a compact message; each section is given by its first
// message.
func unfoldButtons(s talk.Speaker, issue int64, edition int, sections []archive.Message) talk.Keyboard {
	var buttons []models.InlineKeyboardButton
	for _, m := range sections[:min(len(sections), maxUnfolds)] {
		buttons = append(buttons, talk.Button("▾ "+talk.MessageName(s, m), talk.ActUnfold, issue, int64(edition), int64(m.Position)))
	}
	return inRows(buttons, unfoldsPerRow)
}

// closingRow stands under the last message of an issue.
func (i *issues) closingRow(s talk.Speaker, sub subscribers.Subscriber, issue int64) []models.InlineKeyboardButton {
	first := i.offerRow(s, sub)
	if first == nil {
		first = talk.Row(talk.Button(s.Plain("button.sections"), talk.ActSections), talk.Button(s.Plain("button.settings"), talk.ActOpenSettings))
	}
	known, err := i.remembered(issue)
	if err != nil {
		i.Log.Error("an issue cannot be shared", "issue", issue, "err", err)
		return first
	}
	return append(first, shareButton(s, known.link, talk.IssueTitle(s, known.Issue)))
}

// offerRow offers a subscription. In groups and channels only admins choose, so it offers
// everybody else one of their own. So it does to a reader who came by a link; nil: the
// reader is subscribed. The offer is a link, as a press would replace the message.
func (i *issues) offerRow(s talk.Speaker, sub subscribers.Subscriber) []models.InlineKeyboardButton {
	text := s.Plain("button.for_me")
	if sub.Kind == subscribers.Private {
		if sub.State == subscribers.On {
			return nil
		}
		text = s.Plain("button.subscribe")
	}
	return talk.Row(talk.LinkButton(text, i.StartLink(talk.StartSubscribe)))
}

// linkedIssue stands in deep links before the issue's number or its database id.
const linkedIssue = "issue_"

// issueLink returns a link that has the bot send an issue.
func (i *issues) issueLink(ctx context.Context, issue archive.Issue) (string, error) {
	name, err := i.linkName(ctx, issue)
	return i.StartLink(linkedIssue + name), err
}

// linkName names an issue in a link: by its number, unless a newer issue has the same.
func (i *issues) linkName(ctx context.Context, issue archive.Issue) (string, error) {
	if issue.Number != 0 {
		namesake, err := i.Store.IssueByNumber(ctx, issue.Number)
		if err != nil {
			return "", err
		}
		if namesake.ID == issue.ID {
			return strconv.Itoa(issue.Number), nil
		}
	}
	return archive.IDPrefix + strconv.FormatInt(issue.ID, 10), nil
}

const (
	// linkMemory is how long the link of an issue is remembered: a broadcast asks for
	// the same one again and again, but a correction may give it another number.
	linkMemory = time.Minute
	maxLinks   = 100
)

// linkedTo is an issue with its link.
type linkedTo struct {
	archive.Issue
	link     string
	sections int // how many it has
}

// remembered returns the issue with an id, from memory if that is fresh.
func (i *issues) remembered(id int64) (known linkedTo, err error) {
	if known, fresh := i.links.Find(id, time.Now()); fresh {
		return known, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), talk.CallTimeout)
	defer cancel()
	if known.Issue, err = i.Store.Issue(ctx, id); err != nil {
		return known, err
	}
	if known.link, err = i.issueLink(ctx, known.Issue); err != nil {
		return known, err
	}
	sections, err := i.Store.IssueSections(ctx, known.Issue)
	if known.sections = len(sections); err == nil {
		i.links.Keep(id, known, time.Now())
	}
	return known, err
}

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

func shareButton(s talk.Speaker, link, text string) models.InlineKeyboardButton {
	return talk.LinkButton(s.Plain("button.share"), shareLink(link, text))
}

// linkedSection stands in deep links before the database ids of an issue and a section.
const linkedSection = "section_"

// sectionLink returns a link that has the bot send a section of an issue.
func (i *issues) sectionLink(issue archive.Issue, section int64) string {
	return i.StartLink(fmt.Sprintf("%s%d_%d", linkedSection, issue.ID, section))
}

// readSectionLink reads the argument of a sectionLink; anybody can send any.
func readSectionLink(args string) (issue, section int64, ok bool) {
	ids, isLink := strings.CutPrefix(args, linkedSection)
	first, second, _ := strings.Cut(ids, "_")
	issue, err := strconv.ParseInt(first, 10, 64)
	section, failed := strconv.ParseInt(second, 10, 64)
	return issue, section, isLink && err == nil && failed == nil
}

// sectionText is passed on with the link to a section.
func sectionText(s talk.Speaker, issue archive.Issue, m archive.Message) string {
	title := talk.IssueTitle(s, issue)
	if m.Section == "" {
		return title
	}
	return talk.MessageName(s, m) + " · " + title
}

// shareSection offers to share the section of a message.
func (i *issues) shareSection(s talk.Speaker, issue archive.Issue, m archive.Message) talk.Keyboard {
	return talk.Keyboard{talk.Row(shareButton(s, i.sectionLink(issue, m.SectionID), sectionText(s, issue, m)))}
}

// sectionKeyboard stands under a section that came by itself: it offers a subscription, the
// rest of the issue, and to share the section.
func (i *issues) sectionKeyboard(ctx context.Context, v talk.Visit, issue archive.Issue, m archive.Message) (talk.Keyboard, error) {
	whole := talk.Button(v.Plain("button.issue"), talk.ActIssue, issue.ID)
	s := i.SpeakerToAll(v)
	if !v.Private() { // only admins may press that
		link, err := i.issueLink(ctx, issue)
		if err != nil {
			return nil, err
		}
		whole = talk.LinkButton(s.Plain("button.issue"), link)
	}
	k := talk.Keyboard{append(talk.Row(whole), i.shareSection(s, issue, m)[0]...)}
	if offer := i.offerRow(s, v.Sub); offer != nil {
		k = append(talk.Keyboard{offer}, k...)
	}
	return k, nil
}

// shareRow offers a reader to share a section of an issue that came in several messages,
// under the last of them. In one message, each section that unfolds can be shared.
func (i *issues) shareRow(s talk.Speaker, u delivery.Buttons) talk.Keyboard {
	if u.To.Kind != subscribers.Private || len(u.Unfolds) > 0 {
		return nil
	}
	if known, err := i.remembered(u.Issue); err != nil || known.sections < 2 {
		return nil
	}
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.share_section"), talk.ActOpenShare, u.Issue))}
}

// PressOpenShare shows what of an issue can be shared, in a new message.
func (i *issues) PressOpenShare(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, why, err := i.shared(ctx, p)
	if err != nil || why.Popup != "" {
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
	issue, why, err := i.shared(ctx, p)
	if err != nil || why.Popup != "" {
		return why, err
	}
	return i.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return i.sharePage(ctx, i.SpeakerToAll(p.Visit), issue, p.Numbers[1])
	}), nil
}

// shared returns the issue that a press is about. A reply with a popup says why it is not
// to be shared.
func (i *issues) shared(ctx context.Context, p talk.Press) (issue archive.Issue, why talk.Reply, err error) {
	if issue, err = i.Store.Issue(ctx, p.Numbers[0]); err != nil {
		why, err = talk.MissingReply(p, err)
	} else if issue.Withdrawn {
		why = talk.WithdrawnReply(p)
	}
	return issue, why, err
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
		m := archive.Message{SectionID: section.ID, Section: section.Name, Emoji: section.Emoji}
		k = append(k, talk.Row(talk.LinkButton(talk.MessageName(s, m), shareLink(i.sectionLink(issue, section.ID), sectionText(s, issue, m)))))
	}
	k = append(k, talk.Pager(at, pages, talk.ActShare, issue.ID)...)
	return s.HTML("share.which", talk.Values{"Issue": talk.IssueName(s, issue)}), k, nil
}
