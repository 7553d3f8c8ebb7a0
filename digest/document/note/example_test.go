package note_test

import (
	"fmt"

	"digestbot/digest/document/note"
)

func ExampleList() {
	notes := &note.List{Asked: true}
	notes.Say(note.Date, "2026-11-20, from the title")
	notes.LeaveOut("relative links", "/boats")
	notes.LeaveOut("relative links", "/ships")
	for _, n := range notes.All() {
		fmt.Printf("%s: %s\n", n.About, n.Text)
	}
	// Output:
	// date: 2026-11-20, from the title
	// left out: relative links: 2, such as "/boats", "/ships"
}
