package drafts

import (
	"errors"
	"path"
	"regexp"
	"strings"
	"time"

	"digestbot/digest/document"
	"digestbot/digest/document/encoding"
	"digestbot/digest/document/fields"
	"digestbot/digest/document/markdown"
	"digestbot/subscribers"
)

// errPage: an HTML file, or another that is a whole, comes after other parts, and
// errAfterPage: something comes after it.
var (
	errPage      = errors.New("it cannot be joined with other messages, as texts, forwarded posts and files in Markdown can: send /done or /cancel, and then this file")
	errAfterPage = errors.New("the file that you have sent before cannot be joined with other messages: send /done for it, or /cancel")
)

// errFronts: an issue has one title, date and number.
var errFronts = errors.New("two parts begin with a front matter, and an issue has one: leave it out of the other part")

// aboveTexts is a line that Markdown shows nowhere. Below it a document that begins with the
// HTML of a text is Markdown all the same.
const aboveTexts = "[parts]: # (several messages)\n\n"

// join makes a document of parts. A single file stays as it is; texts become one page, and
// with files among them one Markdown document, in which HTML is allowed.
func join(parts []subscribers.Part, now time.Time) (name string, data []byte, err error) {
	if len(parts) == 1 && parts[0].Name != "" {
		return parts[0].Name, parts[0].Content, nil
	}
	var texts []string
	front, extension, above := "", ".html", ""
	for _, p := range parts {
		if p.Name == "" {
			above = aboveTexts
			texts = append(texts, string(p.Content))
			continue
		}
		extension = ".md"
		its, body, err := ofFile(p)
		if err == nil && front != "" && its != "" {
			err = errFronts
		}
		if err != nil {
			return p.Name, nil, err
		}
		front += its
		texts = append(texts, body)
	}
	if extension == ".html" {
		above = "" // it is no Markdown
	}
	keepOneTitle(parts, texts)
	for i, text := range texts {
		texts[i] = strings.TrimSpace(text)
	}
	return now.Format(time.DateOnly) + extension, []byte(front + above + strings.Join(texts, "\n\n") + "\n"), nil
}

// ofFile returns the front matter of a file that is Markdown or plain text, and what is below
// it.
func ofFile(p subscribers.Part) (front, body string, err error) {
	if isPage(p) {
		return "", "", errPage
	}
	text, _, err := encoding.Decode(p.Content, document.IsFeed)
	if err != nil {
		return "", "", err
	}
	matter, body, err := fields.Split(text)
	above, isBelow := strings.CutSuffix(text, body)
	if err != nil || matter.Metadata == nil || !isBelow {
		return "", text, err
	}
	return strings.TrimSpace(above) + "\n\n", body, nil
}

func isPage(p subscribers.Part) bool {
	switch strings.ToLower(path.Ext(p.Name)) {
	case ".md", ".markdown", ".txt", "":
		return false
	}
	return p.Name != ""
}

// keepOneTitle turns headings of the first level into headings of sections, except that of the
// first part or, if that has none, of the only Markdown that has one. If a part has several
// such headings, they are no titles.
func keepOneTitle(parts []subscribers.Part, texts []string) {
	lower := make([]string, len(texts))
	var titled []int
	for i, text := range texts {
		titles := 0
		if lower[i], titles = lowerTitles(text); titles > 1 {
			return
		}
		if titles == 1 {
			titled = append(titled, i)
		}
	}
	isTitle := len(titled) > 0 && (titled[0] == 0 || len(titled) == 1 && parts[titled[0]].Name != "")
	for n, i := range titled {
		if n > 0 || !isTitle {
			texts[i] = lower[i]
		}
	}
}

var (
	titleLine  = regexp.MustCompile(`^ {0,3}# +\S`)
	htmlTitles = strings.NewReplacer("<h1>", "<h2>", "</h1>", "</h2>")
)

// lowerTitles returns a text with its headings of the first level as those of the second, and
// how many these are. Lines of code are none.
func lowerTitles(text string) (lower string, titles int) {
	lower = markdown.RewriteLines(text, func(line string) string {
		if titleLine.MatchString(line) {
			titles++
			return strings.Replace(line, "#", "##", 1)
		}
		titles += strings.Count(line, "<h1>")
		return htmlTitles.Replace(line)
	})
	return lower, titles
}
