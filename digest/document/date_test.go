package document_test

import (
	"slices"
	"strings"
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
		{"month first", "a.md", "---\ndate: 11-20-2026\n---\nx", "2026-11-20"},
		{"title before the last change", "a.md", "---\ntitle: Boats, 20 ноября 2026\nlastmod: 2026-12-01\n---\nx", "2026-11-20"},
		{"last change", "a.md", "---\ntitle: Boats\nlastmod: 2026-12-01\n---\nx", "2026-12-01"},
		{"Persian", "a.md", "# قایق\u200cها، ۲۹ آبان ۱۴۰۵\n\nx", "2026-11-20"},
		{"line above the text of a page", "a.html", "<html><body><h1>Boats</h1><p>by Ann · <span>20 Nov 2026</span></p><div class='post-content'><h2>News</h2><p>Frost came over night on 3 May 2026.</p></div></body></html>", "2026-11-20"},
		{"line that Markdown takes for a list", "a.md", "# Boote\n\n20. November 2026\n\nx", "2026-11-20"},
		{"the same with the year first", "a.md", "# Hajók\n\n2026. november 20.\n\nx", "2026-11-20"},
		{"line in Chinese numerals", "a.md", "# 船\n\n二〇二六年十一月二十日\n\nx", "2026-11-20"},
		{"line above everything", "a.md", "# Boats\n\nPublished on November 20, 2026\n\nx", "2026-11-20"},
		{"line with more", "a.md", "# Boats\n\nBy Ann Other • Friday, 20 November 2026 • 5 minutes\n\nx", "2026-11-20"},
		{"quoted line", "a.md", "# 河畔\n\n> 发布于 2026年11月20日\n\nx", "2026-11-20"},
		{"heading below the title", "a.md", "# Boats\n\n## November 20, 2026\n\n### Ropes\n\nx", "2026-11-20"},
		{"text behind the date", "a.md", "# Boats 12\n\n20 ноября 2026: фонари, канаты, пристань и всё, что ещё случилось за неделю в гавани и вокруг неё, с рассказами тех, кто всё это видел своими глазами.\n\nx", "2026-11-20"},
		{"heading behind a date", "a.md", "# Boats\n\n## November 20, 2026: frost on the pier\n\nx\n\n## Ropes\n\ny", ""},
		{"calendar", "a.md", "# Boats\n\nNovember 20, 2026: the pier opens.\n\nNovember 21, 2026: the pier closes.\n\nx", ""},
		{"date of something else", "a.md", "# Boats\n\nNext meeting: November 20, 2026\n\nx", ""},
		{"date in a sentence", "a.md", "# Boats\n\nOn November 20, 2025 we met in Kiel and talked about ropes.\n\nx", ""},
		{"date below a section", "a.md", "# Boats\n\n## Meetings\n\nNovember 20, 2026\n\nx", ""},
		{"time element", "a.html", "<html><head><title>Boats</title></head><body><p><time datetime=\"2026-11-20\">Friday</time></p><p>x</p></body></html>", "2026-11-20"},
		{"time of publication", "a.html", "<html><head><title>Boats</title></head><body><time datetime=\"2026-01-01\">y</time><time class=\"dt-published\" datetime=\"2026-11-20\">z</time><p>x</p></body></html>", "2026-11-20"},
		{"times of other pages", "a.html", "<html><head><title>Boats</title></head><body><div><time class=\"dt-published\" datetime=\"2026-12-24\">z</time></div><article><time class=\"dt-published\" datetime=\"2026-11-20\">y</time><p>x</p></article></body></html>", "2026-11-20"},
		{"time in another zone", "a.html", "<html><head><title>Boats</title></head><body><time class=\"dt-published\" datetime=\"2026-11-19T16:00:00Z\">2026年11月20日</time><p>x</p></body></html>", "2026-11-20"},
		{"linked data", "a.html", "<html><head><title>Boats</title><script type=\"application/ld+json\">{\"@graph\":[{\"@type\":\"Article\",\"datePublished\": \"2026-11-20T08:00:00+01:00\"}]}</script></head><body><p>x</p></body></html>", "2026-11-20"},
		{"title of the page", "a.html", "<html><head><title>Boats – 16–20 novembre 2026</title></head><body><h1>Boats</h1><p>x</p></body></html>", "2026-11-20"},
		{"none", "a.md", "x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := day(parse(t, tt.file, tt.document)); got != tt.want {
				t.Errorf("Date = %q, want %q", got, tt.want)
			}
		})
	}
}

