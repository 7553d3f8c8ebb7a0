package spelling_test

import (
	"fmt"

	"digestbot/digest/spelling"
)

func ExampleNearest() {
	names := []string{"poll", "schedule", "timezone"}
	fmt.Printf("%q %q\n", spelling.Nearest("shedule", names), spelling.Nearest("colour", names))
	// Output:
	// "schedule" ""
}
