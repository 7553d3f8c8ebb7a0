package cut_test

import (
	"fmt"

	"digestbot/digest"
	"digestbot/digest/document/cut"
	"digestbot/digest/document/page"
)

func ExampleCredits() {
	p, err := page.Parse("<h2>News</h2><p>Boats float.</p><p>The end</p><p>Written by Ann.</p>", 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	nodes, _ := p.Nodes(nil)
	rest, credits := cut.Credits(nodes)
	fmt.Println(len(rest), digest.TextOf(credits[0].Spans))
	// Output:
	// 2 Written by Ann.
}
