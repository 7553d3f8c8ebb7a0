package bot_test

import (
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers/archive"
)

// untitled archives an issue that has only a number.
func (w *world) untitled(number int, sections ...string) archive.Issue {
	w.t.Helper()
	issue := longIssue(number)
	issue.Title = ""
	issue.Date = time.Date(2021, 11, 19, 0, 0, 0, 0, time.UTC)
	issue.Sections = nil
	for _, name := range sections {
		issue.Sections = append(issue.Sections, sectionOf(name, "About "+name))
	}
	return w.save(issue)
}

// An issue without a title is called by the name of the bot and its number, wherever it is
// named, and in every layout.
func TestIssueWithoutTitle(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "News")
		w.untitled(421, "News", "Tools")
		name := w.sim.Bot().FirstName
		en, zh := name+" № 421", name+" 第 421 期"

		for _, layout := range []digest.Layout{digest.LayoutSections, digest.LayoutCompact, digest.LayoutRich} {
			reader := w.sim.NewPerson("Reader", telegramsim.Language("en"))
			w.tell(reader, "/subscribe")
			w.setLayout(reader.ID(), layout)
			cover := w.said(reader.Chat(), func() { reader.Write("/latest") })[0]
			text := cover.Text
			if cover.Rich != nil {
				text = cover.Rich.Text
			}
			if !strings.HasPrefix(strings.TrimSpace(text), en+"\n") {
				t.Errorf("the cover in layout %s is %q, want %q first", layout, text, en)
			}
		}
		wantText(t, w.tell(w.ann, "/issues"), "\n"+en+" · 19 November 2021\n")
		wantText(t, w.tell(w.li, "/issues"), "\n"+zh+" · 2021年11月19日\n")
		wantText(t, w.tell(w.ann, "/search tools"), "Tools · "+en+" · 19 November 2021")
		_, answer := w.inline(w.ann, "tools", "")
		if got := answer.Results[0].Description; got != "Tools · "+en {
			t.Errorf("the inline result is described as %q", got)
		}
		w.tell(w.ann, "/subscribe")
		wantText(t, w.tell(w.admin, "/broadcast"), en+" · 19 November 2021")
		wantText(t, w.sendNow(time.Hour), en+" · 19 November 2021")
		wantText(t, w.tell(w.admin, "/status"), en)
		wantText(t, w.tell(w.admin, "/withdraw 421"), en)
	})
}

// A section without a name is headed by the issue. Muted sections are not on the cover,
// whose names stand further back now.
func TestIssueWithoutTitleAndNames(t *testing.T) {
	inWorld(t, func(w *world) {
		name := w.sim.Bot().FirstName
		w.untitled(421, "", "Tools", "Jobs")
		menu := w.tell(w.ann, "/sections")
		w.press(w.ann, menu, "✅ Tools")
		said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") })
		if want := name + " № 421\n2021-11-19\n\n• Jobs"; len(said) != 3 || said[0].Text != want {
			t.Errorf("the bot said %q, want a cover %q and two sections", texts(said), want)
		}
		if !strings.HasPrefix(said[1].Text, name+" № 421\n") {
			t.Errorf("a section without a name is %q", said[1].Text)
		}
	})
}

// Without a number it is called by the name of the bot and its date.
func TestIssueWithoutTitleAndNumber(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := longIssue(0)
		issue.Key, issue.Title, issue.Number = "frost", "", 0
		issue.Date = time.Date(2021, 11, 19, 0, 0, 0, 0, time.UTC)
		w.save(issue)
		name := w.sim.Bot().FirstName
		wantText(t, w.tell(w.ann, "/issues"), "\n"+name+" · 19 November 2021\n")
		wantText(t, w.said(w.ann.Chat(), func() { w.ann.Write("/latest") })[0], name+" · 2021-11-19")
	})
}
