package outline_test

import (
	"fmt"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
)

func ExampleDivide() {
	p, err := page.Parse("<h2>News</h2><p><b>Boats.</b> They float.</p><p><b>Ships.</b> They too.</p><h2>Links</h2><ul><li>One</li></ul>", 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	nodes, _ := p.Nodes(nil)
	for _, section := range outline.Divide(nodes, "").Sections {
		fmt.Println(digest.TextOf(section.Heading.Spans), len(outline.FindItems(section.Nodes).Items))
	}
	// Output:
	// News 2
	// Links 1
}
