package site

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"sync"

	"github.com/rivo/uniseg"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"digestbot/bot/typeface"
	"digestbot/digest/webpage"
)

// A poster is the picture that messengers and networks show beside the link to a page. These
// are its measures in pixels; the size is the one for which they all ask.
const (
	posterWidth, posterHeight = 1200, 630
	posterMargin              = 80
	nameSize                  = 38
	titleSize                 = 66
	titleLines                = 4
	footSize                  = 32
)

var (
	posterBack  = color.NRGBA{0x12, 0x33, 0x4f, 0xff}
	posterLine  = color.NRGBA{0x3d, 0xa5, 0xe0, 0xff}
	posterName  = color.NRGBA{0x9b, 0xd2, 0xf7, 0xff}
	posterTitle = color.NRGBA{0xff, 0xff, 0xff, 0xff}
)

// poster is what is written on a poster, as it can be drawn.
type poster struct{ name, title, foot string }

// indexPoster is the poster of the archive.
func (s *Site) indexPoster(ctx context.Context) (*page, error) {
	w, err := s.ownWords(ctx)
	if err != nil {
		return nil, err
	}
	title := typeface.Legible(s.name())
	if title == "" {
		title = s.host
	}
	c := poster{name: s.host, title: title, foot: typeface.Legible(w.About)}
	if title == s.host {
		c.name = ""
	}
	return c.page()
}

// issuePoster is the poster of an issue. Where the typeface lacks the script of its title, its
// number or date is the title.
func (s *Site) issuePoster(ctx context.Context, name string) (*page, error) {
	issue, moved, err := s.issue(ctx, name, posterPath)
	if err != nil || moved != nil {
		return moved, err
	}
	content, err := s.config.Archive.Content(ctx, issue)
	if err != nil {
		return nil, err
	}
	if webpage.Picture(content) != "" { // which is shared instead
		return nil, errNowhere
	}
	w := s.wordsIn(content.Language())
	c := poster{name: typeface.Legible(s.name()), title: typeface.Legible(s.titleOf(w, issue)), foot: w.Date(issue.Date)}
	if number := number(w, issue, c.title); number != "" {
		c.foot = number + " – " + c.foot
	}
	if c.title == "" {
		c.title, c.foot = c.foot, s.host
	}
	return c.page()
}

var posterFont = sync.OnceValues(func() (*sfnt.Font, error) { return opentype.Parse(typeface.File()) })

// page draws the poster.
func (c poster) page() (*page, error) {
	parsed, err := posterFont()
	if err != nil {
		return nil, fmt.Errorf("draw a poster: %w", err)
	}
	picture := image.NewNRGBA(image.Rect(0, 0, posterWidth, posterHeight))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(posterBack), image.Point{}, draw.Src)
	draw.Draw(picture, image.Rect(0, 0, 14, posterHeight), image.NewUniform(posterLine), image.Point{}, draw.Src)
	for _, part := range []struct {
		text   string
		size   float64
		colour color.Color
		top    int
		lines  int
	}{
		{c.name, nameSize, posterName, 60, 1},
		{c.title, titleSize, posterTitle, 140, titleLines},
		{c.foot, footSize, posterName, 516, 2},
	} {
		face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: part.size, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			return nil, fmt.Errorf("draw a poster: %w", err)
		}
		pen := font.Drawer{Dst: picture, Src: image.NewUniform(part.colour), Face: face}
		baseline := part.top + face.Metrics().Ascent.Round()
		for _, line := range wrap(&pen, part.text, part.lines) {
			pen.Dot = fixed.P(posterMargin, baseline)
			pen.DrawString(line)
			baseline += int(part.size * 1.32)
		}
		if err := face.Close(); err != nil {
			return nil, fmt.Errorf("draw a poster: %w", err)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("draw a poster: %w", err)
	}
	return &page{kind: "image/png", body: out.Bytes(), tag: hashOf(out.Bytes())}, nil
}

// wrap breaks a text into lines that fit on a poster; what is beyond the last ends with an
// ellipsis.
func wrap(pen *font.Drawer, text string, lines int) []string {
	const room = fixed.Int26_6((posterWidth - 2*posterMargin) << 6)
	fits := func(line string) bool { return pen.MeasureString(strings.TrimRight(line, " ")) <= room }
	var all []string
	line, state := "", -1
	for text != "" {
		segment, rest, _, next := uniseg.FirstLineSegmentInString(text, state)
		switch {
		case fits(line + segment):
			line, text, state = line+segment, rest, next
			continue
		case line == "":
			line = fitting(segment, fits)
			text, state = text[len(line):], -1
			continue
		}
		if len(all)+1 == lines {
			for line = strings.TrimRight(line, " ") + "…"; !fits(line); {
				line = shorter(strings.TrimSuffix(line, "…")) + "…"
			}
			return append(all, line)
		}
		all, line, state = append(all, strings.TrimRight(line, " ")), "", -1
	}
	return append(all, strings.TrimRight(line, " "))
}

// fitting returns how a word begins that does not fit, as far as it does: at least one character.
func fitting(word string, fits func(string) bool) string {
	end := 0
	for i := range word {
		if end > 0 && !fits(word[:i]) {
			return word[:end]
		}
		end = i
	}
	return word[:cmp.Or(end, len(word))]
}

// shorter returns a text without its last character.
func shorter(text string) string {
	runes := []rune(text)
	return string(runes[:max(len(runes)-1, 0)])
}
