package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	gocmp "github.com/google/go-cmp/cmp"

	"digestbot/internal/longtest"
)

// edition is what the tests know of one weekly of the demo, for its reader in the browser.
type edition struct {
	browser          string // its language
	suffix           string // of the names of pictures
	weekly           [][]string
	visitor, reader  string
	admin, group     string
	subscribe, done  string // buttons
	subscribed       string
	switchOn, off    string // of the section that the visitor switches off
	sections, sent   string // what the bot says
	report           []string
	layout, compact  string
	unfold, headings string
	rich, settings   string
	web              string // Telegram Web, of which the bot warns
	end              string // of the issue
}

// editions are both weeklies. Their issue is that of the first Friday: the bold texts of
// each message, the cover first.
func editions() []edition {
	return []edition{
		{
			browser: "en-GB", visitor: "Ann", reader: "Ben", admin: "Admin Mei", group: "River walkers",
			weekly: [][]string{
				{"Riverside Weekly, issue 12: a library that stays up late, and a plan for the old dock"},
				{"Worth knowing", "The library stays open until two", "A plan for the old dock that keeps all three cranes", "Warmer street lamps, all over town", "One more boat at night"},
				{"New and useful", "The bus app counts in half minutes", "Ferry tickets now fit on your watch", "Pier · First · Last · Every", "A map of cobblers", "The water level is open data"},
				{"In town", "Twice as many market stalls, by lot", "The community kitchen leaves nothing overnight", "The bike workshop found a home"},
				{"Worth reading", "How a bridge grows old, by Ada Stone", "Why small towns should publish their timetables, by Lena Brook"},
				{ // short sections share a message
					"Sounds of the river", "The ferry bell at low tide",
					"Feature: who planted the sunflowers on the bridge",
					"Question of the week", "Would you take the first ferry to see the sun rise?",
				},
			},
			subscribe: "🔔 Subscribe", done: "Done", subscribed: "Subscribed",
			switchOn: "✅ New and useful", off: "⬜ New and useful", sections: "Your sections",
			sent: "✅ Sent", report: []string{"To 24 subscribers", "sent: 143 messages", "section switched off"},
			layout: "📰 Layout", compact: "One message", unfold: "▾ New and useful", headings: "‹ Headlines", rich: "Rich", settings: "⚙️ Settings",
			web: "Telegram Web", end: "It leaves at twenty to six",
		},
		{
			browser: "zh-CN", suffix: "-zh", visitor: "小林", reader: "阿禾", admin: "管理员梅姐", group: "河边散步群",
			weekly: [][]string{
				{"河畔周报第12期：夜班图书馆试运行，旧码头改造方案公布"},
				{"值得关注", "夜班图书馆试运行：周五、周六开到凌晨两点", "渡轮冬季多开一班夜船", "旧码头改造方案公布，保留三座吊车", "全城路灯将换成暖光"},
				{"产品动态", "“河畔公交”App 更新：等车时间精确到半分钟", "船票可以放进手表了", "码头 · 首班 · 末班 · 间隔", "修鞋地图上线", "水位数据开放了"},
				{"运营动态", "周末集市摊位翻倍，改为抽签", "社区厨房：剩余食材当天送到", "自行车工坊有家了"},
				{"好文推荐", "《一座桥怎样变老》作者@石桥", "《小城为什么要公布时刻表》作者@林布"},
				{
					"河边的声音", "退潮时的渡轮钟声",
					"特写：谁在桥上种了向日葵",
					"精彩问答", "Q：你会为了看日出坐最早一班渡轮吗？为什么？",
				},
			},
			subscribe: "🔔 订阅", done: "完成", subscribed: "订阅成功",
			switchOn: "✅ 产品动态", off: "⬜ 产品动态", sections: "栏目设置",
			sent: "✅ 发送完成", report: []string{"24 位订阅者", "143"},
			layout: "📰 版式", compact: "合成一条", unfold: "▾ 产品动态", headings: "‹ 返回目录", rich: "图文", settings: "⚙️ 设置",
			web: "网页版 Telegram", end: "最早一班渡轮五点四十开",
		},
	}
}

