package rendition_test

import (
	"fmt"

	"digestbot/bot/rendition"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// What a reader who has switched a section off gets of an issue.
func ExampleView_Render() {
	messages := []archive.Message{
		{Position: 0, HTML: "<b>Weekly 7</b>"},
		{Position: 1, SectionID: 1, Section: "News", HTML: "<b>News</b>\n\nA bridge opens"},
		{Position: 2, SectionID: 2, Section: "Books", HTML: "<b>Books</b>\n\nOf gardens"},
	}
	reader := subscribers.Recipient{Muted: map[int64]bool{1: true}}
	v := rendition.View{Messages: messages, To: reader, Layout: digest.LayoutSections, Issue: 7, Edition: 1}
	for position := 0; position < len(messages); position = v.Reach(position) + 1 {
		if !v.Mutes(position) {
			fmt.Println(v.Render(position, v.Form(position), false).Text)
		}
	}
	// Output:
	// <b>Weekly 7</b>
	// <b>Books</b>
	//
	// Of gardens
}
