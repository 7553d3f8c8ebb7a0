package reader

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// linkedIssue stands in deep links before the issue's number or its database id.
const linkedIssue = "issue_"

// issueLink returns a link that opens a private chat with the bot and has it send an
// issue. The link has the number of the issue, unless a newer issue has the same.
func (a *archive) issueLink(ctx context.Context, issue subscribers.Issue) (string, error) {
	name := subscribers.IDPrefix + strconv.FormatInt(issue.ID, 10)
	if issue.Number != 0 {
		namesake, err := a.Store.IssueByNumber(ctx, issue.Number)
		if err != nil {
			return "", err
		}
		if namesake.ID == issue.ID {
			name = strconv.Itoa(issue.Number)
		}
	}
	return fmt.Sprintf("https://t.me/%s?start=%s", a.Self.Load().Username, linkedIssue+name), nil
}

// issueLinkByID is issueLink for the issue with an id.
func (a *archive) issueLinkByID(ctx context.Context, id int64) (string, error) {
	issue, err := a.Store.Issue(ctx, id)
	if err != nil {
		return "", err
	}
	return a.issueLink(ctx, issue)
}

const (
	// linkMemory is how long the link of an issue is remembered: a broadcast asks for
	// the same one again and again, but a correction may give it another number.
	linkMemory = time.Minute
	maxLinks   = 100
)

// rememberedLink is issueLinkByID with a memory.
func (a *archive) rememberedLink(issue int64) (string, error) {
	if link, known := a.links.Find(issue, time.Now()); known {
		return link, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), talk.CallTimeout)
	defer cancel()
	link, err := a.issueLinkByID(ctx, issue)
	if err == nil {
		a.links.Keep(issue, link, time.Now())
	}
	return link, err
}
