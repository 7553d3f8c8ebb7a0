package document

import (
	"regexp"
	"strings"

	"digestbot/digest/document/plain"
)

// markup is a language for texts that is neither Markdown nor HTML. Read as Markdown, its
// marks would be shown.
type markup struct {
	name       string
	cure       string
	extensions []string
	// signs are what authors of the language write and those of Markdown do not. One
	// sign may stand in any text, so several kinds are asked for.
	signs []sign
}

// sign is one kind of mark. mark, which every match holds, is looked for first, and the
// pattern only in the lines that have it, because that costs little. A weak sign also stands in
// other languages.
type sign struct {
	mark    string
	pattern func() *regexp.Regexp
	weak    bool
	next    string // one of these characters follows the mark; "": any
	apart   string // none of these characters stands before the mark
	lines   bool   // a match goes on in the next line
}

func strong(mark, pattern string) sign {
	if strings.HasPrefix(mark, "\n") { // within one line these are the same, but this ends at once
		pattern = strings.Replace(pattern, "(?m)^", `(?m)\A`, 1)
	}
	return sign{mark: mark, pattern: plain.Pattern(pattern)}
}

func weak(mark, pattern string) sign {
	return sign{mark: mark, pattern: plain.Pattern(pattern), weak: true}
}

func (s sign) before(characters string) sign   { s.next = characters; return s }
func (s sign) notAfter(characters string) sign { s.apart = characters; return s }
func (s sign) overLines() sign                 { s.lines = true; return s }

// count returns how often the sign stands in a text, maxSigns at most.
func (s sign) count(text string) int {
	if s.lines {
		if !strings.Contains(text, s.mark) {
			return 0
		}
		return len(s.pattern().FindAllStringIndex(text, maxSigns))
	}
	n := 0
	for from := 0; n < maxSigns; {
		i := strings.Index(text[from:], s.mark)
		if i < 0 {
			break
		}
		at := from + i
		if !s.fits(text, at) {
			from = at + 1
			continue
		}
		start, end := strings.LastIndexByte(text[:at+1], '\n')+1, len(text)
		if i := strings.IndexByte(text[at+1:], '\n'); i >= 0 {
			end = at + 1 + i
		}
		n += len(s.pattern().FindAllStringIndex(text[start:end], maxSigns))
		from = end // with the line end, of which the next mark may be a part
	}
	return min(n, maxSigns)
}

// fits reports whether the characters around a mark are those of a sign.
func (s sign) fits(text string, at int) bool {
	after := at + len(s.mark)
	if s.next != "" && (after == len(text) || strings.IndexByte(s.next, text[after]) < 0) {
		return false
	}
	return s.apart == "" || at == 0 || strings.IndexByte(s.apart, text[at-1]) < 0
}

const giveHTML = " and give the HTML"

