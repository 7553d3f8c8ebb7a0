package archive_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers/archive"
)

// marked returns the sections of an issue that are marked as new.
func (a opened) marked(t testing.TB, number int) []string {
	t.Helper()
	var text []byte
	if err := a.db.Reads().QueryRow("SELECT digest FROM issues WHERE number = ?", number).Scan(&text); err != nil {
		t.Fatal(err)
	}
	var issue digest.Issue
	if err := json.Unmarshal(text, &issue); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, s := range issue.Sections {
		if s.New {
			all = append(all, s.Name)
		}
	}
	return all
}

func (a opened) wantMarked(t testing.TB, number int, want ...string) {
	t.Helper()
	if got := a.marked(t, number); !slices.Equal(got, want) {
		t.Errorf("in issue %d %q are marked as new, want %q", number, got, want)
	}
}

// correct saves an issue that is there with other sections.
func correct(t testing.TB, a opened, number int, document string, sections ...string) archive.Issue {
	t.Helper()
	issue := digesttest.Issue(number, sections...)
	row, saved, err := a.SaveIssue(t.Context(), issue, issue.Key+".md", []byte(document))
	if err != nil || saved != archive.Corrected {
		t.Fatalf("SaveIssue %d = %s, %v; want a correction", number, saved, err)
	}
	return row
}

func TestNewSectionsAreMarkedOnce(t *testing.T) {
	a := open(t)
	saveIssue(t, a, digesttest.Issue(5, "News", "Tools"))
	saveIssue(t, a, digesttest.Issue(6, "News", "Jobs", "Books", "Jobs"))
	saveIssue(t, a, digesttest.Issue(7, "Tools", "Jobs", "Games"))
	a.wantMarked(t, 5)
	a.wantMarked(t, 6, "Jobs", "Books")
	a.wantMarked(t, 7, "Games")
}

// Headings that are stories are not marked, and a new section among many stays unmarked
// then. One guest essay among regular sections changes nothing.
func TestStoriesAreNotMarked(t *testing.T) {
	a := open(t)
	for number := 1; number <= 4; number++ {
		saveIssue(t, a, digesttest.Issue(number, "News", fmt.Sprint("A", number), fmt.Sprint("B", number)))
	}
	a.wantMarked(t, 3, "A3", "B3") // not known yet
	saveIssue(t, a, digesttest.Issue(5, "News", "A5", "B5"))
	a.wantMarked(t, 5)
	correct(t, a, 3, "mended", "News", "A3", "B3", "C3")
	a.wantMarked(t, 3, "A3", "B3", "C3")

	b := open(t)
	for number := 1; number <= 6; number++ {
		saveIssue(t, b, digesttest.Issue(number, "News", "Tools", "Jobs", "Books", "Games", "Poems", fmt.Sprint("A", number)))
	}
	b.wantMarked(t, 6, "A6")
	saveIssue(t, b, digesttest.Issue(7, "News", "Feature: who planted the sunflowers", "特写：谁种了向日葵", "Where are the oars?", "Sounds"))
	b.wantMarked(t, 7, "Sounds")
}

func TestDocumentsCannotMarkSections(t *testing.T) {
	a := open(t)
	issue := digesttest.Issue(5, "News")
	issue.Sections[0].New = true
	saveIssue(t, a, issue)
	a.wantMarked(t, 5)
	if !issue.Sections[0].New {
		t.Error("SaveIssue changed the issue it was given")
	}
}

func TestCorrectionKeepsMarks(t *testing.T) {
	a := open(t)
	saveIssue(t, a, digesttest.Issue(5, "News"))
	saveIssue(t, a, digesttest.Issue(6, "News", "Jobs"))
	saveIssue(t, a, digesttest.Issue(7, "News", "Jobs", "Games"))
	correct(t, a, 6, "mended", "Jobs", "News", "Games", "Poems")
	a.wantMarked(t, 6, "Jobs", "Poems") // Games was seen in 7 before it came here
	correct(t, a, 6, "mended again", "News", "Jobs", "Poems")
	a.wantMarked(t, 6, "Jobs", "Poems")
	correct(t, a, 5, "mended", "News", "Extra")
	a.wantMarked(t, 5)
	a.wantMarked(t, 7, "Games")
}

func TestOlderIssuesArchivedLater(t *testing.T) {
	a := open(t)
	saveIssue(t, a, digesttest.Issue(7, "News", "Games"))
	saveIssue(t, a, digesttest.Issue(5, "News", "Poems"))
	saveIssue(t, a, digesttest.Issue(6, "Games", "Poems", "Riddles"))
	a.wantMarked(t, 7)
	a.wantMarked(t, 5)
	a.wantMarked(t, 6, "Riddles")
	correct(t, a, 7, "mended", "News", "Games", "Chess")
	a.wantMarked(t, 7, "Chess") // it has been out with News and Games, unmarked
}

func TestMergedSectionsAreNotNew(t *testing.T) {
	a := open(t)
	tools := must(a.IssueSections(t.Context(), saveIssue(t, a, digesttest.Issue(5, "Tools"))))(t)[0].ID
	software := must(a.IssueSections(t.Context(), saveIssue(t, a, digesttest.Issue(6, "Software"))))(t)[0].ID
	a.wantMarked(t, 6, "Software")
	a.write(t, func(tx *sql.Tx) error {
		return archive.MergeSections(t.Context(), tx, tools, software)
	})
	correct(t, a, 6, "mended", "Software")
	a.wantMarked(t, 6)
	saveIssue(t, a, digesttest.Issue(7, "Tools"))
	a.wantMarked(t, 7)
}
