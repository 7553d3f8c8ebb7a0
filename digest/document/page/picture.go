package page

import (
	"net/url"
	"strconv"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"

	"golang.org/x/net/html"
)

// image adds a picture. Of an emoji it adds the text.
func (b *builder) image(n *html.Node, s inlineStyle) {
	alt := oneLine(attr(n, "alt"))
	if strings.Contains(attr(n, "class"), "emoji") || digest.IsEmoji(alt) {
		b.text.write(alt, s)
		return
	}
	if isTiny(n) || isNetworkSign(alt, s.link != "") || isAvatar(n) {
		b.notes.LeaveOut("pictures as small as an icon, and signs of networks", attr(n, "src"))
		return
	}
	block := digest.Block{Kind: digest.Image, URL: pictureAddress(b.base, n)}
	if caption := plain.WithEmoji(caption(alt)); caption != "" || s.link != "" {
		block.Spans = []digest.Span{{Text: strings.Map(plain.Visible, caption), Link: s.link}}
	}
	if block.URL == "" {
		b.notePicture(n)
	}
	if block.URL == "" && s.link == "" {
		return
	}
	b.flush()
	b.add(Node{Block: block, Logo: LogoWord().MatchString(alt)})
}

// isAvatar reports whether a picture is the one that a site shows beside the name of an
// author.
func isAvatar(n *html.Node) bool {
	return hasClass(n, "avatar") || strings.Contains(attr(n, "src"), "gravatar.com/avatar/")
}

// pictureAddress returns the address of a picture, even of one that a script
// would load later, or "".
func pictureAddress(base *url.URL, n *html.Node) string {
	for _, name := range []string{"data-original", "data-src", "data-lazy-src", "_src", "src"} {
		if address := web.Picture(base, attr(n, name)); address != "" {
			return address
		}
	}
	return ""
}

// isTiny reports whether a picture is a counter, a spacer or an icon.
func isTiny(n *html.Node) bool {
	for _, side := range []string{"width", "height"} {
		if size, err := strconv.Atoi(strings.TrimSuffix(attr(n, side), "px")); err == nil && size <= 24 {
			return true
		}
	}
	return tinyStyle().MatchString(attr(n, "style"))
}

var tinyStyle = plain.Pattern(`(?i)(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:!|;|$)`)

var (
	fileNameText = plain.Pattern(`(?i)\.(?:png|jpe?g|gif|webp|svg|bmp|avif|heic)\b`)
	emptyAlt     = plain.Pattern(`(?i)^(?:image|img|picture|photo|logo|cover|banner|screenshot|图片|截图|封面|image\s*\|\s*\w+|untitled|screen ?shot\b.*\d{4}.*|(?:[\pL\d'’&.-]+\s+){0,4}(?:image|img|icon|logo|banner|thumbnail|placeholder|avatar)|[a-f0-9_-]{16,}|[\d_-]+|img[_-]?\d+)$`)
)

// caption returns an alternative text if it is worth showing, else "".
func caption(alt string) string {
	if len(alt) > 300 || fileNameText().MatchString(alt) || emptyAlt().MatchString(alt) || strings.Contains(alt, "://") {
		return ""
	}
	return alt
}

// LogoWord matches the text of a picture that says that it is a logo.
var LogoWord = plain.Pattern(`(?i)(?:^|[^\pL])(?:logo|logotype|logotipo|логотип)(?:$|[^\pL])|ロゴ|로고|标志|標誌|لوگو|شعار|לוגו`)

var iconWords = plain.Pattern(`(?i)\s*(?:icon|logo)$|^(?:follow us on|our|visit our)\s+|\s*(?:link|page|channel|profile)$`)

// isNetworkSign reports whether a picture with this alternative text is the sign of
// a network: it leads to the publisher's page there, or says that it is an icon.
func isNetworkSign(alt string, linked bool) bool {
	folded := plain.FoldLine(alt)
	name := iconWords().ReplaceAllString(folded, "")
	return NetworkTexts[name] && (linked || name != folded)
}

// NetworkTexts are sites where publishers have a page of their own.
var NetworkTexts = plain.NewWords("facebook|fb|twitter|x|x (twitter)|twitter / x|instagram|ig|linkedin|youtube|tiktok|pinterest|mastodon|bluesky|bsky|threads|github|discord|telegram|whatsapp|slack|reddit|vimeo|spotify|medium|flickr|tumblr|vk|vkontakte|вконтакте|weibo|wechat|微博|微信|line|snapchat|soundcloud|twitch|rss|email|e-mail|mail|website|web|blog|homepage|home page|apple podcasts|google+|google plus")
