package page

import (
	"html"
	"strconv"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/plain"
)

// words adds text to the paragraph. Of text that is not code, what mail programs and
// WordPress would have replaced is left out, and names of emoji and players are replaced.
func (b *builder) words(text string, s inlineStyle) {
	if s.style&digest.Monospace != 0 {
		b.text.write(text, s)
		return
	}
	rest := b.markMergeTags(plain.WithEmoji(text))
	for strings.Contains(rest, "[") {
		m := shortcode().FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		name, attributes := rest[m[2]:m[3]], rest[m[4]:m[5]]
		closes := rest[m[0]+1] == '/'
		if !b.isShortcode(name, attributes, closes) {
			b.text.write(rest[:m[1]], s)
			rest = rest[m[1]:]
			continue
		}
		b.text.write(rest[:m[0]], s)
		b.text.write(" ", s)
		b.notes.LeaveOut("shortcodes", rest[m[0]:m[1]])
		if address := shortcodePage(name, attributes); !closes && address != "" { // as [youtube https://…]
			b.text.write(PlayMark+EmbedName(address), inlineStyle{link: address})
		}
		rest = rest[m[1]:]
	}
	b.text.write(rest, s)
}

// shortcode matches what looks like a shortcode of WordPress.
var shortcode = plain.Pattern(`\[/?([a-z][a-z0-9_-]*)((?:[\s=][^\[\]]*)?)/?\]`)

// shortcodeAttribute matches the attributes that no other text in brackets has.
var shortcodeAttribute = plain.Pattern(`^\s+[a-z][a-z0-9_-]*\s?=\s?["'“”″‘’«»]`)

// shortcodes are those of WordPress itself and of its most common plugins. The
// value says that one may come without attributes and without an end. Those that play
// something may not: people write "[video]" in front of a title.
var shortcodes = map[string]bool{
	"caption": true, "wp_caption": true, "gallery": true, "playlist": true, "contact-form": true, "contact-form-7": true, "mc4wp_form": true, "wpforms": true, "newsletter_form": true,
	"embed": false, "video": false, "audio": false, "youtube": false, "vimeo": false, "soundcloud": false, "spotify": false, "tweet": false,
}

// isShortcode reports whether something in brackets is a shortcode: it has
// attributes, or it belongs to one that had, or it is a known one.
func (b *builder) isShortcode(name, attributes string, closes bool) bool {
	alone, known := shortcodes[name]
	switch {
	case shortcodeAttribute().MatchString(attributes):
		return true
	case closes || attributes == "":
		return alone || b.shortcodes[name] && (closes || known) || isPluginShortcode(name)
	case known:
		return shortcodeAddress().MatchString(attributes) || attributes[0] == '=' || shortcodePage(name, attributes) != ""
	}
	return isPluginShortcode(name)
}

