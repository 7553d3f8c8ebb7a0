package archive_test

import (
	"fmt"
	"slices"
	"testing"

	"digestbot/digest/digesttest"
)

func TestCountedSectionsAreInTheOrderOfTheNewestIssues(t *testing.T) {
	a := open(t)
	saveIssue(t, a, digesttest.Issue(1, "News", "Tools", "Jobs", "Essay"))
	saveIssue(t, a, digesttest.Issue(2, "Poem", "Tools", "Jobs"))
	saveIssue(t, a, digesttest.Issue(3, "Jobs", "News", "Typo"))
	correct(t, a, 3, "mended", "Jobs", "News", "Chess", "Jobs")
	var got []string
	for _, s := range must(a.CountedSections(t.Context()))(t) {
		got = append(got, fmt.Sprintf("%s %d", s.Name, s.Issues))
	}
	if want := []string{"Jobs 3", "News 2", "Chess 1", "Poem 1", "Tools 2", "Essay 1", "Typo 0"}; !slices.Equal(got, want) {
		t.Errorf("sections are %q, want %q", got, want)
	}
}
