package page

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// PlayMark stands before the name of what a page embeds.
const PlayMark = "▶ "

// playerElement is an element of ours: templates write their films as such.
const playerElement = "x-player"

// Player returns a player of a film or a sound as HTML that [Parse] reads.
func Player(address, title string) string {
	return "<" + playerElement + ` href="` + html.EscapeString(address) + `" title="` + html.EscapeString(title) + `"></` + playerElement + ">"
}

// isEmbed reports whether an element shows something to watch or to hear: one of
// HTML, or one of the elements that site generators make for YouTube.
func isEmbed(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Iframe, atom.Video, atom.Audio, atom.Embed:
		return true
	}
	return n.Data == playerElement || strings.HasSuffix(n.Data, "-youtube") || strings.HasPrefix(n.Data, "youtube-")
}

// embed shows a film, a sound or a player as a paragraph with a link to it. A
// frame that is no player, such as a form or an advertisement, is not shown.
func (b *builder) embed(n *html.Node) {
	address, name := b.embedded(n)
	if address == "" {
		return
	}
	if name == "" || playerTitle().MatchString(name) {
		name = EmbedName(address)
	}
	b.flush()
	spans := []digest.Span{{Text: PlayMark + strings.Map(plain.Visible, name), Link: address}}
	b.add(Node{Block: digest.Block{Kind: digest.Paragraph, Spans: spans}, Aside: true})
}

// playerTitle matches the titles that players give themselves.
var playerTitle = plain.Pattern(`(?i)^(?:youtube|vimeo|spotify|soundcloud|bandcamp|dailymotion|twitter|video|audio|embedded|embed|iframe|media)?[ :-]*(?:video|audio|embed|iframe|media|content)? ?(?:player|embed)?$`)

// embedded returns the address that what is embedded has of its own, and its
// title.
func (b *builder) embedded(n *html.Node) (address, name string) {
	name = cmp.Or(oneLine(attr(n, "title")), oneLine(attr(n, "aria-label")))
	switch n.DataAtom {
	case atom.Video, atom.Audio:
		return web.Target(b.base, mediaSource(n)), name
	case atom.Iframe, atom.Embed:
		for _, key := range []string{"src", "data-src", "data-lazy-src", "data-cookieblock-src"} {
			if address = playerPage(web.Target(b.base, attr(n, key))); address != "" {
				return address, name
			}
		}
		return "", ""
	}
	if n.Data == playerElement {
		return web.Target(b.base, attr(n, "href")), name
	}
	if id := attr(n, "videoid"); videoID().MatchString(id) {
		return YouTube + id, attr(n, "playlabel")
	}
	return "", ""
}

// mediaSource returns the address of a film or a sound, or of the first of its
// forms.
func mediaSource(n *html.Node) string {
	if src := attr(n, "src"); src != "" {
		return src
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Source && attr(c, "src") != "" {
			return attr(c, "src")
		}
	}
	return ""
}

var videoID = plain.Pattern(`^[A-Za-z0-9_-]{1,64}$`)

// Addresses of the pages of sites, without what identifies the film.
const (
	YouTube  = "https://youtu.be/"
	Vimeo    = "https://vimeo.com/"
	Bilibili = "https://www.bilibili.com/video/"
)

