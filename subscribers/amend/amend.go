// Package amend changes an issue in the file of a database, for the command line: the bot may
// run meanwhile.
package amend

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// ErrDate says that a text is not a date.
var ErrDate = errors.New("not a date")

// Withdraw withdraws the issue with that number or key in the file database, or with
// undo restores it. The bot may run meanwhile. It returns what was done, for people. The
// error names other issues if none or several have that name. It is
// [subscribers.ErrNoDatabase] if there is no such file.
func Withdraw(ctx context.Context, database, name string, undo bool) (done string, err error) {
	err = change(ctx, database, name, func(store *subscribers.Store, issue archive.Issue) error {
		if undo {
			issue, changed, err := store.RestoreIssue(ctx, issue.ID, subscribers.Actor{User: subscribers.CommandLine})
			done = "restored: " + nameOf(issue)
			if !changed {
				done = "it was not withdrawn: " + nameOf(issue)
			}
			return err
		}
		w, err := store.WithdrawIssue(ctx, issue.ID, subscribers.Actor{User: subscribers.CommandLine})
		done = "withdrawn: " + nameOf(w.Issue)
		if !w.Changed {
			done = "it was withdrawn before: " + nameOf(w.Issue)
		}
		if w.Cancelled > 0 {
			done += "\nits broadcast is cancelled; a bot that is sending it stops within seconds"
		}
		if w.Reached > 0 {
			done += fmt.Sprintf("\nsubscribers that have it, or a part of it: %d; what is in a chat stays there", w.Reached)
		}
		return err
	})
	return done, err
}

// Redate gives the issue with that number or key in the file database another date,
// YYYY-MM-DD, else the error is ErrDate. Like Withdraw it returns what was done.
func Redate(ctx context.Context, database, name, date string) (done string, err error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return "", fmt.Errorf("%q is %w: write it as year-month-day, such as %s", date, ErrDate, time.Now().Format(time.DateOnly))
	}
	err = change(ctx, database, name, func(store *subscribers.Store, issue archive.Issue) error {
		before, after, err := store.RedateIssue(ctx, issue.ID, day, subscribers.Actor{User: subscribers.CommandLine})
		done = fmt.Sprintf("redated: %s, before: %s", nameOf(after), before.Date.Format(time.DateOnly))
		if before == after {
			done = "it has that date already: " + nameOf(after)
		}
		if warning := digest.CheckDate(after.Date, time.Now()); warning != "" {
			done += "\n" + warning
		}
		return err
	})
	return done, err
}

// change opens the database, which must be there, and calls do with the issue of that
// name.
func change(ctx context.Context, database, name string, do func(*subscribers.Store, archive.Issue) error) (err error) {
	store, err := subscribers.OpenExisting(ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	issues, err := store.IssuesNamed(ctx, name)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		newest, err := store.RecentIssues(ctx, 3)
		if err != nil {
			return err
		}
		if len(newest) == 0 {
			return fmt.Errorf("there is no issue %q: the archive in %s is empty", name, database)
		}
		return fmt.Errorf("there is no issue %q; the newest are %s", name, listByKey(newest))
	case err != nil:
		return err
	case len(issues) > 1:
		return fmt.Errorf("%q may be one of several issues, name it as here: %s", name, listByID(issues))
	}
	return do(store, issues[0])
}

// listByKey names issues whose keys are enough to tell them apart.
func listByKey(issues []archive.Issue) string {
	var names []string
	for _, issue := range issues {
		names = append(names, fmt.Sprintf("%s (%q, %s)", issue.Key, issue.Title, issue.Date.Format(time.DateOnly)))
	}
	return strings.Join(names, ", ")
}

// listByID names issues that may have the same number.
func listByID(issues []archive.Issue) string {
	var names []string
	for _, issue := range issues {
		names = append(names, fmt.Sprintf("%s%d (%s)", archive.IDPrefix, issue.ID, nameOf(issue)))
	}
	return strings.Join(names, ", ")
}

// nameOf names an issue by key, title and date.
func nameOf(issue archive.Issue) string {
	return fmt.Sprintf("%s, %q, %s", issue.Key, issue.Title, issue.Date.Format(time.DateOnly))
}
