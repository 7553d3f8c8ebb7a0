package page

import (
	"digestbot/digest"
	"digestbot/digest/document/plain"
)

// profileAddress matches the page of a person or publisher on a network, and none of their
// posts.
var profileAddress = plain.Pattern(`(?i)^https?://(?:www\.|m\.)?(?:(?:facebook|instagram|twitter|x|tiktok|github|medium|pinterest|threads)\.(?:com|net)/@?[^/?#]+|bsky\.app/profile/[^/?#]+|(?:discord\.gg|discord\.com/invite|t\.me|vk\.com|weibo\.com)/[^/?#]+|` +
	`[a-z]*\.?linkedin\.com/(?:company|in|school|showcase)/[^/?#]+|youtube\.com/(?:@|c/|channel/|user/)[^/?#]+)/?(?:[?#]|$)`)

// withoutProfiles leaves out rows of pictures without words, two or more, that lead to pages
// on networks: they are signs of these, whatever their files are called.
func (b *builder) withoutProfiles(nodes []Node) []Node {
	var out []Node
	for i := 0; i < len(nodes); {
		end, signs := i, 0
		for at := i; at < len(nodes) && (isProfile(nodes[at]) || signs > 0 && nodes[at].Kind == Blank); at++ {
			if isProfile(nodes[at]) {
				signs++
				end = at + 1
			}
		}
		if signs < 2 {
			out = append(out, nodes[i])
			i++
			continue
		}
		for _, n := range nodes[i:end] {
			b.notes.LeaveOut("pictures as small as an icon, and signs of networks", n.URL)
		}
		i = end
	}
	return out
}

func isProfile(n Node) bool {
	return n.Kind == digest.Image && len(n.Spans) > 0 && n.Spans[0].Text == "" && profileAddress().MatchString(n.Spans[0].Link)
}
