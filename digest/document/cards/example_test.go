package cards_test

import (
	"fmt"
	"strings"

	"digestbot/digest/document/cards"

	"golang.org/x/net/html"
)

func ExampleFind() {
	root, err := html.Parse(strings.NewReader(`<h2>Boats</h2>
<div class="x1"><h3><a href="/a">The old ferry runs</a></h3><p>Again.</p></div>
<div class="x2"><h3><a href="/b">The new ferry waits</a></h3><p>For oil.</p></div>
<div class="x3"><h3><a href="/c">A third one is built</a></h3><p>Of oak.</p></div>
<div class="about"><p>By Ann.</p></div>`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(cards.Find(root)), "cards")
	// Output:
	// 3 cards
}
