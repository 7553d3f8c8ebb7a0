package numbers_test

import (
	"fmt"

	"digestbot/digest/document/numbers"
)

func ExampleFind() {
	for _, title := range []string{"Issue 12: Boats", "第12期", "Boats, Nr. 12", "Boats in 2026"} {
		fmt.Println(numbers.Find(title))
	}
	// Output:
	// 12
	// 12
	// 12
	// 0
}
