package delivery

import (
	"context"
	"sync"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/rendition"
	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// A reader may want the headlines of a month in one message instead of issues. The freeze
// of a broadcast decides whether they are due, and the message takes the place of all
// messages of its issue, as a compact one does. It has the headlines of that issue, and of
// those that readers are shown between the issue of the last such message and this one. If
// it does not get through, nothing notes that it came, and the next broadcast brings it.

// MonthTexts returns the heading of such a message, and what its issues are called there,
// in plain text.
type MonthTexts func(to subscribers.Subscriber, issues []archive.Issue) (heading string, names []string)

// monthIssue is an issue of which a reader gets the headlines.
type monthIssue struct {
	archive.Issue
	*messages
}

// maxMonthIssues is how many issues such a message has. A daily digest has 31 in a month.
const maxMonthIssues = 40

// months are the issues of which the readers of a broadcast get headlines. Those of one
// reader are the newest of those of another, so messages are read once for all readers.
type months struct {
	mu     sync.Mutex
	since  map[int64][]monthIssue // by the issue with which readers had the last such message
	loaded map[edition]*messages
}

// edition is an issue as it was at a time.
type edition struct {
	issue   int64
	edition int
}

// isMonthly reports whether the delivery brings the headlines of a month. One that has
// begun goes on as it began. A reader who asks for the issue gets the issue.
func (c *courier) isMonthly() bool {
	d := &c.delivery
	if d.Attempts > 0 || d.NextMessage > 0 {
		return d.Layout == digest.LayoutMonthly
	}
	return c.to.Every == subscribers.Monthly && d.BroadcastID != 0 && !c.urgent.Load() && !c.next.replacement.issue
}

// month returns the issues since a reader had the last headlines, the newest first.
func (c *courier) month(ctx context.Context) ([]monthIssue, error) {
	m := &c.messages.months
	m.mu.Lock()
	defer m.mu.Unlock()
	if known, ok := m.since[c.to.MonthIssue]; ok {
		return known, nil
	}
	this, err := c.b.store.Issue(ctx, c.delivery.IssueID)
	if err != nil {
		return nil, err
	}
	issues, err := c.b.store.IssuesBetween(ctx, c.to.MonthIssue, this.ID, maxMonthIssues-1)
	if err != nil {
		return nil, err
	}
	all := []monthIssue{{this, c.messages}}
	for _, issue := range issues {
		messages, err := m.loadLocked(ctx, c.b, issue)
		if err != nil {
			return nil, err
		}
		all = append(all, monthIssue{issue, messages})
	}
	if m.since == nil {
		m.since = make(map[int64][]monthIssue)
	}
	m.since[c.to.MonthIssue] = all
	return all, nil
}

// loadLocked returns the messages of an issue.
func (m *months) loadLocked(ctx context.Context, b *Broadcaster, issue archive.Issue) (*messages, error) {
	key := edition{issue.ID, issue.Edition}
	if known, ok := m.loaded[key]; ok {
		return known, nil
	}
	read, err := b.loadMessages(ctx, issue.ID, issue.Edition)
	if err != nil {
		return nil, err
	}
	if m.loaded == nil {
		m.loaded = make(map[edition]*messages)
	}
	m.loaded[key] = read
	return read, nil
}

// monthly returns the message of headlines. last and hint are as in rendition.Buttons.
func (c *courier) monthly(ctx context.Context, last, hint bool) (rendition.Rendition, error) {
	text, issues, err := c.monthText(ctx)
	if err != nil {
		return rendition.Rendition{}, err
	}
	return rendition.Rendition{
		Text: text, Mode: models.ParseModeHTML, Preview: sender.WithoutPreview(),
		Keyboard: c.b.config.Attached(rendition.Buttons{
			To: c.to, Issue: c.delivery.IssueID, Edition: c.delivery.Edition, Month: issues, Last: last, Hint: hint,
		}),
	}, nil
}

// monthText returns the text of the message, in HTML, and the issues that it is of.
func (c *courier) monthText(ctx context.Context) (text string, issues []archive.Issue, err error) {
	all, err := c.month(ctx)
	if err != nil {
		return "", nil, err
	}
	var parts []digest.MonthIssue
	for n, issue := range all {
		list := issue.list()
		if len(c.to.Words) > 0 {
			list = issue.words().ForReader(list, c.to, nil)
		}
		if sections, wanted := monthSections(list, c.to); wanted || n == 0 {
			issues, parts = append(issues, issue.Issue), append(parts, digest.MonthIssue{Sections: sections})
		}
	}
	var heading string
	if c.b.config.Month != nil {
		var names []string
		heading, names = c.b.config.Month(c.to.Subscriber, issues)
		for n := range parts {
			parts[n].Name = names[n]
		}
	}
	return digest.Month(heading, parts), issues, nil
}

// monthSections returns the headlines of an issue that a recipient wants. wanted is false
// if it wants none of its sections.
func monthSections(messages []archive.Message, to subscribers.Recipient) (sections []digest.MonthSection, wanted bool) {
	wanted = len(messages) > 0 && messages[len(messages)-1].SectionID == 0 // the issue is all cover
	for _, m := range messages {
		if m.SectionID == 0 || to.Mutes(m) {
			continue
		}
		wanted = true
		if m.Headlines != "" {
			sections = append(sections, digest.MonthSection{Headlines: m.Headlines, Named: m.Section != ""})
		}
	}
	return sections, wanted
}

// withoutMonth has the issue go out in place of headlines that Telegram refuses.
func (c *courier) withoutMonth(r sender.Response, cause error) {
	c.b.log.Warn("the headlines of a month are refused, the issue goes out instead", "chat", c.to.Chat.ID, "issue", c.delivery.IssueID, "reason", r.Reason, "err", cause)
	c.next.replacement.issue = true
	c.delivery.Layout = ""
}
