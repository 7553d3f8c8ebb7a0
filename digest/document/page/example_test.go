package page_test

import (
	"fmt"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

func ExamplePage() {
	p, err := page.Parse("<h2>Boats</h2><nav>Home</nav><p>They <i>float</i>.</p>", 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	nodes, _ := p.Nodes(nil)
	for _, n := range nodes {
		fmt.Println(n.Kind, n.Level, digest.TextOf(n.Spans))
	}
	// Output:
	// heading 2 Boats
	// paragraph 0 They float.
}
