// Package feedback is what readers say of an issue without being followed: votes on its
// sections. Nobody is shown the votes of others, but admins how many there are; see package
// [digestbot/subscribers/feedback] for what is kept.
package feedback

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/feedback"
)

// Feedback takes votes and shows them to admins. Its methods are safe for concurrent use.
type Feedback struct {
	*talk.Talker
	votes bool
}

// New returns a Feedback. votes says whether readers may vote.
func New(talker *talk.Talker, votes bool) *Feedback { return &Feedback{Talker: talker, votes: votes} }

// OpenFor is how long people may vote on an issue, from the first vote on. After that nobody
// can tell who voted what.
const OpenFor = 4 * 7 * 24 * time.Hour

// closeEvery is how often the program looks whether voting on an issue is over.
const closeEvery = 6 * time.Hour

// Serve ends the voting on issues when it is time, until ctx is done. It does so also if
// nobody may vote any more.
func (f *Feedback) Serve(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := f.Store.Feedback.Close(ctx, time.Now().Add(-OpenFor))
		switch {
		case err != nil && ctx.Err() == nil:
			f.Log.Error("votes are kept for longer than they should", "err", err)
		case n > 0:
			f.Log.Info("voting is over, only totals are kept", "issues", n)
		}
		select {
		case <-time.After(closeEvery):
		case <-ctx.Done():
		}
	}
}

// maxRows bounds the sections that can be voted on under one message, of which Telegram shows
// no more than 100 buttons.
const maxRows = 20

// Buttons returns the buttons with which those who read a message vote on sections, each
// given by its first message. A person who reads alone sees their votes.
func (f *Feedback) Buttons(s talk.Speaker, to subscribers.Subscriber, issue int64, sections []archive.Message) talk.Keyboard {
	if !f.votes || len(sections) == 0 {
		return nil
	}
	ids := make([]int64, len(sections))
	for i, m := range sections {
		ids[i] = m.SectionID
	}
	ctx, cancel := context.WithTimeout(context.Background(), talk.CallTimeout) // whoever renders a message has no other
	defer cancel()
	own, open, err := f.Store.Feedback.Votes(ctx, issue, reader(to), ids)
	if err != nil {
		f.Log.Error("a section cannot be voted on", "issue", issue, "err", err)
	}
	if !open {
		return nil
	}
	var k talk.Keyboard
	for _, m := range sections[:min(len(sections), maxRows)] {
		name := ""
		if len(sections) > 1 {
			name = " " + talk.MessageName(s, m)
		}
		up, down := talk.Button(thumbUp+name, talk.ActVote, issue, m.SectionID, 1), talk.Button(thumbDown+name, talk.ActVote, issue, m.SectionID, 0)
		k = append(k, talk.Row(marked(up, own), marked(down, own)))
	}
	return k
}

// The thumbs, and what stands behind the one that a person has given.
const (
	thumbUp, thumbDown = "👍", "👎"
	mark               = " ✓"
)

// reader returns the person who reads a chat alone; 0: there are several.
func reader(sub subscribers.Subscriber) int64 {
	if sub.Kind != subscribers.Private {
		return 0
	}
	return sub.Chat.ID
}

// marked returns a button with a mark if it is the vote that a person has, and without one
// if it is not.
func marked(b models.InlineKeyboardButton, own map[int64]feedback.Vote) models.InlineKeyboardButton {
	section, vote, ok := voteOn(b)
	if !ok {
		return b
	}
	b.Text = strings.TrimSuffix(b.Text, mark)
	if own[section] == vote {
		b.Text += mark
	}
	return b
}

// voteOn returns for which vote on which section a button stands; ok is false if it is
// another button.
func voteOn(b models.InlineKeyboardButton) (section int64, vote feedback.Vote, ok bool) {
	c, ok := talk.ParseCallback(b.CallbackData)
	if !ok || c.Action != talk.ActVote || len(c.Numbers) != 3 {
		return 0, feedback.None, false
	}
	return c.Numbers[1], voteOf(c.Numbers), true
}

// voteOf returns the vote for which a button with these numbers stands.
func voteOf(numbers []int64) feedback.Vote {
	if numbers[2] == 1 {
		return feedback.Up
	}
	return feedback.Down
}

// PressVote counts a vote. A press that somebody made up, or of a button that the message has
// no more, is none.
func (f *Feedback) PressVote(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if p.User == 0 || !talk.HasButton(p.Under, talk.ActVote, p.Numbers...) {
		return talk.OutOfDateReply(p), nil
	}
	issue, err := f.Store.Issue(ctx, p.Numbers[0])
	switch {
	case err != nil:
		return talk.MissingReply(p, err)
	case issue.IsHidden():
		return talk.WithdrawnReply(p), nil
	case !f.votes:
		return talk.Reply{Popup: p.Plain("vote.closed"), Alert: true}, nil
	}
	ballot := feedback.Ballot{Issue: issue.ID, Section: p.Numbers[1], Person: p.User, Press: p.Query}
	now, err := f.Store.Feedback.Cast(ctx, ballot, voteOf(p.Numbers))
	switch {
	case errors.Is(err, feedback.ErrClosed):
		return talk.Reply{Popup: p.Plain("vote.closed"), Alert: true}, nil
	case err != nil:
		return talk.MissingReply(p, err)
	}
	r := talk.Reply{Popup: thanks(p.Speaker, now)}
	if p.Private() && p.Ephemeral == 0 {
		r.Show = func(ctx context.Context) error { return f.showVotes(ctx, p) }
	}
	return r, nil
}

// thanks is what is said to a vote.
func thanks(s talk.Speaker, now feedback.Vote) string {
	switch now {
	case feedback.Up:
		return s.Plain("vote.up")
	case feedback.Down:
		return s.Plain("vote.down")
	}
	return s.Plain("vote.none")
}

// showVotes marks the votes that a person has, in the message with the buttons.
func (f *Feedback) showVotes(ctx context.Context, p talk.Press) error {
	var sections []int64
	for _, row := range p.Under.ReplyMarkup.InlineKeyboard {
		for _, b := range row {
			if section, _, ok := voteOn(b); ok {
				sections = append(sections, section)
			}
		}
	}
	own, _, err := f.Store.Feedback.Votes(ctx, p.Numbers[0], p.User, sections)
	if err != nil {
		return err
	}
	k := models.InlineKeyboardMarkup{InlineKeyboard: make([][]models.InlineKeyboardButton, len(p.Under.ReplyMarkup.InlineKeyboard))}
	for i, row := range p.Under.ReplyMarkup.InlineKeyboard {
		k.InlineKeyboard[i] = slices.Clone(row)
		for j, b := range row {
			k.InlineKeyboard[i][j] = marked(b, own)
		}
	}
	if err := f.Sender.EditKeyboard(ctx, p.Sub.Chat.ID, p.Message, k); err != nil {
		f.NoteUnsent(ctx, p.Sub.Chat.ID, err)
	}
	return nil
}
