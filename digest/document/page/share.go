package page

import (
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/plain"
)

// shareAddress matches the addresses at which networks take what readers pass on, those of
// mails without an addressee, and those that say that they are for it.
var shareAddress = plain.Pattern(`(?i)(?:twitter|x)\.com/(?:intent/(?:tweet|post)|share\?)|facebook\.com/(?:sharer|share\.php|dialog/share)|linkedin\.com/(?:sharearticle|sharing|cws/share)|bsky\.app/intent/|` +
	`service\.weibo\.com/share|connect\.qq\.com/widget/shareqq|(?:t|telegram)\.me/share/|vk\.com/share|connect\.ok\.ru/|wa\.me/\?text=|whatsapp\.com/send\?text=|^whatsapp://send|line\.me/(?:r/msg|lineit/share)|` +
	`reddit\.com/submit|news\.ycombinator\.com/submitlink|pinterest\.[a-z.]+/pin/create|tumblr\.com/(?:share|widgets/share)|getpocket\.com/(?:save|edit)|b\.hatena\.ne\.jp/(?:add|entry/)|^mailto:\?|[?&]action=share(?:&|$)`)

// mayShare reports whether an address has one of the words without which shareAddress does
// not match.
func mayShare(href string) bool {
	for _, word := range []string{"share", "intent", "submit", "send", "text=", "create", "pocket", "hatena", "ok.ru", "r/msg", "lineit", "mailto:?"} {
		if strings.Contains(href, word) {
			return true
		}
	}
	return false
}

// maxShareLine is how wide, in columns, a line may be that only serves to pass on the text.
const maxShareLine = 60

// isShare reports whether a paragraph only serves to pass on the text: it is short, and all
// its links are for that.
func isShare(text []digest.Span, roles Roles) bool {
	return roles.Any&Share != 0 && !roles.Elsewhere && digest.Width(digest.TextOf(text)) <= maxShareLine
}
