package subscribers_test

import (
	"errors"
	"testing"

	"digestbot/digest"
	"digestbot/subscribers"
)

func TestIssues(t *testing.T) {
	store := open(t)
	if issues, total, err := store.Issues(t.Context(), 10, 0); len(issues) != 0 || total != 0 || err != nil {
		t.Errorf("Issues of an empty archive = %v of %d, %v", issues, total, err)
	}
	for _, number := range []int{2, 5, 1, 4, 3} {
		saveIssue(t, store, issueNumber(number, "News"))
	}
	issues, total, err := store.Issues(t.Context(), 2, 1)
	if err != nil || total != 5 || len(issues) != 2 || issues[0].Number != 4 || issues[1].Number != 3 {
		t.Errorf("Issues = %+v of %d, %v, want 4 and 3 of 5", issues, total, err)
	}
}

func TestIssueByKey(t *testing.T) {
	store := open(t)
	for _, key := range []string{"Frost", "frost"} {
		issue := issueNumber(0, "News")
		issue.Key, issue.Title = key, key
		saveIssue(t, store, issue)
	}
	for key, want := range map[string]string{"Frost": "Frost", "frost": "frost", "FROST": "frost"} {
		if issue := must(store.IssueByKey(t.Context(), key))(t); issue.Key != want {
			t.Errorf("IssueByKey(%q) = %q, want %q", key, issue.Key, want)
		}
	}
	if _, err := store.IssueByKey(t.Context(), "f%"); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("IssueByKey of none: %v, want ErrNotFound", err)
	}
}

func TestSectionMessages(t *testing.T) {
	store := open(t)
	issue := issueNumber(1, "News", "Tools", "Empty")
	issue.Sections[2].Items = nil
	saveIssue(t, store, issue)
	issue.Sections[1].Items[0].Title = []digest.Span{{Text: "Corrected"}}
	row, _, err := store.SaveIssue(t.Context(), issue, "1.md", []byte("another"))
	if err != nil || row.Edition != 2 {
		t.Fatalf("SaveIssue = %+v, %v, want edition 2", row, err)
	}
	sections := must(store.IssueSections(t.Context(), row))(t)
	if len(sections) != 2 || sections[0].Name != "News" || sections[1].Name != "Tools" {
		t.Fatalf("sections are %+v, want News and Tools", sections)
	}
	messages := must(store.SectionMessages(t.Context(), row, sections[1].ID))(t)
	if len(messages) != 1 || messages[0].Position != 2 || messages[0].SectionID != sections[1].ID {
		t.Errorf("messages are %+v, want the third", messages)
	}
	for _, none := range []int64{0, 99} {
		if messages := must(store.SectionMessages(t.Context(), row, none))(t); len(messages) != 0 {
			t.Errorf("section %d has %d messages, want none", none, len(messages))
		}
	}
}
