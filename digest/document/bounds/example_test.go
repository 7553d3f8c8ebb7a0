package bounds_test

import (
	"fmt"

	"digestbot/digest/document/bounds"
)

func ExampleCountHTML() {
	_, err := bounds.CountHTML("<p>Boats <b>and</b> ships</p>", 3)
	fmt.Println(err)
	// Output:
	// more than 3 HTML tags, attributes and slashes: give each issue a file of its own
}
