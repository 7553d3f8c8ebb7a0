package document_test

import (
	"fmt"
	"testing"
)

// titles are what publishers call their issues, with the numbers that they state.
var titles = []struct {
	title string
	want  int
}{
	{"河畔周报179期 _ 早市开张", 179},
	{"河畔周刊（第 300 期）：三十年", 300},
	{"第300期 - 河畔", 300},
	{"《河岸》第 01 期", 1},
	{"第１２期", 12},
	{"2023年第15期（总第 300 期）", 300},
	{"Harbor Weekly #367", 367},
	{"#12 – Harbor", 12},
	{"Zpravodaj č. 200", 200},
	{"Причал №4", 4},
	{"22 выпуск 01 сезона. 5 мифов", 22},
	{"Выпуск 31: лодки", 31},
	{"This Week in Harbors 119", 119},
	{"Harbor Digest 12: boats", 12},
	{"Harbor, issue 7", 7},
	{"Harbor No. 88", 88},
	{"Ausgabe 41 – Boote", 41},
	{"Numéro 9", 9},
	{"河畔潮流周刊#130：冬天", 130},
	{"河畔周报 第二十三期", 23},
	{"河畔周报（第一百二十三期）", 123},
	{"河畔周报 第〇二三期", 23},
	{"河畔周报十二", 0},
	{"河畔周报12：早市", 12},
	{"강가 편지 12호", 12},
	{"강가 편지 제12회", 12},
	{"[12호] 강가", 12},
	{"강가 뉴스레터 12호 겨울이 왔다", 12},
	{"강가 12번째 편지", 12},
	{"河畔通信 第12号", 12},
	{"河畔通信 12号", 12},
	{"河畔だより vol.12", 12},
	{"Lettere dal fiume, edizione 12", 12},
	{"Cartas del río n.º 12", 12},
	{"Cartas del río, núm. 12", 12},
	{"Boletín 12 del río", 12},
	{"Lettres du fleuve n° 12 : l'hiver", 12},
	{"12e numéro des lettres", 12},
	{"Flussbrief, 12. Ausgabe", 12},
	{"Rundbrief Nr. 12/2026", 12},
	{"Thư sông số 12", 12},
	{"מכתבים מהנהר, גיליון 12", 12},
	{"الرسالة العدد ١٢", 12},
	{"نامهٔ رود، شمارهٔ ۱۲", 12},
	{"نامه\u200cی رود شماره\u200cی ۱۲", 12},
	{"नदी पत्रिका अंक १२", 12},
	{"Письма с реки. 12-й выпуск", 12},
	{"Nehir mektupları 12. sayı", 12},
	{"Listy znad rzeki nr 12", 12},
	{"Folyami hírlevél 12. szám", 12},
	{"Surat sungai edisi ke-12", 12},
	{"Harbor Weekly Issue #1,234", 1234},
	{"Harbor Weekly (12)", 12},
	{"Harbor Weekly 12 (May 5)", 12},
	{"Harbor Weekly 12, May 5, 2026", 12},
	{"Harbor Weekly#12", 12},
	{"Web3 Harbor Weekly 12", 12},
	{"EP12 | Boats", 12},
	{"Harbor Newsletter 12: boats", 12},
	{"010 🚀 Boats", 10},
	{"[008] Boats and ropes", 8},
	{"Harbor mix 042", 42},
	{"Harbor Week 95", 95},
	{"Issue 12 of 52", 12},
	{"Harbor, Vol. 3, No. 12", 12},
	{"Harbor, Volume 3, Issue 12", 12},
	{"Harbor Vol. 12", 12},
	{"The Harbor, Volume 54, Number 3, January 2026", 3},
	{"These Weeks in Harbors 12", 12},
	{"Week 10: 29-09-2017", 10},
	{"Week 39: 29-09-2017", 0},
	{"Number 5 boats", 0},
	{"No 10 Downing Street and other boats", 0},
	{"Harbor No 12: boats", 12},
	{"Update 5.2: boats", 0},
	{"Report: 2 boats sank", 0},
	{"周报 12 —— 早市", 12},
	{"Выпуск 12 от 2026-11-20", 12},
	{"Harbour Life #12 - 2026年第 3 周周报", 12},

	{"Harbor Digest | July 19", 0},
	{"Harbor News - May 5", 0},
	{"Newsletter March 3", 0},
	{"Newsletter 3 March 2026", 0},
	{"Boletín 5 de mayo", 0},
	{"Дайджест 19 июля", 0},
	{"Edition 2026", 0},
	{"2026 Edition", 0},
	{"Ausgabe 20.11.2026", 0},
	{"Ausgabe 20. November 2026", 0},
	{"Newsletter 20/11/2026", 0},
	{"Weekly #2026-11", 0},
	{"Newsletter: 5 tips for boats", 0},
	{"Harbor News: iPhone 13", 0},
	{"Harbor Weekly: top 10", 0},
	{"Harbor Weekly, week 12, 2026", 0},
	{"2026 week 12", 0},
	{"2026年第12周", 0},
	{"11월 3주차", 0},
	{"2026년 11월 3주차 항구 Weekly", 0},
	{"Harbor 2026-W12", 0},
	{"Harbor Newsletter Q3 2026", 0},
	{"长征5号发射成功", 0},
	{"누리 3호 발사 성공", 0},
	{"11月12号的新闻", 0},
	{"Issue 1-1", 0},
	{"Newsletter du 15 septembre 2026", 0},
	{"Boletín U12 — cuerdas", 0},
	{"Semana 3/2026", 0},
	{"Volume of 1.5 boats", 0},
	{"100% boats: news", 0},

	{"Week Ending August 16, 2026", 0},
	{"Harbor Weekly 2023-05-06", 0},
	{"Harbor Weekly 2023", 0},
	{"5 Things about boats", 0},
	{"苹果发布 iPhone 13", 0},
	{"360投资河马汽车", 0},
	{"Go 1.22 is out", 0},
	{"What's new in Swift 5", 0},
	{"【早报】两款新品：Pods 3、Book Pro", 0},
	{"河畔早报（11.19）", 0},
	{"河畔周报（20200524）", 0},
	{"Harbor May 3–9", 0},
	{"C#9 and F#8", 0},

	{"PR #34 merged", 0},
	{"Fixes #34 and closes #35", 0},
	{"Pull request #34: lamps", 0},
	{"Top #10 lamps", 0},
	{"Harbor Weekly #12: PR #34 merged", 12},
	{"PR #34 merged – Harbor Weekly #12", 12},
	{"码头周刊 第三十四週", 34},
	{"码头周刊 第34週", 34},
	{"2026年 第34週", 0},
}