var markups = []markup{
	{"reStructuredText", "convert it with `rst2html5 FILE FILE.html`" + giveHTML, []string{".rst", ".rest"}, []sign{
		strong("\n.. ", `(?m)^\.\. [a-z][\w-]*::(?:\s|$)`),
		strong("\n.. _", `(?m)^\.\. _[^\n]+:`),
		strong("\n.. ", `(?m)^\.\. (?:\|[^|\n]+\| [a-z]|\[#?\w*\] )`),
		strong("`_", "(?m)(?:^|[\\s(,])`[^`\n]+`__?(?:\\W|$)"),
		strong(":`", "(?:^|\\s):[a-z]+(?::[a-z]+)?:`[^`\n]+`"),
		weak("\n", "(?m)^\\S[^\n]*\n(?:={3,}|-{3,}|~{3,}|#{3,}|\\*{3,}|\\^{3,}|\"{3,}|\\+{3,})$").overLines(),
		weak("\n:", `(?m)^:[A-Za-z][\w -]*:(?: |$)`),
		weak("::\n", `(?m)\S::\n\n[ \t]`).overLines(),
	}},
	{"AsciiDoc", "convert it with `asciidoctor -b html5 FILE`" + giveHTML, []string{".adoc", ".asciidoc", ".asc"}, []sign{
		strong("\n=", `(?m)^={1,5} [^\n=]*[^\n= ][ \t]*$`),
		strong("[", `(?m)(?:^|[\s(])(?:https?://|link:|mailto:|xref:)[^\s\[\]<>()]+\[(?:[^\]\n]*[^\]\d\n][^\]\n]*)?\](?:[^(\[]|$)`).notAfter(" \t\n()[]<>"),
		strong("::", `(?m)^(?:image|include|video|audio|toc|ifdef|ifndef|endif)::[^\s\[]*\[[^\]\n]*\]`),
		strong("\n|===", `(?m)^\|===$`),
		strong("\n[", `(?m)^\[(?:source|quote|verse|NOTE|TIP|WARNING|IMPORTANT|CAUTION|discrete|abstract|cols|options|role|%)[^\]\n]*\]$`),
		weak("\n[[", `(?m)^\[\[[\w-]+\]\]$`),
		weak("<<", `<<[\w-]+(?:,[^>\n]+)?>>`),
		weak("\n:", `(?m)^:!?[a-z][\w-]*!?:(?: |$)`),
		weak("\n----", `(?m)^-{4}$`),
		weak("\n====", `(?m)^={4}$`),
		weak("\n....", `(?m)^\.{4}$`),
		weak("\n.", `(?m)^\.[A-Z][^\n.]*$`),
		weak("\n*", `(?m)^\*{2,5} \S`),
		weak("\n. ", `(?m)^\. \S`),
		weak(": ", `(?m)^(?:NOTE|TIP|WARNING|IMPORTANT|CAUTION): \S`),
	}},
	{"org-mode", "export it from Emacs with `C-c C-e h h`, or convert it with `pandoc -f org FILE -o FILE.html`," + giveHTML, []string{".org"}, []sign{
		strong("\n#+", `(?m)^[ \t]*#\+[A-Za-z_]+:?(?:\[[^\]\n]*\])?[: \t]`),
		strong("]]", `\[\[[^\[\]\n]+\]\[[^\[\]\n]+\]\]`),
		strong(":END:", `(?m)^[ \t]*:END:[ \t]*$`),
		strong("\n*", `(?m)^\*+ (?:TODO|DONE|NEXT|WAITING) `),
		weak("\n**", `(?m)^\*{2,6} \S`),
		weak("\n* ", `(?m)^\* \S`),
		weak("]]", `\[\[(?:https?|file|id):[^\[\]\n]+\]\]`),
		weak("-", `[<\[]\d{4}-\d\d-\d\d [^\d\s>\]]+(?: \d\d:\d\d)?[>\]]`),
		weak("=", `(?:^|\s)=[^\s=][^\n=]*=(?:[\s.,]|$)`),
	}},
	{"MediaWiki text", "convert it with `pandoc -f mediawiki FILE -o FILE.html`" + giveHTML, []string{".wiki", ".mediawiki", ".wikitext"}, []sign{
		strong("\n==", `(?m)^={2,6} ?[^=\s][^\n=]*={2,6}[ \t]*$`),
		strong("[http", `(?m)\[https?://[^\s\[\]]+ [^\]\n]+\](?:[^(\[]|$)`),
		strong("''", `(?m)(?:^|[^'=\w])'{2,3}[^\s'](?:[^'\n]*[^\s'])?'{2,3}(?:[^']|$)`),
		strong("\n{|", `(?m)^\{\|`),
		strong("[[", `\[\[(?:[Ff]ile|[Ii]mage|[Cc]ategory|Datei|Fichier|Файл|文件|ファイル):[^\]\n]+\]\]`),
		strong("__", `__(?:NOTOC|TOC|NOEDITSECTION|FORCETOC)__`),
		strong("<", `<(?:ref|nowiki|references|gallery)[ />]`),
		weak("]]", `\[\[[^\[\]\n]+\]\]`),
		weak("{{", `\{\{[^{}\n]+\}\}`),
		weak("\n*", `(?m)^\*{2,4} \S|^\*[^*\s][^*\n]*$`),
	}},
	{"BBCode", "give Markdown or HTML; a forum's page, saved as HTML, will do", []string{".bbcode", ".bb"}, []sign{
		strong("[/", `(?i)\[(?:b|i|u|s)\][^\n]*?\[/(?:b|i|u|s)\]`),
		strong("[/", `(?i)\[url(?:=[^\]\n]*)?\][^\n]*?\[/url\]`),
		strong("[/", `(?i)\[img(?:[ =][^\]\n]*)?\][^\n]*?\[/img\]`),
		strong("[/", `(?i)\[/(?:size|color|font|center|align)\]`),
		strong("[/", `(?i)\[/(?:quote|list|ul|ol|spoiler|code)\]`),
		strong("[/", `(?i)\[h[1-6]\][^\n]*?\[/h[1-6]\]`),
		weak("[*]", `(?m)^\s*\[\*\]`),
	}},
	{"Textile", "convert it with `pandoc -f textile FILE -o FILE.html`" + giveHTML, []string{".textile"}, []sign{
		strong("\nh", `(?m)^h[1-6](?:\([^)\n]*\)|[<>=]+)?\. \S`).before("123456"),
		strong("\":", `"[^"\n]+":(?:https?://|/|mailto:)\S`),
		strong("\n", `(?m)^(?:bq|bc|pre|p\([^)\n]*\)|fn\d+)\.{1,2} \S`).before("bpf"),
		strong("!", `(?m)(?:^|\s)![^\s!(]+\.(?:png|jpe?g|gif|webp)(?:\([^)\n]*\))?!`),
		weak("|_.", `\|_\.`),
		weak("\n**", `(?m)^\*{2,4} \S`),
		weak("@", `(?:^|\s)@[^@\n]+@(?:\W|$)`),
		weak("\n# ", `(?m)^# \S[^\n]*\n# `).overLines(),
	}},
	{"an e-mail with its headers", "open it in a mail program and save it as HTML", []string{".eml", ".mbox", ".mht", ".mhtml"}, []sign{
		strong("MIME-Version", `(?m)^MIME-Version: 1\.0`),
		strong("Content-T", `(?m)^Content-Transfer-Encoding: [a-z0-9-]+$`),
		strong("ontent-", `(?mi)^Content-Type: (?:text|multipart)/[a-z]+`),
		weak("\nSubject:", `(?m)^Subject: `),
		weak("\nFrom:", `(?m)^From: \S`),
	}},
	{"LaTeX", "convert it with `pandoc FILE -o FILE.html`" + giveHTML, []string{".tex", ".latex"}, []sign{
		strong(`\documentclass`, `(?m)^\s*\\documentclass(?:\[[^\]\n]*\])?\{`),
		strong(`\begin{document}`, `(?m)^\s*\\begin\{document\}`),
		strong(`\usepackage`, `(?m)^\s*\\usepackage(?:\[[^\]\n]*\])?\{`),
		strong(`section`, `(?m)^\s*\\(?:sub)*section\*?\{`),
		strong(`\item`, `(?m)^\s*\\item\s`),
		strong(`\href{`, `\\href\{[^}\n]*\}\{`),
		weak(`\`, `\\(?:textbf|emph|textit|title|author|date|maketitle)\b`),
	}},
}
