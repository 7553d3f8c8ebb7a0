package times

import (
	"fmt"
	"strings"
	"testing"

	"digestbot/bot/talk"
)

func lengths(t testing.TB) *Lengths {
	t.Helper()
	c, err := talk.NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	return ReadLengths(c)
}

func TestParse(t *testing.T) {
	l := lengths(t)
	for text, want := range map[string]int{
		"3w": 21, "10d": 10, "2 weeks": 14, "1 day": 1, "a week": 7, "A Week.": 7, "for two weeks": 14, "one month": 30, "3 months": 90,
		"1m": 30, "6mo": 180, "1y": 365, "365 days": 365, "half a year": 182, "half a month": 15, "a fortnight": 14, "2 wks": 14, "12 weeks": 84,
		"1 week and 3 days": 10, "1w3d": 10, "1w, 3d": 10, "twelve days": 12, "  3   w  ": 21,
		"三周": 21, "两周": 14, "兩週": 14, "1个月": 30, "一个月": 30, "1個月": 30, "半年": 182, "半个月": 15, "一个半月": 45, "十天": 10, "十二天": 12, "二十天": 20,
		"二十一天": 21, "一百天": 100, "一百零五天": 105, "3 周": 21, "３周": 21, "３ｗ": 21, "两个星期": 14, "2个礼拜": 14, "一年": 365, "七日": 7, "暂停三周": 21,
		"一周零三天": 10, "一周三天": 10, "10天。": 10, "停两周": 14, "take a break for 2 weeks": 14, "兩星期": 14, "三個禮拜": 21, "一个月又一周": 37,
	} {
		if got, ok := l.Parse(text); !ok || got != want {
			t.Errorf("Parse(%q) = %d, %t, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "3", "w", "week", "weeks", "周", "个月", "0d", "-1d", "0 weeks", "366d", "2 years", "13 months", "9999y", "99999d", "12h", "5 minutes",
		"until friday", "3 weekss", "3w please", "half", "零天", "3.5 weeks", "1d1", "for", "停", "<b>3w</b>", strings.Repeat("1d", 60), "天天", "1 1 d",
	} {
		if got, ok := l.Parse(text); ok {
			t.Errorf("Parse(%q) = %d, want no length of time", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	l := lengths(f)
	for _, text := range []string{"3w", "两个月", "half a year", "一个半月", "1 week and 3 days", "３周", "零天"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		days, ok := l.Parse(text)
		if !ok {
			return
		}
		if days < MinPause || days > MaxPause {
			t.Errorf("Parse(%q) = %d days, want %d to %d", text, days, MinPause, MaxPause)
		}
		for _, same := range []string{fmt.Sprintf("%dd", days), fmt.Sprintf("%d 天", days), " " + text + " ", strings.ToUpper(fmt.Sprintf("%d days", days))} {
			if got, ok := l.Parse(same); len(same) <= 100 && (!ok || got != days) {
				t.Errorf("Parse(%q) = %d, %t, want %d as for %q", same, got, ok, days, text)
			}
		}
	})
}