// inEachEdition runs a test with the demo in a browser of each weekly's language.
func inEachEdition(t *testing.T, test func(t *testing.T, p page, e edition)) {
	t.Parallel()
	browser := findBrowser(t)
	for _, e := range editions() {
		t.Run(e.browser, func(t *testing.T) {
			t.Parallel()
			p := browse(t, browser, startDemo(t), e.browser)
			test(t, p, e)
			p.quietConsole()
		})
	}
}

// A visitor subscribes, switches a section off, and gets the rest on Friday; the others get
// everything.
func TestBrowser(t *testing.T) {
	longtest.Only(t)
	inEachEdition(t, func(t *testing.T, p page, e edition) {
		visitor := p.chat(e.visitor)
		p.open(visitor, "")
		p.click("#start")
		p.tap(e.subscribe)
		p.waitFor(e.subscribed)
		p.write("/sections")
		p.tap(e.switchOn)
		p.waitForButton(e.off)
		p.tap(e.done)

		p.click(`#actions [data-action="Friday now"]`)
		p.open(p.chat(e.admin), e.sent)
		summary := p.after(e.sent)
		for _, want := range e.report {
			if len(summary) == 0 || !strings.Contains(summary[0].Text, want) {
				t.Errorf("the admin was told %q, want %q in it", summary, want)
			}
		}
		p.isIssue(p.chat(e.reader), e, e.weekly)
		p.isIssue(p.chat(e.group), e, e.weekly)
		p.isIssue(visitor, e, slices.Concat(e.weekly[:2], e.weekly[3:])) // the last: its chat stays open

		p.wait("the cover's picture is there", `document.querySelector("#messages img.picture")?.naturalWidth > 0`)
		p.unfold()
		p.take(screenshot{"demo" + e.suffix + ".png", 1200, 900, e.weekly[0][0]})
		p.take(screenshot{"demo-phone" + e.suffix + ".png", 390, 844, e.weekly[1][0]})
	})
}

// isIssue opens a chat and checks the bold texts of the issue that came last.
func (p page) isIssue(chat string, e edition, want [][]string) {
	p.t.Helper()
	p.open(chat, e.end)
	var got [][]string
	for _, m := range p.after(want[0][0]) {
		for i, text := range m.Bold {
			m.Bold[i] = strings.TrimPrefix(text, "🆕 ")
		}
		got = append(got, m.Bold)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		p.t.Errorf("bold texts of the messages in chat %s (-want +got):\n%s", chat, diff)
	}
}

// On a phone nothing is wider than the window, in any chat, light or dark. The guide names the
// buttons as they are.
func TestBrowserPhone(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	browser := findBrowser(t)
	for _, e := range editions() {
		for _, dark := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s dark %t", e.browser, dark), func(t *testing.T) {
				t.Parallel()
				p := browse(t, browser, startDemo(t), e.browser, chromedp.Flag("force-dark-mode", dark))
				p.wait("the colours are right", fmt.Sprintf(`matchMedia("(prefers-color-scheme: dark)").matches === %t`, dark))
				p.phone()
				p.wait("the list is there", `document.querySelectorAll("#chats [data-chat]").length >= 6`)
				for _, button := range []string{e.subscribe, e.layout, e.compact} {
					p.wait("the guide names "+button, fmt.Sprintf(`[...document.querySelectorAll("#list .press")].some((b) => b.textContent === %q)`, button))
				}
				p.unfoldReaders()
				p.fits()
				for _, chat := range evaluate[[]string](p, `[...document.querySelectorAll("#chats [data-chat]")].map((c) => c.dataset.chat)`) {
					p.open(chat, "")
					p.fits()
					p.click("#back")
				}
				p.quietConsole()
			})
		}
	}
}

