package document_test

import (
	"fmt"
	"testing"
)

func TestNumber(t *testing.T) {
	tests := []struct {
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
	}
	for _, tt := range tests {
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
		{"date in the file name", "2021-03-05-harbor.md", "Text.\n", 0},
		{"name repeated in the address", "a.md", "---\ntitle: Boats and Ropes 33\nslug: boats-and-ropes-33\n---\nText.\n", 33},
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
