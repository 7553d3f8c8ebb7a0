package check

import (
	"context"
	"fmt"
	"strings"

	"digestbot/digest"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/intake/sourceline"
)

// checkSource looks at a source as the bot does, and says what the newest issue in it is.
func (c *checker) checkSource(ctx context.Context, line sourceline.Line) []Finding {
	f := Finding{Subject: line.Called(), State: OK}
	found, err := intake.Try(ctx, line, c.Settings.Rules, c.Fetch)
	switch {
	case err != nil:
		f.State, f.Text = Failed, strings.TrimPrefix(reason(err), f.Subject+": ")
		if found.Name != "" && line.Folder != "" {
			f.Text = fmt.Sprintf("its youngest document, %s, cannot be read: %v", found.Name, err)
		}
		if line.Address != "" {
			f.Cure = "open the address in a browser; digestbot preview shows what is made of it"
		}
	case line.Folder != "" && found.Documents == 0:
		f.State, f.Text, f.Cure = Warning, "there are no documents in it", "put some there; --include says which names count"
	case line.Folder != "":
		f.Text = fmt.Sprintf("%s; the youngest is %s: %s", count(found.Documents, "document"), found.Name, newest(found.Newest))
	case line.Kind == sourceline.Index:
		f.Text = count(found.Links, "link") + " to issues"
	case found.Issues == 0:
		f.State, f.Text, f.Cure = Warning, "it is reached, and there is no issue in it", "digestbot preview shows what is made of it"
	default:
		f.Text = fmt.Sprintf("%s; the newest is %s", count(found.Issues, "entry"), newest(found.Newest))
	}
	return []Finding{f}
}

// newest names an issue with its date.
func newest(issue *digest.Issue) string {
	if issue == nil {
		return "without an issue"
	}
	text := fmt.Sprintf("%q", issue.Label())
	if !issue.Date.IsZero() {
		text += issue.Date.Format(" of 2 January 2006")
	}
	return text
}

func count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "entry":
		return fmt.Sprintf("%d entries", n)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