// A visitor on a phone has a reader's whole story, from the guide to the end.
func TestBrowserReader(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	p := browse(t, findBrowser(t), startDemo(t), "en")
	p.phone()
	p.wait("the guide is there", `document.querySelector("#list .guide").innerText.includes("press START")`)
	p.fits()
	p.open(p.chat("Ann"), "")

	p.click("#start")
	p.waitFor("Welcome to Riverside Weekly!")
	p.tap("🔔 Subscribe")
	p.waitFor("Subscribed")
	p.waitFor("How should issues come?")
	p.tap("One per section")
	p.write("/sections")
	p.tap("✅ In town")
	p.waitForButton("⬜ In town")
	p.tap("Done")

	p.click(`#chat-actions [data-action="Friday now"]`)
	p.waitFor("The library stays open until two")
	p.waitFor("It leaves at twenty to six")
	for _, m := range p.after("The library stays open until two") {
		if len(m.Bold) > 0 && m.Bold[0] == "In town" {
			t.Errorf("a section that is switched off came: %q", m.Text)
		}
	}
	p.fits()

	p.write("tram")
	p.tap("🔍 Search")
	p.waitFor("A quieter tram")
	p.tap("1")
	p.waitFor("they can hear the river again")
	p.tap("‹ Results")
	p.waitForButton("1")

	p.setLayout("📰 Layout", "One message")
	p.tap("Done")
	p.write("/latest")
	p.tap("▾ New and useful")
	p.waitFor("Two students spent a summer")
	p.fits()
	p.write("/pause 3w")
	p.tap("▶️ Resume now")

	p.write("/settings")
	p.tap("🚫 Unsubscribe")
	p.waitFor("Unsubscribed.")
	p.quietConsole()
}

// An admin on a phone has an admin's whole story: what is there, first to a few, then to all,
// and how it went. Then everything is as at the start.
func TestBrowserAdmin(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	p := browse(t, findBrowser(t), startDemo(t), "en", chromedp.Flag("force-dark-mode", true))
	p.wait("it is dark", `matchMedia("(prefers-color-scheme: dark)").matches`)
	p.phone()
	admin, first := p.chat("Admin Mei"), p.chat("Ada")
	p.open(admin, "Welcome")
	p.write("/status")
	p.waitFor("👥 23 subscribed")
	p.write("/broadcast")
	p.waitFor("issue 12")
	p.fits()
	p.tap("🐤 First 20")
	p.waitFor("The first few have it.")

	p.click("#back")
	p.unfoldReaders()
	p.fits()
	p.open(first, "It leaves at twenty to six")
	p.click("#back")
	p.open(admin, "The first few have it.")
	p.tap("▶️ Resume")
	p.waitFor("✅ Sent")
	p.write("/status")
	p.waitFor("sent: ")
	p.write("/broadcast") // the next issue waits
	p.waitFor("issue 13")
	p.tap("Don't send")
	p.click(`#chat-actions [data-action="Friday now"]`)
	p.waitFor("To 23 subscribers")

	p.click("#back")
	p.click(`#actions [data-action="Reset"]`)
	p.open(admin, "Welcome")
	p.wait("the chat is as at the start", `!document.querySelector("#messages").innerText.includes("/status")`)
	p.write("/status")
	p.waitFor("👥 23 subscribed")
	p.quietConsole()
}

// A reader tries each layout. The READMEs show the pictures.
func TestBrowserLayoutPictures(t *testing.T) {
	longtest.Only(t)
	inEachEdition(t, func(t *testing.T, p page, e edition) {
		picture := func(name, top string) {
			t.Helper()
			p.take(screenshot{"layout-" + name + e.suffix + ".png", 390, 844, top})
		}
		p.open(p.chat(e.reader), e.subscribed)
		p.click(`#actions [data-action="Friday now"]`)
		p.waitFor(e.end)
		p.phone()
		p.wait("the issue is complete", button(e.settings))
		picture("sections", e.weekly[4][0])

		p.setLayout(e.layout, e.compact)
		p.tap(e.done)
		p.write("/latest")
		p.waitForButton(e.unfold)
		picture("compact", "")
		p.tap(e.unfold)
		p.waitForButton(e.headings)
		picture("unfolded", "")

		p.setLayout(e.layout, e.rich)
		p.wait("Telegram Web is warned of", fmt.Sprintf(`document.querySelector("#alert").open && document.querySelector("#alert-text").textContent.includes(%q)`, e.web))
		p.click("#alert-ok")
		p.tap(e.done)
		p.write("/latest")
		p.wait("a table is shown", `document.querySelector("#messages .rich table")`)
		p.wait("the picture in a section is there", `document.querySelector("#messages .rich img[src*=dock]")?.naturalWidth > 0`)
		p.wait("the issue is complete", fmt.Sprintf(`[...document.querySelectorAll("#messages .rich")].some((m) => m.textContent.includes(%q))`, e.end))
		p.wait("everything fits", `[...document.querySelectorAll("#messages .rich *")].every((e) => e.closest("pre, table") || e.getBoundingClientRect().right <= innerWidth)`)
		p.click("#messages .rich summary")
		p.wait("the folded text is open", `document.querySelector("#messages .rich details[open]")`)
		p.click("#messages .rich summary")
		p.wait("it is folded again", `!document.querySelector("#messages .rich details[open]")`)
		picture("rich", e.weekly[2][2])
	})
}

