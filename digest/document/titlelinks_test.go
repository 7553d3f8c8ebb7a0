package document_test

import (
	"strings"
	"testing"
)

// A title carries the link of its text if that only says "Read more".
func TestTitlesCarryLinks(t *testing.T) {
	const target = "https://example.org/pier"
	tests := []struct{ name, body, want string }{
		{"below the text", "The planks are new.\n\n[Read more](" + target + ")", target},
		{"in the text", "The planks are new. [Weiterlesen →](" + target + ")", target},
		{"in Chinese", "新的木板。\n\n[阅读全文](" + target + ")", target},
		{"in more Chinese", "新的木板。\n\n[点击此处立即跳转阅读](" + target + ")", target},
		{"a name that begins like a call", "新的木板。\n\n[点击率是什么](" + target + ")", ""},
		{"twice the same", "The planks are new. [Read more](" + target + ")[.](" + target + ")", target},
		// Near misses.
		{"a link of its own", "The planks are from [Norway](" + target + ").", ""},
		{"another link too", "The planks are from [Norway](https://example.org/no). [Read more](" + target + ")", ""},
		{"an address of mail", "The planks are new. [Read more](mailto:pier@example.org)", ""},
		{"no link", "The planks are new. Read more.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := "# Letters\n\n## News\n\n### The pier\n\n" + tt.body + "\n\n### Snow\n\nIt fell.\n"
			issue := parse(t, "a.md", text)
			if got := issue.Sections[0].Items[0].Title[0].Link; got != tt.want {
				t.Errorf("the title leads to %q, want %q", got, tt.want)
			}
			if last := issue.Sections[0].Items[0].Links(); tt.want != "" && len(last) != 1 {
				t.Errorf("links %q, want one", last)
			}
			body := issue.Sections[0].Items[0].Body
			if alone := strings.Contains(tt.body, "\n\n") && tt.want != ""; alone && len(body) != 1 {
				t.Errorf("body %+v, want it without the call", body)
			}
		})
	}
}
