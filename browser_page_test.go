package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"iter"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// page is the demo's page in a browser. Its methods wait for the elements they need,
// and end the test if those do not appear.
type page struct {
	t       *testing.T
	ctx     context.Context
	console func() (m chromedp.ConsoleMessage, err error, more bool)
}

// Timeouts long enough for a slow and busy machine.
const (
	testTimeout = 5 * time.Minute
	stepTimeout = time.Minute
	tapTimeout  = 15 * time.Second // then a button that the page has drawn anew is looked for
)

// browse opens the demo in a new browser of a language, which closes at the end of the test.
func browse(t *testing.T, browser, address, language string, special ...chromedp.ExecAllocatorOption) page {
	t.Helper()
	p := newBrowser(t, browser, language, special...)
	p.do("open "+address, chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("body[data-ready]")))
	return p
}

// newBrowser opens a browser of a language, which closes at the end of the test.
func newBrowser(t *testing.T, browser, language string, special ...chromedp.ExecAllocatorOption) page {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-prefers-reduced-motion", true), // a moving element is hard to click
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", language), chromedp.Flag("accept-lang", language))
	options = append(options, special...)
	ctx, stopWaiting := context.WithTimeout(context.WithoutCancel(t.Context()), testTimeout)
	t.Cleanup(stopWaiting)
	ctx, freeBrowsers := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(freeBrowsers)
	ctx, _ = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("close the browser: %v", err)
		}
	})
	p := page{t: t, ctx: ctx}
	p.do("start the browser", chromedp.EmulateViewport(1280, 860))
	next, stop := iter.Pull2(chromedp.Console(ctx))
	t.Cleanup(stop)
	p.console = next
	return p
}

// findBrowser returns the path of a browser. If there is none, it skips the test, and
// fails it in CI.
func findBrowser(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	message := fmt.Sprintf("no browser found, looked for %s; install chromium to run this test", strings.Join(names, ", "))
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// do runs actions on the page.
func (p page) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// evaluate returns the value of a JavaScript expression.
func evaluate[T any](p page, expression string) T {
	p.t.Helper()
	result, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return result
}

// wait waits until a JavaScript expression is true.
func (p page) wait(what, expression string) {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(stepTimeout)))
	if err != nil {
		shown := evaluate[string](p, `(document.querySelector("#messages") ?? document.body).innerText.slice(-1000)`)
		p.t.Fatalf("waiting until %s: %v; the chat or page ends with:\n%s", what, err, shown)
	}
}

// waitFor waits until the open chat has a message of the bot with a text.
func (p page) waitFor(text string) {
	p.t.Helper()
	p.wait("the bot says "+text, fmt.Sprintf(
		`[...document.querySelectorAll('#messages [data-from="bot"] .text')].some((m) => m.textContent.includes(%q))`, text))
}

// click clicks on an element, again if the page put another in its place between finding and
// clicking it.
func (p page) click(selector string) {
	p.t.Helper()
	for began := time.Now(); ; {
		err := chromedp.Do(p.ctx, chromedp.Click(chromedp.CSS(selector)))
		if err == nil {
			return
		}
		if time.Since(began) > stepTimeout || !isReplaced(err) {
			p.t.Fatalf("click %s: %v", selector, err)
		}
	}
}

// isReplaced reports whether an element was gone when the browser was to do something with it.
func isReplaced(err error) bool {
	return strings.Contains(err.Error(), "Could not find node") // the code of the error, -32000, is for anything
}

// clickUntil clicks on what may move while it is pressed, again if an expression does not
// become true: in the list, chats move up with each message that comes.
func (p page) clickUntil(selector, expression string) {
	p.t.Helper()
	for began := time.Now(); ; {
		ctx, cancel := context.WithTimeout(p.ctx, tapTimeout)
		err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector)))
		if err == nil {
			_, err = chromedp.Run(ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(tapTimeout)))
		}
		cancel()
		if err == nil {
			return
		}
		if time.Since(began) > stepTimeout {
			p.t.Fatalf("click %s until %s: %v", selector, expression, err)
		}
	}
}

// unfoldReaders shows the chats that stand behind "20 more readers".
func (p page) unfoldReaders() {
	p.t.Helper()
	p.clickUntil("#background", `!document.querySelector("#behind").hidden`)
}

func (p page) write(text string) {
	p.t.Helper()
	p.do("write "+text, chromedp.SendKeys(chromedp.CSS("#text"), text))
	p.click("#send")
}

// chat returns the id of the chat with a title.
func (p page) chat(title string) string {
	p.t.Helper()
	id := evaluate[string](p, fmt.Sprintf(`[...document.querySelectorAll("#list [data-chat]")]
		.find((c) => c.querySelector(".name").firstChild.textContent === %q)?.dataset.chat ?? ""`, title))
	if id == "" {
		p.t.Fatalf("there is no chat %q", title)
	}
	return id
}

// open opens a chat and waits until it shows a text of the bot.
func (p page) open(chat, text string) {
	p.t.Helper()
	p.clickUntil(fmt.Sprintf(`#list [data-chat="%s"]`, chat), fmt.Sprintf(`document.body.dataset.chat === %q`, chat))
	if text != "" {
		p.waitFor(text)
	}
}

// shownMessage is a message of the bot as the page shows it.
type shownMessage struct {
	Text string   `json:"text"`
	Bold []string `json:"bold"` // the pieces set in bold type
}

