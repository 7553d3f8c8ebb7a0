package fields_test

import (
	"fmt"

	"digestbot/digest/document/fields"
)

func ExampleSplit() {
	front, body, err := fields.Split("---\ntitle: Boats\nissue_number: 12\n---\n\nText.\n")
	fmt.Println(front.Get(fields.Title.Keys...), front.Get(fields.Number.Keys...), err)
	fmt.Printf("%q\n", body)
	// Output:
	// Boats 12 <nil>
	// "\nText.\n"
}