// An admin chooses a group's sections, and nobody else in the group sees the keyboard.
func TestBrowserGroupSettings(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	p := browse(t, findBrowser(t), startDemo(t), "en")
	group := p.chat("River walkers")

	p.open(group, "Subscribed") // or nobody would get the issue
	p.click(`#actions [data-action="Friday now"]`)
	p.open(p.chat("Admin Mei"), "✅ Sent")
	p.open(group, "Subscribed")
	p.speakAs("Ben")
	p.write("/sections")
	p.waitFor("Your sections")
	p.wait("it says who sees it", `[...document.querySelectorAll("#messages .ephemeral")].some((m) =>
		m.textContent.includes("Only you see this") && m.textContent.includes("Your sections"))`)
	p.tap("✅ New and useful")
	p.waitForButton("⬜ New and useful")

	p.speakAs("Ann")
	p.wait("a member sees none of it", `!document.querySelector("#messages .ephemeral")`)
	p.quietConsole()
}

// A visitor searches with a command, and by typing the bot's name in a group, where the
// result is posted.
func TestBrowserSearch(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	p := browse(t, findBrowser(t), startDemo(t), "en")
	english, group := p.chat("Ben"), p.chat("River walkers")

	p.open(english, "")
	p.write("/search tram")
	p.waitFor("A quieter tram")
	p.click(`#messages [data-button="1"]`)
	p.waitFor("issue 11")
	p.click(`#messages [data-button="📑 The whole section"]`)
	p.click(`#messages [data-button="‹ Results"]`)
	p.waitFor("A quieter tram")
	p.write("/latest reading")
	p.waitFor("The ferryman's ledger")

	p.open(group, "")
	p.do("type", chromedp.SendKeys(chromedp.CSS("#text"), "@riverside_weekly_bot tram"))
	p.click("#commands [data-result]")
	p.wait("the result is posted", `[...document.querySelectorAll("#messages .text")].some((m) => m.textContent.includes("A quieter tram"))`)
	p.do("type", chromedp.SendKeys(chromedp.CSS("#text"), "@riverside_weekly_bot zeppelin"))
	p.click("#commands button:not([data-result])") // nothing is found
	p.waitFor("/search ")                          // how to search, in the private chat of the person who asked
	p.quietConsole()
}

// The page speaks the language of the browser, and leads to the other weekly.
func TestBrowserLanguage(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	address := startDemo(t)
	p := browse(t, findBrowser(t), address, "zh-CN")
	p.wait("the guide is in Chinese", `document.querySelector("#guide").innerText.includes("点开始") && document.documentElement.lang === "zh-CN"`)
	p.wait("words are", `document.querySelector("#side h1").innerText === "聊天" && document.querySelector("#text").placeholder === "消息"`)
	link := evaluate[string](p, `document.querySelector("#links a").getAttribute("href")`)
	p.do("follow the link", chromedp.Navigate(address+link), chromedp.WaitReady(chromedp.CSS("body[data-ready]")))
	p.wait("it is the English weekly", `document.querySelector("#chats").innerText.includes("Ann")`)
	p.wait("the guide is still in Chinese", `document.querySelector("#guide").innerText.includes("打开Ann的聊天")`)
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