// after returns the bot's messages in the open chat, beginning with the first one that
// has the text.
func (p page) after(text string) []shownMessage {
	p.t.Helper()
	messages := evaluate[[]shownMessage](p, `[...document.querySelectorAll('#messages [data-from="bot"] .text')].map((m) => ({
		text: m.textContent,
		bold: [...m.querySelectorAll("*")].filter((e) => e.localName === "b" && getComputedStyle(e).fontWeight >= 600).map((e) => e.textContent),
	}))`)
	i := slices.IndexFunc(messages, func(m shownMessage) bool { return strings.Contains(m.Text, text) })
	if i < 0 {
		p.t.Fatalf("no message has %q", text)
	}
	return messages[i:]
}

// unfold opens the folded quotation of the issue with a click, and folds it again.
func (p page) unfold() {
	p.t.Helper()
	const quote = "#messages blockquote.folds"
	const hidden = `(() => { const q = document.querySelector("#messages blockquote.folds .inside"); return q.scrollHeight > q.clientHeight + 4; })()`
	p.wait("a quotation is folded", hidden)
	p.click(quote)
	p.wait("the quotation is unfolded", "!"+hidden)
	p.click(quote)
	p.wait("the quotation is folded again", hidden)
}

// quietConsole checks that the page wrote nothing to the console.
func (p page) quietConsole() {
	p.t.Helper()
	const end = "that was all"
	evaluate[chromedp.Void](p, fmt.Sprintf("console.log(%q)", end))
	for {
		m, err, more := p.console()
		if err != nil || !more {
			p.t.Fatalf("read the console: %v", err)
		}
		if m.Text == end {
			return
		}
		p.t.Errorf("browser console: %s (%s, line %d)", m, m.URL, m.Line+1)
	}
}

// speakAs chooses the member of the open group that reads and writes.
func (p page) speakAs(name string) {
	p.t.Helper()
	done := evaluate[bool](p, fmt.Sprintf(`(() => {
		const as = document.querySelector("#as");
		const option = [...as.options].find((o) => o.text.startsWith(%q));
		if (!option) return false;
		as.value = option.value;
		as.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})()`, name))
	if !done {
		p.t.Fatalf("%s is not in the group", name)
	}
	p.do("see the chat", chromedp.WaitReady(chromedp.CSS("#messages")))
}

// phone makes the window as small as a phone.
func (p page) phone() {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(screenshotScale)))
	p.wait("the window is small", "innerWidth === 390")
}

// fits waits until nothing of the page is wider than the window, but what scrolls by itself.
func (p page) fits() {
	p.t.Helper()
	p.wait("everything fits", `document.documentElement.scrollWidth <= innerWidth &&
		[...document.querySelectorAll("#side *, #main *")].every((e) => e.closest("pre, table, svg, [hidden]") || e.getBoundingClientRect().right <= innerWidth + 0.5)`)
}

// setLayout chooses a layout in the settings. Both texts are those of buttons.
func (p page) setLayout(menu, layout string) {
	p.t.Helper()
	p.write("/settings")
	p.tap(menu)
	p.waitForButton("‹ ") // back to the settings: the question after a subscription has such buttons as well
	p.tap(layout)
}

// button returns a JavaScript expression for the last button in the open chat whose
// text begins with the given one.
func button(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#messages [data-button]")].findLast((b) => b.dataset.button.startsWith(%q))`, text)
}

func (p page) waitForButton(text string) {
	p.t.Helper()
	p.wait("there is a button "+text, button(text))
}

// tap waits for a button whose text begins with the given one, and presses the last. The page
// may draw it anew while it is pressed; then the new one is.
func (p page) tap(text string) {
	p.t.Helper()
	for began := time.Now(); ; {
		p.waitForButton(text)
		evaluate[chromedp.Void](p, fmt.Sprintf(`void (() => {
			document.querySelector("[data-aim]")?.removeAttribute("data-aim");
			%s.dataset.aim = "";
		})()`, button(text)))
		ctx, cancel := context.WithTimeout(p.ctx, tapTimeout)
		err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS("[data-aim]")))
		cancel()
		if err == nil {
			return
		}
		if time.Since(began) > stepTimeout || evaluate[bool](p, `document.querySelector("[data-aim]") !== null`) {
			p.t.Fatalf("press %s: %v", text, err)
		}
	}
}

var updateScreenshots = flag.Bool("update-screenshots", false, "rewrite the pictures of the demo in docs")

// screenshot is a picture of the page.
type screenshot struct {
	name          string
	width, height int64  // of the window, in CSS pixels
	top           string // heading or bold text of the message shown first, the last such one; empty: the chat's end is shown
}

const (
	screenshotScale = 1.5       // pixels of the picture per CSS pixel
	maxScreenshot   = 150 << 10 // bytes; every clone of the project has it
)

// take takes a screenshot, and with -update-screenshots keeps it in docs.
func (p page) take(s screenshot) {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(s.width, s.height, chromedp.EmulateScale(screenshotScale)))
	p.wait("the window has its size", fmt.Sprintf("innerWidth === %d && innerHeight === %d", s.width, s.height))
	// A gradient in the background would be most of the file.
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

// paletted reduces a picture to its 256 most frequent colours. For text on plain
// backgrounds nobody sees the difference. Similar colours count as one; otherwise the
// shades of a photo would take all places.
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
