package reader

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers/archive"
)

// issueLink returns a link that has the bot send an issue.
func (i *issues) issueLink(ctx context.Context, issue archive.Issue) (string, error) {
	name, err := i.Store.LinkName(ctx, issue)
	return i.StartLink(talk.StartIssue + name), err
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

// ofEdition is what a link is remembered by: a correction may change the title, and must
// not find what was remembered before it.
type ofEdition struct {
	issue   int64
	edition int
}

// remembered returns an issue, from memory if that is fresh.
func (i *issues) remembered(of ofEdition) (known linkedTo, err error) {
	if known, fresh := i.links.Find(of, time.Now()); fresh {
		return known, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), talk.CallTimeout)
	defer cancel()
	if known.Issue, err = i.Store.Issue(ctx, of.issue); err != nil {
		return known, err
	}
	if known.link, err = i.issueLink(ctx, known.Issue); err != nil {
		return known, err
	}
	sections, err := i.Store.IssueSections(ctx, known.Issue)
	if known.sections = len(sections); err == nil {
		i.links.Keep(of, known, time.Now())
	}
	return known, err
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
