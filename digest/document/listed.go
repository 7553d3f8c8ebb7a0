package document

import (
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/fields"
)

// addListed puts the lists of links that the front matter holds below the text, if that
// has neither headings nor lists: of such an issue a template shows the front matter.
func (s *source) addListed() {
	if len(s.front.Listed) == 0 {
		return
	}
	for line := range strings.Lines(s.body) {
		if isMarkdownLine(line) && line[0] != '>' {
			return
		}
	}
	s.kind += " and the lists in the front matter"
	s.body += listedMarkdown(s.front.Listed)
}

// listedMarkdown writes lists as sections. One alone needs no name.
func listedMarkdown(all []fields.Listed) string {
	var out strings.Builder
	for _, l := range all {
		out.WriteString("\n\n")
		if len(all) > 1 {
			out.WriteString("## " + escapeMarkdown(l.Name) + "\n\n")
		}
		for _, e := range l.Entries {
			title := escapeMarkdown(e.Title)
			if digest.IsWebAddress(e.Address) && !strings.ContainsAny(e.Address, "<> \t\n") {
				title = "[" + title + "](<" + e.Address + ">)"
			}
			out.WriteString("- " + title + "\n")
			if e.Text != "" {
				out.WriteString("\n  " + strings.ReplaceAll(e.Text, "\n", "\n  ") + "\n")
			}
			out.WriteString("\n")
		}
	}
	return out.String()
}

var markdownEscapes = strings.NewReplacer("\\", "\\\\", "[", "\\[", "]", "\\]", "*", "\\*", "_", "\\_", "`", "\\`", "<", "\\<", "&", "\\&", "#", "\\#", "\n", " ")

// escapeMarkdown returns a text of one line that means itself in Markdown.
func escapeMarkdown(text string) string { return markdownEscapes.Replace(text) }
