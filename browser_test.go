package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	gocmp "github.com/google/go-cmp/cmp"
)

// weekly is the issue of the demo's first Friday as readers see it: the bold texts of its
// messages, the cover first.
var weekly = [][]string{
	{"河畔周报第12期：夜班图书馆试运行，旧码头改造方案公布"},
	{"值得关注", "夜班图书馆试运行：周五、周六开到凌晨两点", "The library stays open until two", "旧码头改造方案公布，保留三座吊车", "全城路灯将换成暖光"},
	{"产品动态", "“河畔公交”App 更新：等车时间精确到半分钟", "Ferry tickets now fit on your watch", "Pier · First · Last · Every", "修鞋地图上线", "水位数据开放了"},
	{"运营动态", "周末集市摊位翻倍，改为抽签", "社区厨房：剩余食材当天送到", "The bike workshop found a home"},
	{"好文推荐", "《一座桥怎样变老》作者@石桥", "Why small towns should publish their timetables, by Lena Brook"},
	{"🆕 河边的声音", "Sounds of the river: the ferry bell at low tide"},
	{"🆕 特写：谁在桥上种了向日葵"},
	{"精彩问答", "Q：你会为了看日出坐最早一班渡轮吗？为什么？"},
}

// TestBrowser is the demo as a visitor sees it: one reader subscribes, switches
// a section off, and gets the rest on Friday; the others get everything.
func TestBrowser(t *testing.T) {
	t.Parallel()
	browser := findBrowser(t)
	p := browse(t, browser, startDemo(t))
	reader, english, group, admin := p.chat("小林"), p.chat("Ann"), p.chat("River walkers"), p.chat("Admin Mei")

	p.open(reader, "")
	p.click("#start")
	p.click(`#messages [data-button="🔔 订阅"]`)
	p.waitFor("订阅成功")
	p.write("/sections")
	p.click(`#messages [data-button="✅ 产品动态"]`)
	p.wait("the switch is off", `document.querySelector('#messages [data-button="⬜ 产品动态"]')`)

	p.click(`#actions [data-action="Friday now"]`)
	p.open(admin, "Welcome")
	p.waitFor("✅ Sent")
	summary := p.after("✅ Sent")
	for _, want := range []string{"sent: 23 messages", "section switched off: 1 message"} {
		if len(summary) == 0 || !strings.Contains(summary[0].Text, want) {
			t.Errorf("the admin was told %q, want %q in it", summary, want)
		}
	}

	mine := slices.Concat(weekly[:2], weekly[3:])
	tests := []struct {
		chat, after string
		want        [][]string
	}{
		{english, "Subscribed", weekly},
		{group, "Subscribed", weekly},
		{reader, "栏目设置", mine}, // the last: its chat stays open
	}
	for _, tt := range tests {
		p.open(tt.chat, tt.after)
		var got [][]string
		for _, m := range p.after(tt.after)[1:] {
			got = append(got, m.Bold)
		}
		if diff := gocmp.Diff(tt.want, got); diff != "" {
			t.Errorf("bold texts of the messages in chat %s (-want +got):\n%s", tt.chat, diff)
		}
	}

	p.wait("the cover's picture is there", `document.querySelector("#messages img.picture")?.naturalWidth > 0`)
	p.unfold()
	p.take(screenshot{"demo.png", 1200, 900, weekly[0][0]})
	p.take(screenshot{"demo-phone.png", 390, 844, weekly[1][0]})
	p.quietConsole()
}

// startDemo runs the program's demo and returns the address it prints.
func startDemo(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context())) // it outlives the browser
	printed, out := io.Pipe()
	var log syncBuffer
	done := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"demo", "--address", "127.0.0.1:0"}, nil, stdio{strings.NewReader(""), out, &log})
		out.CloseWithError(cmp.Or(err, io.EOF))
		done <- err
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil || strings.Contains(log.String(), "level=ERROR") {
			t.Errorf("demo = %v, log:\n%s", err, log.String())
		}
	})
	line, err := bufio.NewReader(printed).ReadString('\n')
	if err != nil {
		t.Fatalf("demo printed %q, %v", line, err)
	}
	printed.CloseWithError(io.ErrClosedPipe) // nobody listens any more
	_, address, _ := strings.Cut(line, "open ")
	address, _, _ = strings.Cut(address, " ")
	return address
}

// page is the demo's page in a browser. Its methods wait for what they need,
// and end the test when it does not come.
type page struct {
	t       *testing.T
	ctx     context.Context
	console func() (m chromedp.ConsoleMessage, err error, more bool)
}

// These are for a slow and busy machine; nothing waits that long otherwise.
const (
	patience     = 3 * time.Minute // for a test
	stepPatience = time.Minute     // for what it waits for
)

// browse opens an address in a browser of its own, which ends with the test.
func browse(t *testing.T, browser, address string) page {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-prefers-reduced-motion", true), // what moves is hard to hit
		chromedp.Flag("hide-scrollbars", true))
	ctx, stopWaiting := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
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
	p.do("open "+address, chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("body[data-ready]")))
	return p
}

// findBrowser returns the path of a browser. Without one the test is skipped,
// except in CI, which has to have one.
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

// do does something to the page.
func (p page) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// evaluate returns what a JavaScript expression gives.
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
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(stepPatience)))
	if err != nil {
		shown := evaluate[string](p, `document.querySelector("#messages").innerText.slice(-1000)`)
		p.t.Fatalf("waiting until %s: %v; the chat ends with:\n%s", what, err, shown)
	}
}

// waitFor waits until the open chat has a message of the bot with a text.
func (p page) waitFor(text string) {
	p.t.Helper()
	p.wait("the bot says "+text, fmt.Sprintf(
		`[...document.querySelectorAll('#messages [data-from="bot"] .text')].some((m) => m.textContent.includes(%q))`, text))
}

func (p page) click(selector string) {
	p.t.Helper()
	p.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

func (p page) write(text string) {
	p.t.Helper()
	p.do("write "+text, chromedp.SendKeys(chromedp.CSS("#text"), text))
	p.click("#send")
}

// chat returns the id of the chat with a title.
func (p page) chat(title string) string {
	p.t.Helper()
	id := evaluate[string](p, fmt.Sprintf(`[...document.querySelectorAll("#chats [data-chat]")]
		.find((c) => c.querySelector(".name").firstChild.textContent === %q)?.dataset.chat ?? ""`, title))
	if id == "" {
		p.t.Fatalf("there is no chat %q", title)
	}
	return id
}

// open opens a chat and waits until it shows a text of the bot.
func (p page) open(chat, text string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`#chats [data-chat="%s"]`, chat))
	p.wait("chat "+chat+" is open", fmt.Sprintf(`document.body.dataset.chat === %q`, chat))
	if text != "" {
		p.waitFor(text)
	}
}

// shownMessage is a message of the bot as the page shows it.
type shownMessage struct {
	Text string   `json:"text"`
	Bold []string `json:"bold"` // what is set in bold type, piece by piece
}

// after returns the bot's messages in the open chat from the first one with a
// text on.
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

// unfold opens the folded quotation of the issue by a click, and folds it
// again.
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

// quietConsole checks that the page had no complaints.
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
