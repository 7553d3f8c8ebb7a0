package document

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"digestbot/digest"

	"golang.org/x/net/html"
)

// image adds a picture. Of an emoji it adds the text.
func (b *builder) image(n *html.Node, s inlineStyle) {
	alt := strings.Join(strings.Fields(attr(n, "alt")), " ")
	if strings.Contains(attr(n, "class"), "emoji") || digest.IsEmoji(alt) {
		b.text.write(alt, s)
		return
	}
	if isTiny(n) || isNetworkSign(alt, s.link != "") {
		b.notes.leaveOut("pictures as small as an icon, and signs of networks", attr(n, "src"))
		return
	}
	block := digest.Block{Kind: digest.Image, URL: pictureAddress(b.base, n)}
	if caption := withEmoji(caption(alt)); caption != "" || s.link != "" {
		block.Spans = []digest.Span{{Text: strings.Map(visible, caption), Link: s.link}}
	}
	if block.URL == "" {
		b.notePicture(n)
	}
	if block.URL == "" && s.link == "" {
		return
	}
	b.flush()
	b.add(node{Block: block, logo: logoWord.MatchString(alt)})
}

// pictureAddress returns the address of a picture, even of one that a script
// would load later, or "".
func pictureAddress(base *url.URL, n *html.Node) string {
	for _, name := range []string{"data-original", "data-src", "data-lazy-src", "_src", "src"} {
		if address := picture(base, attr(n, name)); address != "" {
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
	return tinyStyle.MatchString(attr(n, "style"))
}

var tinyStyle = regexp.MustCompile(`(?i)(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:!|;|$)`)

var (
	fileNameText = regexp.MustCompile(`(?i)\.(?:png|jpe?g|gif|webp|svg|bmp|avif|heic)\b`)
	emptyAlt     = regexp.MustCompile(`(?i)^(?:image|img|picture|photo|logo|cover|banner|screenshot|图片|截图|封面|image\s*\|\s*\w+|untitled|screen ?shot\b.*\d{4}.*|(?:[\pL\d'’&.-]+\s+){0,4}(?:image|img|icon|logo|banner|thumbnail|placeholder|avatar)|[a-f0-9_-]{16,}|[\d_-]+|img[_-]?\d+)$`)
)

// caption returns an alternative text if it is worth showing, else "".
func caption(alt string) string {
	if len(alt) > 300 || fileNameText.MatchString(alt) || emptyAlt.MatchString(alt) || strings.Contains(alt, "://") {
		return ""
	}
	return alt
}

// placeholders matches the hosts whose pictures have nothing to do with an issue.
var placeholders = regexp.MustCompile(`(?i)^(?:[a-z0-9-]+\.)*(?:picsum\.photos|placeholder\.com|placehold\.(?:it|co|jp)|dummyimage\.com|placekitten\.com|loremflickr\.com|via\.placeholder\.com|source\.unsplash\.com|fakeimg\.pl|example\.invalid)$`)

// picture returns the absolute http(s) address of a picture, without the proxy
// in front of it, and "" for placeholders.
func picture(base *url.URL, src string) string {
	if src == "" || strings.Contains(src, "{{") {
		return ""
	}
	address := unwrapProxy(resolve(base, src))
	u, err := url.Parse(address)
	if err != nil || !digest.IsWeb(u) || len(address) > digest.MaxLink || placeholders.MatchString(u.Hostname()) {
		return ""
	}
	return address
}

// proxyParameters are the names of the picture in the query of an image proxy.
var proxyParameters = []string{"url", "src", "image", "img", "u"}

// unwrapProxy returns the address within the address of an image proxy
// ("https://proxy/?http://real/picture.jpg", "…?url=http%3A%2F%2Freal…").
func unwrapProxy(address string) string {
	for range 3 { // proxies of proxies
		u, err := url.Parse(address)
		if err != nil {
			return address
		}
		inner := proxyTarget(u)
		if inner == "" {
			return address
		}
		address = inner
	}
	return address
}

func proxyTarget(u *url.URL) string {
	if digest.IsWebAddress(u.RawQuery) {
		return u.RawQuery
	}
	if raw, err := url.QueryUnescape(u.RawQuery); err == nil && digest.IsWebAddress(raw) {
		return raw
	}
	query := u.Query()
	for _, name := range proxyParameters {
		if v := query.Get(name); digest.IsWebAddress(v) {
			return v
		}
	}
	for _, scheme := range []string{"/http://", "/https://"} {
		if i := strings.Index(u.Path, scheme); i >= 0 {
			inner := u.Path[i+1:]
			if u.RawQuery != "" {
				inner += "?" + u.RawQuery
			}
			return inner
		}
	}
	return ""
}
