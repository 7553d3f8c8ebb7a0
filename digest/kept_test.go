package digest_test

import (
	"testing"

	"digestbot/digest"
)

func TestKept(t *testing.T) {
	text := func(paragraphs ...string) *digest.Issue {
		section := digest.Section{Name: "News"}
		for _, p := range paragraphs {
			section.Items = append(section.Items, digest.Item{Body: []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: p}}}}})
		}
		return &digest.Issue{Sections: []digest.Section{section}}
	}
	const frost = "The first frost is here. What to do, and what to read by the fire."
	const boats = "Boats are cheap in winter, and nobody wants to paint them before spring."
	const snow = "Snow fell on Tuesday, and the school stayed closed for the rest of the week."
	tests := []struct {
		name          string
		before, after *digest.Issue
		atLeast, most float64
	}{
		{"the same", text(frost, boats), text(frost, boats), 1, 1},
		{"another order", text(frost, boats), text(boats, frost), 1, 1},
		{"spaces and case", text(frost), text("the FIRST frost\nis here – what to do and what to read by the fire"), 1, 1},
		{"more of it", text(frost), text(frost, boats, snow), 1, 1},
		{"a misprint", text(frost, boats), text("The frist frost is here. What to do, and what to read by the fire.", boats), 0.85, 0.95},
		{"one of two", text(frost, boats), text(frost, snow), 0.4, 0.55},
		{"another", text(frost, boats), text(snow), 0, 0.1},
		{"repeated once only", text(frost, frost), text(frost), 0.5, 0.5},
		{"Chinese", text("第一场霜已经来了。该做些什么，又该在炉火边读些什么。"), text("第一场霜已经来了。该做些什么，又该在炉火边读什么书。"), 0.6, 0.9},
		{"another in Chinese", text("第一场霜已经来了。该做些什么，又该在炉火边读些什么。"), text("星期二下了雪，学校在这一周余下的日子里都没有开门。"), 0, 0.05},
		{"nothing of nothing", text(), text(frost), 1, 1},
		{"short", text("Ice"), text("Ice"), 1, 1},
	}
	for _, tt := range tests {
		if got := digest.Kept(tt.before, tt.after); got < tt.atLeast || got > tt.most {
			t.Errorf("%s: Kept = %.2f, want %.2f to %.2f", tt.name, got, tt.atLeast, tt.most)
		}
	}
}
