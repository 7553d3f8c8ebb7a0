package main

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	gocmp "github.com/google/go-cmp/cmp"
)

// weekly is the issue of the demo's first Friday: the bold texts of each message, the
// cover first.
var weekly = [][]string{
	{"河畔周报第12期：夜班图书馆试运行，旧码头改造方案公布"},
	{"值得关注", "夜班图书馆试运行：周五、周六开到凌晨两点", "The library stays open until two", "旧码头改造方案公布，保留三座吊车", "全城路灯将换成暖光"},
	{"产品动态", "“河畔公交”App 更新：等车时间精确到半分钟", "Ferry tickets now fit on your watch", "Pier · First · Last · Every", "修鞋地图上线", "水位数据开放了"},
	{"运营动态", "周末集市摊位翻倍，改为抽签", "社区厨房：剩余食材当天送到", "The bike workshop found a home"},
	{"好文推荐", "《一座桥怎样变老》作者@石桥", "Why small towns should publish their timetables, by Lena Brook"},
	{ // short sections share a message
		"🆕 河边的声音", "Sounds of the river: the ferry bell at low tide",
		"🆕 特写：谁在桥上种了向日葵",
		"精彩问答", "Q：你会为了看日出坐最早一班渡轮吗？为什么？",
	},
}

// In the demo one reader subscribes, switches a section off, and gets the rest on
// Friday; the others get everything.
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
	for _, want := range []string{"sent: 17 messages", "section switched off: 1 message"} {
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

// A new reader tries everything, from START to a pause.
func TestBrowserReader(t *testing.T) {
	t.Parallel()
	browser := findBrowser(t)
	p := browse(t, browser, startDemo(t))
	p.phone()
	p.open(p.chat("小林"), "")

	p.click("#start")
	p.tap("🔔 订阅")
	p.waitFor("订阅成功")
	p.write("/sections")
	p.tap("✅ 运营动态")
	p.waitForButton("⬜ 运营动态")
	p.tap("完成")

	p.write("/latest")
	p.waitFor("早班渡轮提前到五点四十")
	p.waitFor("雾天里，你靠什么认路")
	for _, m := range p.after("早班渡轮") {
		if len(m.Bold) > 0 && m.Bold[0] == "运营动态" {
			t.Errorf("a section that is switched off came: %q", m.Text)
		}
	}

	p.setLayout("📰 版式", "合成一条")
	p.tap("完成")
	p.write("/latest")
	p.tap("▾ 产品动态")
	p.waitFor("社区工具库的小程序新增了大件一栏")
	p.tap("‹ 返回目录")
	p.waitForButton("▾ 产品动态")

	p.write("/search 渡轮 月票")
	p.waitFor("渡轮月票可以转给家人")
	p.write("/pause 3w")
	p.waitForButton("▶️ 立即恢复")
	p.quietConsole()
}

// A reader tries each layout. The README shows the pictures.
func TestBrowserLayoutPictures(t *testing.T) {
	t.Parallel()
	browser := findBrowser(t)
	p := browse(t, browser, startDemo(t))
	p.open(p.chat("Ann"), "Subscribed")
	p.click(`#actions [data-action="Friday now"]`)
	p.waitFor("最早一班渡轮五点四十开")
	p.phone()
	p.wait("the issue is complete", button("⚙️ Settings"))
	p.take(screenshot{"layout-sections.png", 390, 844, "好文推荐"})

	p.setLayout("📰 Layout", "One message")
	p.tap("Done")
	p.write("/latest")
	p.waitForButton("▾ 产品动态")
	p.take(screenshot{"layout-compact.png", 390, 844, ""})
	p.tap("▾ 产品动态")
	p.waitForButton("‹ Headlines")
	p.take(screenshot{"layout-unfolded.png", 390, 844, ""})

	p.setLayout("📰 Layout", "Rich")
	p.wait("Telegram Web is warned of", `document.querySelector("#alert").open && document.querySelector("#alert-text").textContent.includes("Telegram Web")`)
	p.click("#alert-ok")
	p.tap("Done")
	p.write("/latest")
	p.wait("a table is shown", `document.querySelector("#messages .rich table")`)
	p.wait("the picture in a section is there", `document.querySelector("#messages .rich img[src*=dock]")?.naturalWidth > 0`)
	p.wait("the issue is complete", `[...document.querySelectorAll("#messages .rich")].some((m) => m.textContent.includes("最早一班渡轮五点四十开"))`)
	p.wait("everything fits", `[...document.querySelectorAll("#messages .rich *")].every((e) => e.closest("pre, table") || e.getBoundingClientRect().right <= innerWidth)`)
	p.click("#messages .rich summary")
	p.wait("the folded text is open", `document.querySelector("#messages .rich details[open]")`)
	p.click("#messages .rich summary")
	p.wait("it is folded again", `!document.querySelector("#messages .rich details[open]")`)
	p.take(screenshot{"layout-rich.png", 390, 844, "Ferry tickets now fit on your watch"})
	p.quietConsole()
}

// An admin chooses a group's sections, and nobody else in the group sees the keyboard.
func TestBrowserGroupSettings(t *testing.T) {
	t.Parallel()
	browser := findBrowser(t)
	p := browse(t, browser, startDemo(t))
	admin, group := p.chat("Admin Mei"), p.chat("River walkers")

	p.open(group, "Subscribed") // or nobody would get the issue
	p.click(`#actions [data-action="Friday now"]`)
	p.open(admin, "Welcome")
	p.waitFor("✅ Sent")
	p.open(group, "Subscribed")
	p.speakAs("Ann")
	p.write("/sections")
	p.waitFor("Your sections")
	p.wait("it says who sees it", `[...document.querySelectorAll("#messages .ephemeral")].some((m) =>
		m.textContent.includes("Only you see this") && m.textContent.includes("Your sections"))`)
	p.click(`#messages [data-button="✅ 产品动态"]`)
	p.wait("the switch is off", `document.querySelector('#messages [data-button="⬜ 产品动态"]')`)

	p.speakAs("小林")
	p.wait("a member sees none of it", `!document.querySelector("#messages .ephemeral")`)
	p.quietConsole()
}

// A visitor searches with a command, and by typing the bot's name in a group, where the
// result is posted.
func TestBrowserSearch(t *testing.T) {
	t.Parallel()
	browser := findBrowser(t)
	p := browse(t, browser, startDemo(t))
	english, group := p.chat("Ann"), p.chat("River walkers")

	p.open(english, "")
	p.write("/search tram")
	p.waitFor("A quieter tram")
	p.click(`#messages [data-button="1"]`)
	p.waitFor("issue 11")
	p.click(`#messages [data-button="📑 The whole section"]`)
	p.click(`#messages [data-button="‹ Results"]`)
	p.waitFor("A quieter tram")
	p.write("/latest 好文")
	p.waitFor("《渡口的账本》")

	p.open(group, "")
	p.do("type", chromedp.SendKeys(chromedp.CSS("#text"), "@riverside_weekly_bot tram"))
	p.click("#commands [data-result]")
	p.wait("the result is posted", `[...document.querySelectorAll("#messages .text")].some((m) => m.textContent.includes("A quieter tram"))`)
	p.do("type", chromedp.SendKeys(chromedp.CSS("#text"), "@riverside_weekly_bot zeppelin"))
	p.click("#commands button:not([data-result])") // nothing is found
	p.waitFor("/search ")                          // how to search, in the private chat of the person who asked
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
	printed.CloseWithError(io.ErrClosedPipe) // nothing reads it any more
	_, address, _ := strings.Cut(line, "open ")
	address, _, _ = strings.Cut(address, " ")
	return address
}
