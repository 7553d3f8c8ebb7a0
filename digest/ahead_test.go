package digest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"digestbot/digest"
)

func TestLastDate(t *testing.T) {
	auckland := time.FixedZone("UTC+13", 13*60*60)
	for _, tt := range []struct {
		name string
		now  time.Time
		want string
	}{
		{"a week ahead", time.Date(2027, 3, 5, 9, 0, 0, 0, time.UTC), "2027-03-12"},
		{"where a day begins first it is tomorrow", time.Date(2027, 3, 5, 10, 0, 0, 0, time.UTC), "2027-03-13"},
		{"a Friday morning there", time.Date(2027, 3, 12, 1, 0, 0, 0, auckland), "2027-03-19"},
		{"a clock that has not been set", time.Date(1970, 1, 1, 0, 0, 9, 0, time.UTC), "2026-12-06"},
		{"the end of a year", time.Date(2027, 12, 28, 0, 0, 0, 0, time.UTC), "2028-01-04"},
	} {
		if got := digest.LastDate(tt.now).Format(time.DateOnly); got != tt.want {
			t.Errorf("%s: LastDate(%s) = %s, want %s", tt.name, tt.now, got, tt.want)
		}
	}
}

// An editor who previews an issue is told of a slip in its date, in the text and
// in JSON.
func TestCheckDate(t *testing.T) {
	now := time.Date(2027, 3, 5, 9, 0, 0, 0, time.UTC)
	const warning = "it is dated 27 November 2062, more than a week ahead: it is not sent before 20 November 2062"
	for date, want := range map[string][]string{
		"2062-11-27": {warning}, "2027-03-12": {}, "2021-11-19": {},
	} {
		issue := parse(t, "12.md", fmt.Sprintf("---\ntitle: Weekly 12\ndate: %s\n---\n\n## News\n\n- something\n", date))
		if got := issue.Check(now); !slices.Equal(got, want) {
			t.Errorf("dated %s: Check = %q, want %q", date, got, want)
		}
		if got := issue.Preview(now).Warnings; !slices.Equal(got, want) {
			t.Errorf("dated %s: warnings of the preview are %q, want %q", date, got, want)
		}
	}
}
