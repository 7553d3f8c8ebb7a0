package digest_test

import (
	"testing"
	"time"

	"digestbot/digest"
)

func TestPeriod(t *testing.T) {
	english := &digest.Issue{Title: "Letters", Intro: []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: "The snow that fell with the rain."}}}}}
	tests := []struct {
		issue    *digest.Issue
		from, to string
		want     string
	}{
		{english, "2026-11-20", "2026-11-27", "20–27 November 2026"},
		{english, "2026-11-27", "2026-12-04", "27 November – 4 December 2026"},
		{english, "2026-12-25", "2027-01-01", "25 December 2026 – 1 January 2027"},
		{english, "2026-11-27", "2026-11-27", "27 November 2026"},
		{&digest.Issue{Title: "科技周刊"}, "2026-11-20", "2026-11-27", "2026年11月20日至27日"},
		{&digest.Issue{Title: "科技周刊"}, "2026-11-27", "2026-12-04", "2026年11月27日至12月4日"},
		{&digest.Issue{Title: "주간 소식"}, "2026-11-20", "2026-11-27", "2026년 11월 20일~27일"},
		{&digest.Issue{Title: "Wochenblatt"}, "2026-11-20", "2026-11-27", "2026-11-20 – 2026-11-27"},
	}
	for _, tt := range tests {
		day := func(text string) time.Time {
			day, err := time.Parse(time.DateOnly, text)
			if err != nil {
				t.Fatal(err)
			}
			return day
		}
		if got := tt.issue.Period(day(tt.from), day(tt.to)); got != tt.want {
			t.Errorf("%s: Period(%s, %s) = %q, want %q", tt.issue.Title, tt.from, tt.to, got, tt.want)
		}
	}
	for title, want := range map[string]string{"Letters": "More", "科技周刊": "更多", "週刊まとめニュース": "その他", "주간 소식": "더 보기"} {
		if got := (&digest.Issue{Title: title}).Rest(); got != want {
			t.Errorf("%s: Rest = %q, want %q", title, got, want)
		}
	}
}
