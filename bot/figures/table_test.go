package figures

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/subscribers/feedback"
	"digestbot/subscribers/figures"
)

// What looks like a formula, also behind spaces and in full width, is none in the table.
func TestTableHasNoFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		"News":              "News",
		"1-2":               "1-2",
		"=HYPERLINK(\"x\")": "'=HYPERLINK(\"x\")",
		"+1":                "'+1",
		"-1":                "'-1",
		"@SUM(A1)":          "'@SUM(A1)",
		"＝1+1":              "'＝1+1",
		" \u3000=1":         "' \u3000=1",
		"\t=1":              "' =1",
		"two\r\nlines\x00":  "two  lines ",
		"":                  "",
		"'=1":               "'=1",
		"值得关注":              "值得关注",
	} {
		if got := inert(cell); got != want {
			t.Errorf("inert(%q) = %q, want %q", cell, got, want)
		}
	}
}

func TestCutNames(t *testing.T) {
	for name, want := range map[string]string{
		"":                         "",
		"Short":                    "Short",
		"Exactly sixteen!":         "Exactly sixteen!",
		"Seventeen letters":        "Seventeen…tters",
		"八个汉字正好放下":                 "八个汉字正好放下",
		"九个汉字就放不下了":                "九个汉字就…下了",
		"ab九个汉字就放不下了":              "ab九个汉字…下了",
		"one is long, the other":   "one is lo…other",
		"one is long, and the 1st": "one is lo…e 1st",
	} {
		got := cut(name, 16)
		if got != want {
			t.Errorf("cut(%q) = %q, want %q", name, got, want)
		}
		if wide := widthOf([]rune(got)); wide > 16 {
			t.Errorf("%q is %d wide", got, wide)
		}
	}
}

// Bars stand for the shortest period of which there are not too many, and count every day once.
func TestPeriods(t *testing.T) {
	last := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		days       int
		count      int
		first, end string
	}{
		{10, 11, "11-20", "11-30"},
		{30, 6, "10-26", "11-30"}, // weeks begin on Mondays
		{365, 13, "2025-11", "2026-11"},
		{5 * 365, 21, "2021-10", "2026-10"},
		{20 * 365, 21, "2006", "2026"},
		{40 * 365, maxPeriods, "2001", "2026"},
	} {
		first := last.AddDate(0, 0, -test.days)
		var turnover figures.Turnover
		for n := range test.days + 1 {
			turnover.Days = append(turnover.Days, figures.Day{Date: first.AddDate(0, 0, n), Joined: 2, Left: 1, On: n + 1})
		}
		labels, all := periods(turnover, first, last)
		if len(labels) != test.count || labels[0] != test.first || labels[len(labels)-1] != test.end {
			t.Errorf("%d days are %d periods from %s to %s", test.days, len(labels), labels[0], labels[len(labels)-1])
		}
		if joined := int(sums([][]float64{all[0].values})[0]); joined == 0 {
			t.Errorf("nobody joined in the first period of %d days", test.days)
		}
		if test.count < maxPeriods && total(all[0].values) != 2*(test.days+1) {
			t.Errorf("%d joined in %d days, want %d", total(all[0].values), test.days, 2*(test.days+1))
		}
		if names, values := points(turnover, first, last); len(values) > maxPoints || len(names) != len(values) || int(values[len(values)-1]) != test.days+1 {
			t.Errorf("the line of %d days has %d points and ends with %v", test.days, len(values), values[len(values)-1])
		}
	}
}

func total(values []float64) (sum int) {
	for _, v := range values {
		sum += int(v)
	}
	return sum
}

// The axis ends with a round number that is not below what it shows.
func TestAxisEndsWithARoundNumber(t *testing.T) {
	for highest, want := range map[float64][2]float64{0: {1, 1}, 1: {1, 1}, 3: {3, 1}, 4: {4, 1}, 5: {6, 2}, 99: {100, 50}, 81_234: {100_000, 50_000}, 1e6: {1e6, 500_000}} {
		if top, unit := roundUp(highest, 4); top != want[0] || unit != want[1] {
			t.Errorf("roundUp(%v) = %v, %v, want %v", highest, top, unit, want)
		}
	}
}

// A table has a line for each figure, whatever the names are.
func TestTableIsWhole(t *testing.T) {
	all := fiveYears(1000)
	all.Turnover.Days[len(all.Turnover.Days)-1].Imported = 7
	all.Issues = []figures.Issue{{Issue: 1, Subscribers: 3, Have: 2, Others: []figures.Without{{Outcome: "skipped", Reason: "blocked", Subscribers: 1}}}}
	all.Votes = []figures.Votes{{Issue: 1, Sections: []feedback.Total{{Section: 1, Name: "=News", Up: 5, Down: 2}}}}
	lines := strings.Split(strings.TrimSuffix(string(table(all, map[int64]string{1: "a\"b,c"}, today)), "\r\n"), "\r\n")
	count := make(map[string]int)
	for _, line := range lines[1:] {
		figure, _, _ := strings.Cut(line, ",")
		count[figure]++
	}
	want := map[string]int{
		"subscribers": 5, "kind": len(all.Audience.Kinds), "language": len(all.Audience.Languages), "layout": len(all.Audience.Layouts),
		"muted words": 2, "highlighted words": 2, "section": 2 * (len(all.Sections) + 1), "issue": 3, "replies": 2, "votes up": 1, "votes down": 1, "subscribers over time": 5 * len(all.Turnover.Days),
	}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	for _, want := range []string{
		`issue,0001-01-01,"a""b,c",skipped: blocked,1`, `votes up,0001-01-01,"a""b,c",'=News,5`, `votes down,0001-01-01,"a""b,c",'=News,2`,
		"subscribers over time,2026-11-30,joined,imported,7",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("%s is not in the table", want)
		}
	}
	for _, line := range lines {
		if strings.ContainsAny(line, "\n\t") {
			t.Errorf("a line is %q", line)
		}
	}
}
