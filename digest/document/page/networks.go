package page

import (
	"digestbot/digest"
	"digestbot/digest/document/plain"
)

// shareAddress matches the addresses at which networks take what readers pass on, those of
// mails without an addressee, and those that say that they are for it.
var shareAddress = plain.Pattern(`(?i)(?:twitter|x)\.com/(?:intent/(?:tweet|post)|share\?)|facebook\.com/(?:sharer|share\.php|dialog/share)|linkedin\.com/(?:sharearticle|sharing|cws/share)|bsky\.app/intent/|` +
	`service\.weibo\.com/share|connect\.qq\.com/widget/shareqq|(?:t|telegram)\.me/share/|vk\.com/share|connect\.ok\.ru/|wa\.me/\?text=|whatsapp\.com/send\?text=|^whatsapp://send|line\.me/(?:r/msg|lineit/share)|` +
	`reddit\.com/submit|news\.ycombinator\.com/submitlink|pinterest\.[a-z.]+/pin/create|tumblr\.com/(?:share|widgets/share)|getpocket\.com/(?:save|edit)|b\.hatena\.ne\.jp/(?:add|entry/)|^mailto:\?|[?&]action=share(?:&|$)`)

// shareWords are those without one of which shareAddress does not match.
var shareWords = []string{"share", "intent", "submit", "send", "text=", "create", "pocket", "hatena", "ok.ru", "r/msg", "lineit", "mailto:?"}

// maxShareLine is how wide, in columns, a line may be that only serves to pass on the text.
const maxShareLine = 60

// isShare reports whether a paragraph only serves to pass on the text: it is short, and all
// its links are for that.
func isShare(text []digest.Span, roles Roles) bool {
	return roles.onlyFor(Share) && digest.Width(digest.TextOf(text)) <= maxShareLine
}

// profileAddress matches the page of a person or publisher on a network, and none of their
// posts.
var profileAddress = plain.Pattern(`(?i)^https?://(?:www\.|m\.)?(?:(?:facebook|instagram|twitter|x|tiktok|github|medium|pinterest|threads)\.(?:com|net)/@?[^/?#]+|bsky\.app/profile/[^/?#]+|(?:discord\.gg|discord\.com/invite|t\.me|vk\.com|weibo\.com)/[^/?#]+|` +
	`[a-z]*\.?linkedin\.com/(?:company|in|school|showcase)/[^/?#]+|youtube\.com/(?:@|c/|channel/|user/)[^/?#]+)/?(?:[?#]|$)`)

// withoutProfiles leaves out rows of pictures without words, two or more, that lead to pages
// on networks: they are signs of these, whatever their files are called.
func (b *builder) withoutProfiles(nodes []Node) []Node {
	out := nodes[:0]
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
