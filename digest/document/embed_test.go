package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// embeds are what pages embed, and the paragraph that readers get of it; none if
// it is nothing to watch or to hear.
var embeds = []struct{ name, html, text, link string }{
	{"film with a title", `<iframe src="https://www.youtube.com/embed/a-1?rel=0" title="Frost at the quay"></iframe>`, "▶ Frost at the quay", "https://youtu.be/a-1"},
	{"film without cookies", `<iframe src="//www.youtube-nocookie.com/embed/a-1" title="YouTube video player"></iframe>`, "▶ youtu.be", "https://youtu.be/a-1"},
	{"list of films", `<iframe src="https://www.youtube.com/embed/videoseries?list=PL1"></iframe>`, "▶ youtube.com", "https://www.youtube.com/embed/videoseries?list=PL1"},
	{"loaded later", `<iframe data-src="https://player.vimeo.com/video/12?h=1"></iframe>`, "▶ vimeo.com", "https://vimeo.com/12"},
	{"podcast", `<iframe src="https://open.spotify.com/embed/episode/x1?utm=1" title="Spotify Embed: Frost"></iframe>`, "▶ Spotify Embed: Frost", "https://open.spotify.com/episode/x1"},
	{"sound", `<iframe src="https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/quay/frost&amp;color=1"></iframe>`, "▶ soundcloud.com", "https://soundcloud.com/quay/frost"},
	{"Chinese site", `<iframe src="https://player.bilibili.com/player.html?bvid=BV1x&page=1"></iframe>`, "▶ bilibili.com", "https://www.bilibili.com/video/BV1x"},
	{"program", `<iframe src="https://codepen.io/quay/embed/x" title="Snow"></iframe>`, "▶ Snow", "https://codepen.io/quay/embed/x"},
	{"custom element", `<lite-youtube videoid="a-1" playlabel="Frost"></lite-youtube>`, "▶ Frost", "https://youtu.be/a-1"},
	{"film of its own", `<video controls poster="p.png"><source src="https://a.example/frost.mp4"><p>Your browser is old.</p></video>`, "▶ frost.mp4", "https://a.example/frost.mp4"},
	{"sound of its own", `<audio src="https://a.example/frost.mp3" aria-label="Wind"></audio>`, "▶ Wind", "https://a.example/frost.mp3"},
	{"object", `<object data="x.swf"><embed src="https://www.youtube.com/v/a-1"></object>`, "▶ youtu.be", "https://youtu.be/a-1"},
	{"form", `<iframe src="https://forms.example/subscribe" title="Subscribe"></iframe>`, "", ""},
	{"script of a counter", `<iframe src="https://www.googletagmanager.com/ns.html?id=1" height="0" width="0"></iframe>`, "", ""},
	{"film without a source", `<video></video>`, "", ""},
	{"hidden", `<iframe hidden src="https://www.youtube.com/embed/a-1"></iframe>`, "", ""},
	{"script", `<iframe src="javascript:alert(1)"></iframe>`, "", ""},
}

// TestEmbeds reads a page with something embedded between two paragraphs: it
// stays in its place as a link, and is not taken for a title.
func TestEmbeds(t *testing.T) {
	for _, tt := range embeds {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.html", "<h1>Quay</h1><h2>News</h2><p>Look here:</p>"+tt.html+"<p>And there.</p><h2>Books</h2><p>Sea.</p>")
			section := issue.Sections[0]
			want := "Look here:\n\nAnd there."
			var links []string
			if tt.text != "" {
				want = "Look here:\n\n" + tt.text + "\n\nAnd there."
				links = []string{tt.link}
			}
			if len(section.Items) != 1 || section.Items[0].Text() != want {
				t.Errorf("items = %+v, want one with the text %q", section.Items, want)
			}
			if diff := cmp.Diff(links, section.Links()); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEmbedIsNotSaidTwice holds that a film to which the text links is not shown
// as a player once more.
func TestEmbedIsNotSaidTwice(t *testing.T) {
	issue := parse(t, "a.html", `<h1>Quay</h1><h2>News</h2><p>See <a href="https://www.youtube.com/watch?v=a-1&t=5">frost</a>.</p><iframe src="https://www.youtube.com/embed/a-1"></iframe><h2>Books</h2><p>Sea.</p>`)
	if text := issue.Sections[0].Items[0].Text(); text != "See frost." {
		t.Errorf("text = %q, want the link only", text)
	}
}

// TestPlayersOfTemplates holds that films of templates begin no item, and that a heading
// which is only a film names no section.
func TestPlayersOfTemplates(t *testing.T) {
	const film = "{{< youtube \"https://www.youtube.com/watch?v=a-1\" >}}"
	for _, tt := range []struct{ name, document, want string }{
		{"under a title", "# T #7\n\n## A\n\n[One](https://a.example/1)\n\n" + film + "\n\nText.\n\n[Two](https://a.example/2)\n\nText.\n\n## B\n\n- c\n",
			"T #7 | 7 | \nA (2, 3): One\nB (1, 0): c\n"},
		{"in a heading", "# T #7\n\n## A\n\n- a\n- b\n\n## " + film + "\n\n## B\n\n- c\n",
			"T #7 | 7 | \nA (2, 1): a\nB (1, 0): c\n"},
		{"behind the name in a heading", "<h1>T #7</h1><h2>A <iframe src=\"https://www.youtube.com/embed/a-1\"></iframe></h2><ul><li>a lamp on the quay</li><li>b</li></ul><h2>B</h2><p>c</p>",
			"T #7 | 7 | \nA (2, 1): a lamp on the quay\nB (1, 0): c\n"},
	} {
		if got := outline(parse(t, "a.md", tt.document)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTweetKeepsItsLink(t *testing.T) {
	issue := parse(t, "a.html", `<h1>Quay</h1><h2>News</h2><blockquote class="twitter-tweet"><p>Frost!</p>&mdash; Ann (@ann) <a href="https://twitter.com/ann/status/1">May 5</a></blockquote><script async src="https://platform.twitter.com/widgets.js"></script><h2>Books</h2><p>Sea.</p>`)
	section := issue.Sections[0]
	if text := section.Items[0].Text(); !strings.Contains(text, "Frost!") || len(section.Links()) != 1 {
		t.Errorf("text = %q with links %q, want the words and the link", text, section.Links())
	}
}
