package markdown_test

import (
	"fmt"

	"digestbot/digest/document/markdown"
)

func ExampleToHTML() {
	html, err := markdown.ToHTML("Boats **and** ~~ships~~", nil)
	fmt.Print(html, err)
	// Output:
	// <p>Boats <strong>and</strong> <del>ships</del></p>
	// <nil>
}
