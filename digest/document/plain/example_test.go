package plain_test

import (
	"fmt"

	"digestbot/digest/document/plain"
)

func Example() {
	fmt.Println(plain.Title(" Boats\n and  ships "))
	fmt.Println(plain.WithEmoji("Boats :sailboat:"))
	// Output:
	// Boats and ships
	// Boats ⛵
}