// TestDateWithAShortYear: the year may come first or last in a date of two digits each.
func TestDateWithAShortYear(t *testing.T) {
	tests := []struct{ name, file, document, want string }{
		{"month first", "a.md", "# Boats 04/25/24\n\nx", "2024-04-25"},
		{"day first", "a.md", "# Boats\n\n25/4/24\n\nx", "2024-04-25"},
		{"year with an apostrophe", "a.md", "# Boats, April 25, ’24\n\nx", "2024-04-25"},
		{"hyphens", "a.md", "---\ntitle: Boats\ndate: 24-04-25\n---\nx", ""},
		{"hyphens in a file name, and links", "24-04-25-boats.md", "# Boats\n\n[a](https://example.org/2024/04/21/boats)", "2024-04-25"},
		{"full stops", "a.md", "---\ntitle: Boats\ndate: 25.04.24\n---\nx", ""},
		{"full stops in German", "a.md", "---\ntitle: Boote\ndate: 25.04.24\nlang: de-AT\n---\nx", "2024-04-25"},
		{"full stops in Korean", "a.md", "---\ntitle: 배\ndate: 24.04.25\nlang: ko\n---\nx", "2024-04-25"},
		{"hyphens in French", "a.md", "---\ntitle: Bateaux\ndate: 24-04-25\nlang: fr\n---\nx", ""},
		{"versions", "a.md", "# Boats 12.4.24\n\nx", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			if got := day(issue); got != tt.want {
				t.Errorf("Date = %q, want %q", got, tt.want)
			}
			doubtful := strings.Contains(tt.document, "date: ")
			if warned := strings.Contains(strings.Join(issue.Warnings, "\n"), "may be 202"); warned != (doubtful && tt.want == "") {
				t.Errorf("warnings = %q", issue.Warnings)
			}
		})
	}
}

// TestDateInTwoReadings: what else the document says decides between day and month,
// and if nothing does, the issue has no date, and a warning says so.
func TestDateInTwoReadings(t *testing.T) {
	const text = "\n\n[a](https://example.org/2026/%s/boats) and [b](https://example.org/2026-01-02-ropes)\n"
	link := func(day string) string { return strings.ReplaceAll(text, "%s", day) }
	tests := []struct{ name, file, document, want string }{
		{"nothing decides", "a.md", "---\ndate: 05-06-2026\n---\nx", ""},
		{"in the title", "a.md", "# Boats 05/06/2026\n\nx", ""},
		{"links", "a.md", "---\ndate: 05-06-2026\n---" + link("05/04"), "2026-05-06"},
		{"later links", "a.md", "---\ndate: 05-06-2026\n---" + link("06/01"), "2026-06-05"},
		{"links that fit neither", "a.md", "---\ndate: 05-06-2026\n---" + link("10/01"), ""},
		{"links in a list", "a.md", "---\ndate: 05-06-2026\n---\n\n- [a](https://example.org/2026/05/04/boats)\n", "2026-05-06"},
		{"links in a table", "a.md", "---\ndate: 05-06-2026\n---\n\n| a | b |\n|---|---|\n| c | [d](https://example.org/2026/05/04/boats) |\n", "2026-05-06"},
		{"file name", "2026-06-05-boats.md", "---\ndate: 05-06-2026\n---\nx", "2026-06-05"},
		{"file name of the day before", "2026-05-05-boats.md", "---\ndate: 05-06-2026\n---\nx", "2026-05-06"},
		{"day and month in the title", "05-06-2026.md", "# Boats | June 4th\n\nx", "2026-06-05"},
		{"file name of another time", "2026-09-01-boats.md", "---\ndate: 05-06-2026\n---\nx", "2026-09-01"},
		{"French", "a.md", "---\ndate: 05-06-2026\nlang: fr\n---\nx", "2026-06-05"},
		{"American", "a.md", "---\ndate: 05-06-2026\nlang: en_US\n---\nx", "2026-05-06"},
		{"English", "a.md", "---\ndate: 05-06-2026\nlang: en\n---\nx", ""},
		{"language of a page", "a.html", "<html lang=\"de\"><head><title>Boats 05/06/2026</title></head><body><p>x</p></body></html>", "2026-06-05"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			if got := day(issue); got != tt.want {
				t.Errorf("Date = %q, want %q", got, tt.want)
			}
			warned := slices.ContainsFunc(issue.Warnings, func(w string) bool {
				return strings.Contains(w, "may be 2026-06-05 or 2026-05-06")
			})
			if warned != (tt.want == "") {
				t.Errorf("warnings = %q", issue.Warnings)
			}
		})
	}
}
