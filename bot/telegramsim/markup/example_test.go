package markup_test

import (
	"fmt"

	"digestbot/bot/telegramsim/markup"
)

func ExampleParseHTML() {
	f, err := markup.ParseHTML("<b>Issue 12</b> by @riverside ")
	if err != nil {
		fmt.Println(err)
		return
	}
	f = f.Finish()
	fmt.Printf("%q\n", f.Text)
	for _, e := range f.Entities {
		fmt.Println(e.Type, e.Part(f.Text))
	}
	// Output:
	// "Issue 12 by @riverside"
	// bold Issue 12
	// mention @riverside
}

func ExampleParseHTML_refused() {
	_, err := markup.ParseHTML("<p>Hello</p>")
	fmt.Println(err)
	// Output: Unsupported start tag "p" at byte offset 0
}
