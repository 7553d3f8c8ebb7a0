package fields_test

import (
	"fmt"

	"digestbot/digest/document/fields"
)

func ExampleSplit() {
	meta, body, err := fields.Split("---\ntitle: Boats\nissue_number: 12\n---\n\nText.\n")
	fmt.Println(meta.Get(fields.Title.Keys...), meta.Get(fields.Number.Keys...), err)
	fmt.Printf("%q\n", body)
	// Output:
	// Boats 12 <nil>
	// "\nText.\n"
}
