package document_test

import (
	"testing"
)

func TestDate(t *testing.T) {
	tests := []struct{ name, file, document, want string }{
		{"RFC 1123", "a.md", "---\ndate: Fri, 19 Nov 2021 00:00:00 GMT\n---\nx", "2021-11-19"},
		{"weekday that does not fit, zone by name", "a.md", "---\ndate: Sat, 09 Apr 2026 17:51:21 EST\n---\nx", "2026-04-09"},
		{"date and time", "a.md", "---\ndate: 2022-09-10 05:08:51\n---\nx", "2022-09-10"},
		{"zone offset, day as written", "a.md", "---\ndate: 2026-08-20 22:00:00 -0000\n---\nx", "2026-08-20"},
		{"ISO 8601", "a.md", "---\ndate: '2023-05-06T23:30:00+09:00'\n---\nx", "2023-05-06"},
		{"toml", "a.md", "+++\ndate = 2023-05-06T23:30:00+09:00\n+++\nx", "2023-05-06"},
		{"toml local date", "a.md", "+++\ndate = 2023-05-06\n+++\nx", "2023-05-06"},
		{"slashes", "a.md", "---\ndate: 2023/5/6\n---\nx", "2023-05-06"},
		{"Unix seconds", "a.md", "---\ndate: 1637280000\n---\nx", "2021-11-19"},
		{"Unix milliseconds", "a.md", "---\ndate: 1637280000000\n---\nx", "2021-11-19"},
		{"metadata before title", "a.md", "---\ntitle: Week Ending August 16, 2026\ndate: 2026-08-20\n---\nx", "2026-08-20"},
		{"title in words", "a.md", "---\ntitle: Week Ending August 16, 2026\n---\nx", "2026-08-16"},
		{"title, day first", "a.md", "---\ntitle: Harbor, 3rd of March 2021\n---\nx", "2021-03-03"},
		{"digits in the heading", "a.md", "# 周刊 | 第 16 期（20200524）\n\nx", "2020-05-24"},
		{"Chinese", "a.md", "# 周刊 2020年5月24日\n\nx", "2020-05-24"},
		{"slug", "a.md", "---\ntitle: T\nslug: 2023-03-15-newsletter\n---\nx", "2023-03-15"},
		{"permalink", "a.md", "---\ntitle: T\npermalink: /fr/2023/03/15/\n---\nx", "2023-03-15"},
		{"file name", "2016-02-22-harbor.md", "x", "2016-02-22"},
		{"invalid, then slug", "a.md", "---\ndate: Invalid Date\nslug: 2023-03-15-n\n---\nx", "2023-03-15"},
		{"epoch", "a.md", "---\ndate: 1970-01-19 07:13:20\n---\nx", ""},
		{"month only", "a.md", "---\ntitle: Harbor, May 2021\n---\nx", ""},
		{"no such day", "a.md", "---\ndate: 2021-02-30\n---\nx", ""},
		{"none", "a.md", "x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			got := ""
			if !issue.Date.IsZero() {
				got = issue.Date.Format("2006-01-02")
			}
			if got != tt.want {
				t.Errorf("Date = %q, want %q", got, tt.want)
			}
		})
	}
}
