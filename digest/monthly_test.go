package digest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest"
	"digestbot/digest/digesttest"
)

// monthIssue is an issue of a month as a courier gives it, made from a document.
func monthIssue(t *testing.T, name, document string) digest.MonthIssue {
	t.Helper()
	m := digest.MonthIssue{Name: name}
	for _, message := range parse(t, "doc.md", document).Messages() {
		if !message.Cover && message.Headlines != "" {
			m.Sections = append(m.Sections, digest.MonthSection{Headlines: message.Headlines, Named: message.Section != ""})
		}
	}
	return m
}

func TestMonth(t *testing.T) {
	issues := []digest.MonthIssue{
		monthIssue(t, "Two & <co>", "# T\n\n## A\n\n- [One](https://a.example/1?a=1&b=2): text\n- Two `x<y`\n\n## ⭐ B\n\nSome text with [a link](https://a.example/).\n\n## C\n\n"+strings.Repeat("- x\n", 23)),
		{Name: "One", Sections: []digest.MonthSection{{Headlines: "<b>Only a name</b>", Named: true}, {Headlines: "⭐ Starred\n… +4 ⭐"}, {Headlines: "A text"}}},
		{Name: "Nothing"},
	}
	want := "<b>Headlines</b>\n\n" +
		"<b>Two &amp; &lt;co&gt;</b>\n• <a href=\"https://a.example/1?a=1&amp;b=2\">One</a>\n• Two x&lt;y\n" +
		"• Some text with <a href=\"https://a.example/\">a link</a>." + strings.Repeat("\n• x", 20) + "\n… +3\n\n" +
		"<b>One</b>\n• <b>Only a name</b>\n⭐ Starred\n• A text\n… +4\n\n" +
		"<b>Nothing</b>"
	if diff := cmp.Diff(want, digest.Month("Headlines", issues)); diff != "" {
		t.Errorf("month (-want +got):\n%s", diff)
	}
}

// However many issues there are, each is named, what is left out is counted, and the
// message is within Telegram's limits.
func TestMonthIsOneMessage(t *testing.T) {
	for _, n := range []int{1, 2, 5, 31, 40} {
		for _, line := range []string{"- headline %d\n", "- [headline %d that is rather long, as they are](https://example.com/a/path/that/is/long/%[1]d)\n", "- 标题 %d @name #tag a.example\n"} {
			var issues []digest.MonthIssue
			for k := range n {
				document := "# T\n\n## A\n\n"
				for i := range 18 {
					document += fmt.Sprintf(line, i)
				}
				issues = append(issues, monthIssue(t, fmt.Sprintf("%d issue", k), document+"\n## B\n\n- one\n- two\n"))
			}
			text := digest.Month("Headlines", issues)
			digesttest.CheckMonth(t, text, n)
			for k, part := range strings.Split(text, "\n\n")[1:] {
				if want := fmt.Sprintf("<b>%d issue</b>", k); !strings.HasPrefix(part, want) {
					t.Errorf("part %d of %d begins with %.30q, want %q", k, n, part, want)
				}
				shown, more := strings.Count(part, "\n• "), 0
				if _, rest, found := strings.Cut(part, "\n… +"); found {
					if _, err := fmt.Sscan(rest, &more); err != nil {
						t.Error(err)
					}
				}
				if shown+more != 20 {
					t.Errorf("of %d issues one shows %d headlines and counts %d more, want 20 in all:\n%s", n, shown, more, part)
				}
			}
		}
	}
}