// isPluginShortcode reports whether the name is one of the page builders of
// WordPress, which have hundreds.
func isPluginShortcode(name string) bool {
	for _, prefix := range []string{"vc_", "et_pb_", "su_", "fusion_", "av_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// openShortcodes returns the names of the shortcodes in a document that have
// attributes or an end: both ends of those are shortcodes too.
func openShortcodes(text string) map[string]bool {
	if !strings.Contains(text, "[/") {
		return nil
	}
	names := map[string]bool{}
	for _, m := range shortcode().FindAllStringSubmatch(html.UnescapeString(text), -1) {
		_, known := shortcodes[m[1]]
		if shortcodeAttribute().MatchString(m[2]) || known && m[0][1] == '/' {
			names[m[1]] = true
		}
	}
	return names
}

var (
	shortcodeAddress = plain.Pattern(`https?://[^\s"'“”″‘’\]<>]+`)
	shortcodeID      = plain.Pattern(`^(?:=|\s)\s*(?:id=)?["'“”″]?([A-Za-z0-9_-]{5,40})["'“”″]?`)
)

// shortcodePage returns the address of what a shortcode would play, or "".
func shortcodePage(name, attributes string) string {
	if alone, known := shortcodes[name]; alone || !known {
		return ""
	}
	if address := shortcodeAddress().FindString(attributes); address != "" {
		return address
	}
	m := shortcodeID().FindStringSubmatch(attributes)
	if m == nil {
		return ""
	}
	switch _, err := strconv.Atoi(m[1]); {
	case name == "youtube":
		return YouTube + m[1]
	case name == "vimeo" && err == nil:
		return Vimeo + m[1]
	}
	return ""
}

// MailchimpTag is the pattern of a merge tag of Mailchimp, such as *|FNAME|*.
const MailchimpTag = `\*\|[A-Z]{2}[^|*\n]{0,200}\|\*`

// mergeTags matches what mailing programs replace for each reader: by the name of
// the reader, the address of the sender, or a link to unsubscribe. Programs
// differ in the signs: *|FNAME|* (Mailchimp), %%view_email_url%% (Salesforce),
// %UNSUBSCRIBELINK% (ActiveCampaign), {$unsubscribe} (MailerLite), {{ contact.FIRSTNAME }}
// (Brevo, HubSpot, Kit, Buttondown), {% unsubscribe_link %} (Klaviyo), <%…%> (SendGrid),
// [[UNSUB_LINK_EN]] (Mailjet), [unsubscribe] (Sendy), $[FNAME]$ (Zoho).
var mergeTags = plain.Pattern(MailchimpTag +
	`|%%(?:=|\[|!)?[A-Za-z][^%\n]{0,200}%%` +
	`|%(?:(?:FIRST|LAST|FULL)_?NAME|(?:UNSUB|VIEW|WEB|FORWARD|SENDER|UPDATE|SOCIAL|EMAIL|SUBSCRIBER|PERS_|CONTACT)[A-Z0-9_-]*)%` +
	`|\{\$(?:unsubscribe|name|last_name|email|url|forward|company|preferences|date|account)[a-z0-9_.]{0,40}\}` +
	`|\{[{%]-?\s*[^{}%\n]{0,80}(?i:subscri|preference|contact\.|profile|browser|webview|web_?version|view_?(?:in|online|email)|mirror|permalink_url|archive_?url|first_?name|last_?name|email_?(?:address|url)|sender[_.]|company[_.]|mailing_?address|organization|forward)[^{}%\n]{0,80}-?[%}]\}` +
	`|<%\s*asm_[a-z_]{1,40}\s*%>` +
	`|\[\[(?:(?:UNSUB|PERMALINK|SUBSCR|FIRST|LAST|EMAIL|WEB|VIEW|SHARE)[A-Z0-9_]{0,40}|data:[^\]\n]{1,80})\]\]` +
	`|\$\[[A-Z][^\]\n]{0,60}\]\$` +
	`|\[(?i:unsubscribe(?:url)?|webversion|firstname,fallback=[^\]\n]{0,60}|subscriber:[^\]\n]{0,60}|link:[a-z_]{3,60})\]`)

// mergeMark stands where a merge tag was: a character that is never shown.
const mergeMark = "\u0091"

// markMergeTags replaces merge tags by mergeMark.
func markMergeTags(text string) string {
	if !opensMergeTag(text) {
		return text
	}
	return mergeTags().ReplaceAllString(text, mergeMark)
}

// markMergeTags replaces merge tags by mergeMark, and notes that they are left out.
func (b *builder) markMergeTags(text string) string {
	marked := markMergeTags(text)
	if marked != text && b.notes.AreAsked() {
		for _, tag := range mergeTags().FindAllString(text, -1) {
			b.notes.LeaveOut("merge tags", tag)
		}
	}
	return marked
}

// withoutMergeTags leaves out merge tags, in a text of one line.
func withoutMergeTags(text string) string {
	marked := markMergeTags(text)
	if marked == text {
		return text
	}
	var in inline
	in.write(marked, inlineStyle{})
	return digest.TextOf(in.take())
}

// closeGap is called at the first word after a merge tag that was left out. A sign that
// closed the tag, as the comma of "Dear *|FNAME|*," did, moves to the word before it; at the
// beginning of a line a comma is left out.
func (in *inline) closeGap(word string) string {
	bare := strings.TrimLeft(word, ",，、;:.!?；：。！？")
	switch {
	case len(bare) == len(word):
	case in.last == 0 || in.brk:
		return strings.TrimLeft(word, ",，、")
	default:
		in.space, in.newline = false, false
	}
	return word
}

// opensMergeTag reports whether a text has the first two characters of a merge tag.
func opensMergeTag(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		next := text[i+1]
		switch text[i] {
		case '*':
			if next == '|' {
				return true
			}
		case '%':
			if next == '%' || next >= 'A' && next <= 'Z' {
				return true
			}
		case '{', '[', '<', '$':
			if strings.IndexByte("{%$[uUwWfFsSlL", next) >= 0 {
				return true
			}
		}
	}
	return false
}