func TestNumber(t *testing.T) {
	for _, tt := range titles {
		document := fmt.Sprintf("---\ntitle: %q\n---\nText.\n", tt.title)
		issue := parse(t, "file.md", document)
		if issue.Number != tt.want {
			t.Errorf("number of %q = %d, want %d", tt.title, issue.Number, tt.want)
		}
	}
}

// TestNumberElsewhere covers numbers that are not in the title.
func TestNumberElsewhere(t *testing.T) {
	tests := []struct {
		name, file, document string
		want                 int
	}{
		{"metadata", "a.md", "Title: Letters\nNumber: 64\n\nText.\n", 64},
		{"file name of a document without title", "harbor-421.md", "Text.\n", 421},
		{"file name beside a title", "harbor-421.md", "# Harbor\n\nText.\n", 0},
		{"file name with a word for it", "issue-0012.md", "# Boats\n\nText.\n", 12},
		{"slug with a word for it", "a.md", "---\ntitle: Boats\nslug: /issue/12\n---\nText.\n", 12},
		{"file name of a number and a date", "048-2021-july-2.md", "# Harbor\n\nText.\n", 48},
		{"file name of a date", "2021-03-05.md", "# Harbor\n\nText.\n", 0},
		{"file name of a number, a date and words", "048-2021-july-2-boats.md", "# Harbor\n\nText.\n", 0},
		{"key that ends like another, and the file name", "harbor-47.md", "---\ntitle: Boats\nharborIssue: 47\n---\nText.\n", 47},
		{"key that ends like another", "harbor.md", "---\ntitle: Boats\ncommentsIssue: 47\n---\nText.\n", 0},
		{"date in the file name", "2021-03-05-harbor.md", "Text.\n", 0},
		{"name repeated in the address", "a.md", "---\ntitle: Boats and Ropes 33\nslug: boats-and-ropes-33\n---\nText.\n", 33},
		{"week of the date", "a.md", "---\ntitle: Boats KW 24\ndate: 2025-06-15\n---\nText.\n", 0},
		{"week of another date", "a.md", "---\ntitle: Boats week 24\ndate: 2025-11-15\n---\nText.\n", 24},
		{"week without any date", "a.md", "# Boats, week 24\n\nText.\n", 24},
		{"week and a year in the file name", "boats-2025.md", "# Boats, week 24\n\nText.\n", 0},
		{"year in the file name", "boats-2025.md", "Text.\n", 0},
		{"day in the file name", "boats-may-5.md", "Text.\n", 0},
		{"month in the title and the file name", "05-mai.md", "# 05 - Mai\n\nText.\n", 0},
		{"number and another month", "04-mai.md", "# 04 - Mai\n\nText.\n", 4},
		{"Chinese numeral in the file name", "2026-河畔第十二期.md", "Text.\n", 12},
		{"number and sign", "a.md", "---\ntitle: Boats\nissue: \"#12\"\n---\nText.\n", 12},
		{"number in words", "a.md", "---\ntitle: Boats\nissue: 第十二期\n---\nText.\n", 12},
		{"title in front and name of the file", "12.md", "# 12 – Boats\n\nText.\n", 12},
		{"count in front and name of the file", "5-things.md", "# 5 things about boats\n\nText.\n", 0},
		{"heading above everything", "a.html", "<html><head><title>Boats</title></head><body><h4>Issue #39</h4><h1>Boats</h1><p>Text.</p></body></html>", 39},
		{"heading that says a title with a date otherwise", "a.md", "---\ntitle: October 2026\n---\n\n# Boats No. 39\n\n## Ropes\n\n- Hemp\n\n## Sails\n\n- Linen\n", 39},
		{"line above everything", "a.md", "# Boats\n\n*Issue 39 • November 20, 2026*\n\nText.\n", 39},
		{"volume and number above everything", "a.md", "# Boats\n\nVol. 3 | No. 39\n\nText.\n", 39},
		{"number of another thing", "a.md", "# Boats\n\nIn issue 39 we wrote of ropes.\n\nText.\n", 0},
		{"number below a heading", "a.md", "# Boats\n\n## Ropes\n\nIssue 39\n\nText.\n", 0},
		{"Chinese numerals in the body", "a.md", "# 周报\n\n第三百期到了。\n", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			if issue.Number != tt.want {
				t.Errorf("Number = %d, want %d", issue.Number, tt.want)
			}
		})
	}
}
