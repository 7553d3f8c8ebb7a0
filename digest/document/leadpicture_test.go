package document_test

import (
	"fmt"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"

	"github.com/google/go-cmp/cmp"
)

// pictured are sections with pictures, and for each item its title and the pictures
// under it.
var pictured = []struct{ name, html, want string }{
	{"the same link", `<a href="https://a.example/1?utm_source=q"><img src="https://i.example/1.png" alt="A lamp"></a><h3><a href="https://a.example/1">A lamp for the pier</a></h3><p>Green.</p>` +
		`<a href="https://a.example/2"><img src="https://i.example/2.png" alt="Rope"></a><h3><a href="https://a.example/2">Rope is dear</a></h3><p>Tar.</p>`,
		"A lamp for the pier [1.png]\nRope is dear [2.png]\n"},
	{"the same words", `<img src="https://i.example/1.png" alt="A lamp for the pier"><h3>A lamp for the pier</h3><p>Green.</p><h3>Rope</h3><p>Tar.</p>`,
		"A lamp for the pier [1.png]\nRope\n"},
	{"each title has one above", `<img src="https://i.example/1.png" alt="Photo: Ann"><h3>A lamp</h3><p>Green.</p><img src="https://i.example/2.png"><h3>Rope</h3><p>Tar.</p>`,
		"A lamp [1.png Photo: Ann]\nRope [2.png]\n"},
	{"bold titles", `<p><img src="https://i.example/1.png"></p><p><b>A lamp</b></p><p>Green.</p><p><img src="https://i.example/2.png"></p><p><b>Rope</b></p><p>Tar.</p>`,
		"A lamp [1.png]\nRope [2.png]\n"},
	{"each item ends with one", `<h3>A lamp</h3><p>Green.</p><img src="https://i.example/1.png"><h3>Rope</h3><p>Tar.</p><img src="https://i.example/2.png">`,
		"A lamp [1.png]\nRope [2.png]\n"},
	{"a picture of the section, and items that end with one", `<img src="https://i.example/0.png"><h3>A lamp</h3><p>Green.</p><img src="https://i.example/1.png"><h3>Rope</h3><p>Tar.</p><img src="https://i.example/2.png">`,
		"A lamp [1.png]\nRope [2.png]\n"},
	{"the link of the button below", `<h3>Sea</h3><p>Blue.</p><p><a class="btn" href="https://a.example/3">To the sea</a></p><a href="https://a.example/1"><img src="https://i.example/1.png" alt="Ann"></a><h3>A lamp</h3><p>Green.</p><p><a class="btn" href="https://a.example/1">To the lamp</a></p><h3>Rope</h3><p>Tar.</p><p><a class="btn" href="https://a.example/2">To the rope</a></p>`,
		"Sea\nA lamp [1.png Ann https://a.example/1]\nRope\n"},
	{"another link", `<h3>A lamp</h3><p>Green.</p><a href="https://a.example/1"><img src="https://i.example/1.png"></a><h3><a href="https://a.example/2">Rope</a></h3><p>Tar.</p>`,
		"A lamp [1.png https://a.example/1]\nRope\n"},
}

func TestPicturesOfTitles(t *testing.T) {
	for _, tt := range pictured {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.html", "<h1>Quay 12</h1><h2>Books</h2><p>Sea.</p><h2>News</h2>"+tt.html)
			var got strings.Builder
			for _, item := range issue.Sections[1].Items {
				fmt.Fprint(&got, item.Headline())
				for _, b := range item.Body {
					if b.Kind == digest.Image {
						fmt.Fprintf(&got, " [%s]", strings.Join(strings.Fields(strings.TrimPrefix(b.URL, "https://i.example/")+" "+caption(b)), " "))
					}
				}
				fmt.Fprintln(&got)
			}
			if diff := cmp.Diff(tt.want, got.String()); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
			digesttest.CheckIssue(t, issue)
		})
	}
}

func caption(b digest.Block) string {
	if len(b.Spans) == 0 {
		return ""
	}
	return b.Spans[0].Text + " " + b.Spans[0].Link
}
