package webpage_test

import (
	"fmt"

	"digestbot/digest/document"
	"digestbot/digest/webpage"
)

// A document becomes what stands within a page. Nothing in it runs.
func ExampleOf() {
	issue, err := document.Parse("7.md", []byte("# Weekly 7\n\n## News\n\n- [A bridge](https://example.org/bridge) opens <script>alert(1)</script>\n- [Odd](javascript:alert(1)) link\n"))
	if err != nil {
		panic(err)
	}
	article := webpage.Of(issue)
	fmt.Println(article.Title)
	for _, section := range article.Sections {
		fmt.Println(section.Name)
		fmt.Println(section.Body)
	}
	// Output:
	// Weekly 7
	// News
	// <div class="item"><p><a href="https://example.org/bridge"><b>A bridge</b></a> opens</p></div><div class="item"><h3>Odd link</h3></div>
}
