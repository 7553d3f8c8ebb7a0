package typeface_test

import (
	"os"
	"path/filepath"
	"testing"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"

	"digestbot/bot/typeface"
)

func TestDrawable(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"值得关注":                   "值得关注",
		"值得關注 📌":                 "值得關注",
		"🛠️ Tools  & Ünïts\n":    "Tools & Ünïts",
		"👩‍👩‍👧 Family":           "Family",
		"#️⃣ Numbers":            "# Numbers",
		"🎉🎉":                     "",
		"Cafe\u0301":             "Café",
		"日本語のニュース 뉴스":            "日本語のニュース 뉴스",
		"Новости Ειδήσεις":       "Новости Ειδησεις",
		"أخبار":                  "□□□□□",
		"a\u202eb\u200bc\x00d…€": "abcd…€",
	} {
		if got := typeface.Drawable(text); got != want {
			t.Errorf("Drawable(%q) = %q, want %q", text, got, want)
		}
	}
}

// What cannot be drawn is not: neither boxes in place of letters, nor letters in the wrong order.
func TestLegible(t *testing.T) {
	for text, want := range map[string]string{
		"Riverside, issue 12": "Riverside, issue 12", "河畔周报第12期 🎉": "河畔周报第12期", "النشرة الأسبوعية": "", "News أخبار": "", "שבועון": "", "สัปดาห์": "", "🎉": "", "": "",
	} {
		if got := typeface.Legible(text); got != want {
			t.Errorf("Legible(%q) = %q, want %q", text, got, want)
		}
	}
}

// Each letter of the bot's own texts can be drawn.
func TestLettersOfAllLanguages(t *testing.T) {
	files, err := filepath.Glob("../talk/locales/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(text) {
			if unicode.IsLetter(r) && !unicode.Is(unicode.Common, r) && typeface.Drawable(string(r)) != string(r) {
				t.Errorf("%s: %q cannot be drawn", name, r)
			}
		}
	}
}

// The file is one that libraries draw with, and its letters have outlines.
func TestFileHasOutlines(t *testing.T) {
	parsed, err := opentype.Parse(typeface.File())
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 32, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	if width := font.MeasureString(face, "值A").Round(); width < 40 || width > 64 {
		t.Errorf("值A is %d pixels wide, want between one and two times 32", width)
	}
	if bounds, _, ok := face.GlyphBounds('值'); !ok || bounds.Max.Y-bounds.Min.Y < 20<<6 {
		t.Errorf("the outline of 值 is %v", bounds)
	}
}
