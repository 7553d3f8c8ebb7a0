package figures

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/go-analyze/charts"

	"digestbot/bot/typeface"
)

// picture is what is drawn, in the words of a language.
type picture struct {
	dark  bool
	title string
	empty string // in place of a chart without anything to show

	on       lineChart
	turnover barChart
	sections barChart
	below    []barChart // beside the sections, from top to bottom
}

// lineChart is a number over time.
type lineChart struct {
	title  string
	labels []string
	values []float64
}

// barChart has one bar or several for each name.
type barChart struct {
	title     string
	names     []string
	nameWidth int // of the longest name, see cut
	series    []series
	stack     bool
}

// series are the bars of one color.
type series struct {
	name   string
	color  tone
	values []float64
}

// tone is what a color stands for.
type tone int

const (
	much tone = iota // subscribers
	more             // they become more
	less             // they become less
	faint
)

// The size of a picture in pixels. Telegram's apps show 1280 on the longer side without
// another look.
const (
	width   = 1080
	height  = 1280
	margin  = 28
	divide  = 640 // where what is beside the sections begins
	titleTo = 84
	onTo    = 430
	turnTo  = 730
)

// palette are the colors of a picture.
type palette struct {
	dark                   bool
	background, text, line charts.Color
	tones                  [4]charts.Color
}

func paletteOf(dark bool) palette {
	if dark {
		return palette{
			dark:       true,
			background: hex("#17212b"), text: hex("#e4ecf2"), line: hex("#2f3d4a"),
			tones: [4]charts.Color{hex("#5eb5f7"), hex("#65c466"), hex("#ee7b72"), hex("#3d4f5f")},
		}
	}
	return palette{
		background: hex("#ffffff"), text: hex("#1f2a33"), line: hex("#e3e8ec"),
		tones: [4]charts.Color{hex("#2f83c5"), hex("#3a9e4b"), hex("#d64d43"), hex("#c9d4dc")},
	}
}

func hex(color string) charts.Color { return charts.ColorFromHex(color) }

// fontName is what the typeface is called among those of the library.
const fontName = "digestbot"

// installFont makes the typeface known to the library.
var installFont = sync.OnceValue(func() error { return charts.InstallFont(fontName, typeface.File()) })

// font returns the typeface in a size.
func (p palette) font(size float64) charts.FontStyle {
	return charts.FontStyle{FontSize: size, FontColor: p.text, Font: charts.GetFont(fontName)}
}

// theme colors the series of a chart in their order.
func (p palette) theme(all ...series) charts.ColorPalette {
	var colors []charts.Color
	for _, s := range all {
		colors = append(colors, p.tones[s.color])
	}
	return charts.MakeTheme(charts.ThemeOption{
		IsDarkMode: p.dark, BackgroundColor: p.background, TextColor: p.text,
		AxisStrokeColor: p.line, AxisSplitLineColor: p.line, SeriesColors: colors,
	})
}

// draw returns the picture as a PNG.
func (c picture) draw() ([]byte, error) {
	if err := installFont(); err != nil {
		return nil, fmt.Errorf("draw figures: %w", err)
	}
	p := paletteOf(c.dark)
	canvas := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: width, Height: height, Theme: p.theme(), Font: charts.GetFont(fontName)})
	canvas.FilledRect(0, 0, width, height, p.background, p.background, 0)
	canvas.Text(typeface.Drawable(c.title), margin, 54, 0, p.font(21))
	panels := []panel{
		{charts.NewBox(margin, titleTo, width-margin, onTo), func(in *charts.Painter) error { return c.drawLine(in, p) }},
		{charts.NewBox(margin, onTo, width-margin, turnTo), func(in *charts.Painter) error { return c.drawBars(in, p, c.turnover, false) }},
		{charts.NewBox(margin, turnTo, divide-margin, turnTo+listHeight(c.sections, height-margin-turnTo)), func(in *charts.Painter) error { return c.drawBars(in, p, c.sections, true) }},
	}
	each := (height - margin - turnTo) / max(len(c.below), 1)
	for i, chart := range c.below {
		top := turnTo + i*each
		panels = append(panels, panel{
			charts.NewBox(divide, top, width-margin, top+listHeight(chart, each)),
			func(in *charts.Painter) error { return c.drawBars(in, p, chart, true) },
		})
	}
	for _, one := range panels {
		if err := one.draw(canvas.Child(charts.PainterBoxOption(one.box))); err != nil {
			return nil, fmt.Errorf("draw figures: %w", err)
		}
	}
	return canvas.Bytes()
}

// listHeight is how high a chart is that has a bar in each line: as high as it may be, unless
// the bars would be far from each other.
func listHeight(b barChart, most int) int {
	const around, line = 80, 54 // pixels: heading and axis; a bar with its distance
	return min(most, around+line*max(len(b.names), 1))
}

// panel is a part of the picture.
type panel struct {
	box  charts.Box
	draw func(in *charts.Painter) error
}

// The sizes of letters in points.
const (
	headingSize = 14
	labelSize   = 11
)

func heading(p palette, text string) charts.TitleOption {
	return charts.TitleOption{Text: typeface.Drawable(text), FontStyle: p.font(headingSize)}
}

