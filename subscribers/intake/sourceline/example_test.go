package sourceline_test

import (
	"fmt"

	"digestbot/subscribers/intake/sourceline"
)

// A line of --source, and one with a mistake.
func ExampleParse() {
	lines, err := sourceline.Parse(`https://example.org/feed.xml digest every=2w name="Our blog"`, sourceline.IsFolder)
	fmt.Println(lines[0].Called(), lines[0].Digest, lines[0].Every.Days, err)

	_, err = sourceline.Parse("https://example.org/feed.xml digest evry=2w", sourceline.IsFolder)
	fmt.Println(err)
	// Output:
	// Our blog true 14 <nil>
	// https://example.org/feed.xml digest evry=2w: "evry" is no option: do you mean every=week?
}
