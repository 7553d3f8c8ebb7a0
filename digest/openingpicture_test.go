package digest_test

import (
	"testing"

	"digestbot/digest"
)

// A section that opens with a picture shows it above its message.
func TestOpeningPicture(t *testing.T) {
	const pier, cover = "https://example.org/pier.jpg", "https://example.org/cover.jpg"
	picture := func(url string) digest.Block { return digest.Block{Kind: digest.Image, URL: url} }
	short := text("Short.")
	tests := []struct {
		name    string
		section digest.Section
		want    string
	}{
		{"introduction", digest.Section{Intro: []digest.Block{picture(pier), short}}, pier},
		{"first item", digest.Section{Items: []digest.Item{entry("a", picture(pier), short)}}, pier},
		{"first item, below a paragraph", digest.Section{Items: []digest.Item{entry("a", short, picture(pier))}}, pier},
		{"further down", digest.Section{Items: []digest.Item{entry("a", short, short, picture(pier))}}, ""},
		{"second item", digest.Section{Items: []digest.Item{entry("a", short), entry("b", picture(pier))}}, ""},
		{"below an introduction", digest.Section{Intro: []digest.Block{short}, Items: []digest.Item{entry("a", picture(pier))}}, ""},
		{"the cover's", digest.Section{Intro: []digest.Block{picture(cover), short}}, ""},
		{"none", digest.Section{Intro: []digest.Block{short}}, ""},
	}
	for _, tt := range tests {
		tt.section.Key, tt.section.Name = "news", "News"
		issue := digest.Issue{Key: "1", Image: cover, Sections: []digest.Section{tt.section}}
		for _, m := range issue.Messages() {
			if want := map[bool]string{true: cover, false: tt.want}[m.Cover]; m.Image != want {
				t.Errorf("%s: cover %v has the picture %q, want %q", tt.name, m.Cover, m.Image, want)
			}
		}
	}
}
