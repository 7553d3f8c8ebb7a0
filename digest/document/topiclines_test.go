package document_test

import (
	"strings"
	"testing"
)

// Below the stories of a mail, a bold line behind a rule may name a topic.
func TestTopicBelowStories(t *testing.T) {
	const stories = "<h2>After fifty winters, Ann leaves the pier and her lamp</h2><p>She kept the log.</p><h2>The long frost begins on Friday, and boats stay in</h2><p>Ice is thin.</p>"
	const items = "<p>&nbsp;</p><p><a href=\"https://q.example/a\"><b>Fair on the quay</b></a>: With music.</p><p>&nbsp;</p><p><a href=\"https://q.example/b\"><b>Nets for sale</b></a>: Ask Joan.</p><p>&nbsp;</p><p><b>Blood drive:</b> On Friday.</p>"
	const last = "<h2>The crane was repaired by three people of the club</h2><p>It turns.</p>"
	mail := func(between, line, more string) string {
		return "<html><head><title>Quay Wire</title></head><body>" + stories + between + line + items + more + "</body></html>"
	}
	const line = "<p style=\"font-weight:bold\">AROUND THE PIER</p>"
	const sections = "Quay Wire | 0 | \n (2, 0): After fifty winters, Ann leaves the pier and her lamp\nAROUND THE PIER (3, 2): Fair on the quay\n"
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"at the end", "a.html", mail("<hr>", line, ""), sections},
		{"a story follows", "a.html", mail("<hr>", line, last), strings.Replace(sections, "(2", "(3", 1)},
		{"a drawn rule", "a.html", mail("<p style=\"border-top:4px solid #111\"></p>", line, ""), sections},
	})
	for name, document := range map[string]string{
		"no rule":    mail("", line, ""),
		"not bold":   mail("<hr>", "<p>AROUND THE PIER</p>", ""),
		"a sentence": mail("<hr>", "<p><b>Do come and see us.</b></p>", ""),
		"two items":  strings.Replace(mail("<hr>", line, ""), "<p><b>Blood drive:</b> On Friday.</p>", "", 1),
	} {
		t.Run(name, func(t *testing.T) {
			if got := outline(parse(t, "a.html", document)); strings.Count(got, "\n") != 2 {
				t.Errorf("a line makes a section:\n%s", got)
			}
		})
	}
}
