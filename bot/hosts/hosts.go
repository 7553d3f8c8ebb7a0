// Package hosts is about the groups and channels in which the bot is a guest: what it
// says when somebody lets it in or changes its rights, how admins of channels manage them
// from their private chats, and what becomes of a group that moves. People in them are
// answered by bot/reader.
package hosts

import (
	"digestbot/bot/reader"
	"digestbot/bot/talk"
)

// Hosts deals with the groups and channels that the bot is in. Its methods are safe for
// concurrent use.
type Hosts struct {
	talk    *talk.Talker
	reader  *reader.Reader
	greeted *talk.Memory[int64, talk.Place] // by chat; where the greeting is
	notes   notes
}

// New returns Hosts.
func New(talker *talk.Talker, r *reader.Reader) *Hosts {
	return &Hosts{talk: talker, reader: r, greeted: talk.NewMemory[int64, talk.Place](maxGreeted, greetingMemory)}
}