// players are the sites whose frames show films, sounds, programs, maps or charts.
// The value is what stands in front of an identifier on the page for people; it is
// empty if the frame's own address serves.
var players = map[string]string{
	"youtube.com": YouTube, "youtube-nocookie.com": YouTube, "player.vimeo.com": Vimeo,
	"dailymotion.com": "https://www.dailymotion.com/video/", "geo.dailymotion.com": "", "open.spotify.com": "https://open.spotify.com/",
	"w.soundcloud.com": "", "bandcamp.com": "", "embed.podcasts.apple.com": "", "embed.music.apple.com": "", "player.bilibili.com": Bilibili,
	"player.twitch.tv": "", "clips.twitch.tv": "", "rutube.ru": "", "vk.com": "", "ok.ru": "", "aparat.com": "", "niconico.jp": "", "embed.nicovideo.jp": "",
	"tv.naver.com": "", "player.youku.com": "", "v.qq.com": "", "loom.com": "", "fast.wistia.net": "", "fast.wistia.com": "", "share.transistor.fm": "",
	"player.simplecast.com": "", "anchor.fm": "", "embed.acast.com": "", "buzzsprout.com": "", "share.fireside.fm": "", "player.fireside.fm": "", "mixcloud.com": "",
	"player.captivate.fm": "", "castbox.fm": "", "deezer.com": "", "widget.deezer.com": "", "tiktok.com": "", "archive.org": "", "peertube.tv": "", "ted.com": "", "embed.ted.com": "",
	"codepen.io": "", "codesandbox.io": "", "stackblitz.com": "", "jsfiddle.net": "", "observablehq.com": "", "asciinema.org": "", "glitch.com": "",
	"speakerdeck.com": "", "slideshare.net": "", "docs.google.com": "", "datawrapper.dwcdn.net": "", "flo.uri.sh": "", "openstreetmap.org": "", "figma.com": "",
}

// playerPage returns the page for people of what a frame plays, or "" if the
// frame is no player.
func playerPage(src string) string {
	u, err := url.Parse(src)
	if err != nil || u.Host == "" {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	page, ok := players[host]
	if !ok {
		return ""
	}
	if id := playerID(host, u); id != "" {
		return page + id
	}
	if inner := u.Query().Get("url"); host == "w.soundcloud.com" && digest.IsWebAddress(inner) {
		return inner
	}
	return src
}

// playerID returns what identifies the film or the sound on the page for people, or
// "".
func playerID(host string, u *url.URL) string {
	id := path.Base(u.Path)
	switch host {
	case "youtube.com", "youtube-nocookie.com":
		if id == "videoseries" || id == "live_stream" {
			return ""
		}
	case "player.vimeo.com", "dailymotion.com":
	case "player.bilibili.com":
		id = u.Query().Get("bvid")
	case "open.spotify.com":
		_, id, _ = strings.Cut(u.Path, "/embed/")
		return strings.TrimPrefix(id, "/")
	default:
		return ""
	}
	if videoID().MatchString(id) {
		return id
	}
	return ""
}

// EmbedName names what has no title: a file by its name, else by its site.
func EmbedName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if ext := path.Ext(u.Path); len(ext) == 4 || len(ext) == 5 {
		return path.Base(u.Path)
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// withoutKnownPlayers leaves out the players of what the text links to as well.
func withoutKnownPlayers(nodes []Node) []Node {
	if !slices.ContainsFunc(nodes, isPlayer) {
		return nodes
	}
	known := map[string]bool{}
	for _, n := range nodes {
		if isPlayer(n) {
			continue
		}
		for s := range digest.AllSpans([]digest.Block{n.Block}) {
			if s.Link != "" {
				known[playKey(s.Link)] = true
			}
		}
	}
	return slices.DeleteFunc(nodes, func(n Node) bool {
		if !isPlayer(n) {
			return false
		}
		key := playKey(n.Spans[0].Link)
		again := known[key]
		known[key] = true
		return again
	})
}

func isPlayer(n Node) bool { return n.Aside && strings.HasPrefix(digest.TextOf(n.Spans), PlayMark) }

var videoPage = plain.Pattern(`^https?://(?:(?:www|m)\.)?(?:youtube\.com/(?:watch\?(?:[^#]*&)?v=|live/|shorts/)|youtu\.be/)([A-Za-z0-9_-]+)`)

// playKey returns the same for all addresses of one film.
func playKey(link string) string {
	if m := videoPage().FindStringSubmatch(link); m != nil {
		return m[1]
	}
	return link
}
