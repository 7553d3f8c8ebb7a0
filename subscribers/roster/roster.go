// Package roster brings subscribers in and out: as a table, for spreadsheets and other
// programs, and as JSON.
//
//	err := roster.Export(ctx, store, out, roster.CSV)
//	...
//	list, err := roster.Read(data, roster.CSV)
//	result, err := roster.Enroll(ctx, store, list, roster.Options{})
//
// Both formats have the same columns, one for each thing that a subscriber has chosen and
// what has to be known of its chat. What was exported and is enrolled in an empty database
// is exported as the same file again.
//
// A list is enrolled in one transaction, or not at all. Nobody is subscribed who has left:
// [Enroll] says what becomes of whom.
package roster

import (
	"slices"
	"time"

	"digestbot/subscribers"
)

// Person is a subscriber as a list has it.
type Person struct {
	subscribers.Chat
	State  subscribers.State
	Reason subscribers.Reason // why gone
	subscribers.Choices
	LayoutAdvice subscribers.LayoutAdvice
	Muted        []string // sections, by name
	MutesOther   bool
	MutedWords   []string
	Highlighted  []string
	Topics       bool    // each section has a forum topic of its own
	TopicIDs     []topic // those that were made
	Joined       time.Time

	line int // in the file
}

// topic is the forum topic of a section.
type topic struct {
	section string
	thread  int
}

// List is what [Read] has found in a file.
type List struct {
	People  []Person
	columns []*column // that the file has
	Notes   []string  // what whoever gave the file should know
}

// has reports whether the file has a column.
func (l List) has(name string) bool {
	return slices.ContainsFunc(l.columns, func(c *column) bool { return c.name == name })
}

// Bounds of what is read: a list is a stranger's.
const (
	maxFile     = 64 << 20 // bytes, for about 500,000 subscribers; reading it takes six times as much memory
	maxCell     = 16 << 10 // bytes
	maxTitle    = 300      // UTF-16 units; Telegram allows 128
	maxName     = 256      // UTF-16 units of a section's name
	maxReason   = 200      // UTF-16 units
	maxSections = 1000     // different ones in a file
)