// count writes a number on an axis, which is never a fraction.
func count(value float64) string {
	if value != float64(int(value)) {
		return ""
	}
	return strconv.Itoa(int(value))
}

// axis is the axis of values, from 0 to a round number, with up to so many labels above 0.
func axis(p palette, highest float64, labels int) charts.ValueAxisOption {
	top, unit := roundUp(highest, labels)
	return charts.ValueAxisOption{
		Min: charts.Ptr(0.0), Max: charts.Ptr(top), Unit: unit, LabelCount: int(top/unit) + 1, LabelFontStyle: p.font(labelSize),
		ValueFormatter: count, SplitLineShow: charts.Ptr(true),
	}
}

// roundUp returns where an axis ends that shows a number, and the distance of its labels.
func roundUp(highest float64, labels int) (top, unit float64) {
	unit = 1
	for _, step := range steps() {
		if unit = step; unit*float64(labels) >= highest {
			break
		}
	}
	top = unit
	for top < highest {
		top += unit
	}
	return top, unit
}

// steps are the round numbers: 1, 2, 5, 10, 20, …
func steps() (all []float64) {
	for power := 1.0; power < 1e10; power *= 10 {
		all = append(all, power, 2*power, 5*power)
	}
	return all
}

func highest(values ...[]float64) (most float64) {
	for _, list := range values {
		for _, v := range list {
			most = max(most, v)
		}
	}
	return most
}

func (c picture) drawLine(in *charts.Painter, p palette) error {
	o := charts.NewLineChartOptionWithData([][]float64{c.on.values})
	o.Theme, o.Title, o.Padding = p.theme(series{color: much}), heading(p, c.on.title), charts.NewBox(0, 0, 8, 8)
	o.XAxis = charts.XAxisOption{Labels: c.on.labels, LabelFontStyle: p.font(labelSize), LabelCount: 7, BoundaryGap: charts.Ptr(false)}
	o.YAxis = []charts.YAxisOption{axis(p, highest(c.on.values), 4)}
	o.Legend.Show = charts.Ptr(false)
	o.Symbol = charts.Symbol{Shape: charts.SymbolNone}
	o.LineStrokeWidth, o.FillArea, o.FillOpacity = 3, charts.Ptr(true), 50
	return in.LineChart(o)
}

func (c picture) drawBars(in *charts.Painter, p palette, b barChart, horizontal bool) error {
	if len(b.names) == 0 {
		in.Text(typeface.Drawable(b.title), 0, 20, 0, p.font(headingSize))
		in.Text(typeface.Drawable(c.empty), 0, 56, 0, p.font(labelSize))
		return nil
	}
	var values [][]float64
	var names []string
	for _, s := range b.series {
		values, names = append(values, s.values), append(names, typeface.Drawable(s.name))
	}
	o := charts.NewBarChartOptionWithData(withoutZeros(values))
	o.Horizontal, o.StackSeries = horizontal, charts.Ptr(b.stack)
	o.Theme, o.Title, o.Padding = p.theme(b.series...), heading(p, b.title), charts.NewBox(0, 0, 8, 8)
	o.Legend = charts.LegendOption{Show: charts.Ptr(len(names) > 1), SeriesNames: names, FontStyle: p.font(labelSize), Offset: charts.OffsetStr{Left: charts.PositionRight}}
	o.CategoryAxis = charts.CategoryAxisOption{Labels: drawnNames(b.names, b.nameWidth), LabelCount: len(b.names), LabelFontStyle: p.font(labelSize)}
	if !horizontal {
		thinOut(o.CategoryAxis.Labels)
	}
	top := highest(values...)
	if b.stack {
		top = highest(sums(values))
	}
	o.ValueAxis = []charts.ValueAxisOption{axis(p, top, 4)}
	if horizontal {
		if !b.stack { // it is half as wide
			o.ValueAxis[0] = axis(p, top, 2)
		}
		o.BarSize = barSize(len(b.names), in.Height())
		if !b.stack {
			o.SeriesList[0].Label = charts.SeriesLabel{Show: charts.Ptr(true), FontStyle: p.font(labelSize), ValueFormatter: count}
			o.Padding.Right = 60
		}
	}
	return in.BarChart(o)
}

// withoutZeros returns values without those for which a bar would be no more than a line.
func withoutZeros(values [][]float64) [][]float64 {
	drawn := make([][]float64, len(values))
	for i, list := range values {
		drawn[i] = slices.Clone(list)
		for j, v := range list {
			if v == 0 {
				drawn[i][j] = charts.GetNullValue()
			}
		}
	}
	return drawn
}

// thinOut leaves as many labels as stand side by side, from the last one on.
func thinOut(labels []string) {
	const most = 9
	each := (len(labels) + most - 1) / most
	for i := range labels {
		if (len(labels)-1-i)%each != 0 {
			labels[i] = ""
		}
	}
}

// barSize keeps bars from being much thicker than a line of text when there are few.
func barSize(bars, height int) float64 {
	const thickest = 28 // pixels
	return min(0.7, float64(thickest*bars)/float64(height))
}

// sums adds up what is stacked.
func sums(values [][]float64) []float64 {
	all := make([]float64, len(values[0]))
	for _, list := range values {
		for i, v := range list {
			all[i] += v
		}
	}
	return all
}
