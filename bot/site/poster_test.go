package site

import (
	"bytes"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
)

// Lines of a poster are as wide as it is, whatever is in them, and the last says that there is more.
func TestWrap(t *testing.T) {
	parsed, err := posterFont()
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: titleSize, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	pen := font.Drawer{Face: face}
	for text, lines := range map[string]int{
		"": 1, "short": 1, strings.Repeat("a few words ", 5): 2, strings.Repeat("words without an end ", 99): titleLines, strings.Repeat("x", 60): 2, strings.Repeat("x", 500): titleLines, strings.Repeat("夜班图书馆试运行", 9): titleLines, strings.Repeat("夜", 20): 2,
	} {
		got := wrap(&pen, text, titleLines)
		if len(got) != lines {
			t.Errorf("%.30q has %d lines, want %d: %q", text, len(got), lines, got)
		}
		if shown := strings.Join(got, ""); !strings.HasSuffix(shown, "…") && strings.ReplaceAll(shown, " ", "") != strings.ReplaceAll(text, " ", "") {
			t.Errorf("of %q only %q is there", text, got)
		}
		for _, line := range got {
			if width := pen.MeasureString(line).Round(); width > posterWidth-2*posterMargin {
				t.Errorf("%q is %d pixels wide", line, width)
			}
		}
	}
}

// What stands below the longest title is below it, and on the poster.
func TestPosterHasRoom(t *testing.T) {
	p, err := poster{name: "Riverside", title: strings.Repeat("gypsy júg ", 60), foot: strings.Repeat("gypsy ", 60)}.page()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(p.body))
	if err != nil {
		t.Fatal(err)
	}
	rows := func(of color.Color) (first, last int) {
		for y := 120; y < posterHeight; y++ { // below the name
			for x := posterMargin; x < posterWidth; x++ {
				if color.NRGBAModel.Convert(picture.At(x, y)) == of {
					if last = y; first == 0 {
						first = y
					}
					break
				}
			}
		}
		return first, last
	}
	_, title := rows(posterTitle)
	foot, end := rows(posterName)
	if foot-title < 15 || end > posterHeight-20 {
		t.Errorf("the title ends in row %d, and what is below it is in %d to %d of %d", title, foot, end, posterHeight)
	}
}
