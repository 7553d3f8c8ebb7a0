package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/chromedp/chromedp"
)

var updateScreenshots = flag.Bool("update-screenshots", false, "rewrite the pictures of the demo in docs")

// screenshot is a picture of the page.
type screenshot struct {
	name          string
	width, height int64  // of the window, in CSS pixels
	top           string // the last message with this heading or bold text comes first; empty: the chat's end is shown
}

const (
	screenshotScale = 1.5       // pixels of the picture per CSS pixel
	maxScreenshot   = 150 << 10 // bytes; everybody who clones the project gets it
)

// take takes a screenshot. It goes to docs when the test was asked for it.
func (p page) take(s screenshot) {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(s.width, s.height, chromedp.EmulateScale(screenshotScale)))
	p.wait("the window has its size", fmt.Sprintf("innerWidth === %d && innerHeight === %d", s.width, s.height))
	// The wall's gradient would be most of the file.
	evaluate[chromedp.Void](p, `void (document.querySelector("#main").style.background =
		matchMedia("(prefers-color-scheme: dark)").matches ? "var(--wall-1)" : "#9dc4a2")`)
	p.wait(s.top+" is in view", fmt.Sprintf(`(() => {
		const top = [...document.querySelectorAll("#messages :is(b, h1, h2, h3, h4, h5)")].findLast((b) => b.textContent === %q);
		const scroll = document.querySelector("#scroll");
		if (top) {
			top.closest("[data-message]").scrollIntoView();
			scroll.scrollBy(0, -12);
		} else scroll.scrollTop = scroll.scrollHeight;
		return document.querySelector("#toast").hidden && document.fonts.status === "loaded" && Boolean(top) === %t;
	})()`, s.top, s.top != ""))
	data, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("screenshot: %v", err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		p.t.Fatalf("%s: %v", s.name, err)
	}
	if got, want := picture.Bounds().Dx(), int(float64(s.width)*screenshotScale); got != want {
		p.t.Errorf("%s is %d pixels wide, want %d", s.name, got, want)
	}
	if *updateScreenshots {
		p.keep(s.name, picture)
	}
}

func (p page) keep(name string, picture image.Image) {
	p.t.Helper()
	var data bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&data, paletted(picture)); err != nil {
		p.t.Fatal(err)
	}
	if data.Len() > maxScreenshot {
		p.t.Errorf("%s has %d bytes, more than %d", name, data.Len(), maxScreenshot)
	}
	if err := os.WriteFile(filepath.Join("docs", name), data.Bytes(), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// paletted returns a picture in the 256 colours that it has most of, which for
// text on plain grounds nobody can tell from all of them. Colours that differ
// little are counted as one, or the shades of a photo would take all places.
func paletted(picture image.Image) *image.Paletted {
	type like [3]uint8
	count := make(map[like]int)
	first := make(map[like]color.RGBA)
	bounds := picture.Bounds()
	at := func(x, y int) (color.RGBA, like) {
		c := color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
		return c, like{c.R >> 2, c.G >> 2, c.B >> 2}
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c, key := at(x, y)
			if count[key] == 0 {
				first[key] = c
			}
			count[key]++
		}
	}
	often := slices.SortedFunc(maps.Keys(count), func(a, b like) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), slices.Compare(a[:], b[:]))
	})
	var palette color.Palette
	for _, key := range often[:min(len(often), 256)] {
		palette = append(palette, first[key])
	}
	result := image.NewPaletted(bounds, palette)
	index := make(map[like]uint8)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c, key := at(x, y)
			i, known := index[key]
			if !known {
				i = uint8(palette.Index(c))
				index[key] = i
			}
			result.SetColorIndex(x, y, i)
		}
	}
	return result
}
