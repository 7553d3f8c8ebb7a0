package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
)

// publicArchive runs the bot with a public archive of an issue in English, one in Chinese and
// one in Arabic, and returns its address. picture is the address of a picture.
func publicArchive(t *testing.T, picture string) (address, database string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"12.md": "# Riverside Weekly, issue 12\n\n![](" + picture + ")\n\nA library that stays up late, and a plan for the old dock.\n\n## Worth knowing\n\n### [The library stays open until two](https://example.org/library)\n" +
			strings.Repeat("Fridays and Saturdays, and this is a trial. ", 9) + "\n\n> “We try it for a month,” says its director.\n\n### A word that is long\n" + strings.Repeat("riverside", 30) +
			"\n\n## New and useful\n\n### Ferry times\n\n| Pier | First | Last | Every | Boats | Bicycles | Dogs | Tickets |\n|---|---|---|---|---|---|---|---|\n| East | 5:40 | 23:10 | 20 minutes | Seagull | yes | yes | on board |\n\n```\ncurl https://example.org/api/v1/water-level?station=old-dock&format=json&since=2026-11-01T00:00:00Z\n```\n",
		"13.md": "# 河畔周报第13期：夜班图书馆试运行\n\n旧码头改造方案公布。\n\n## 值得关注\n\n### [夜班图书馆试运行：周五、周六开到凌晨两点](https://example.org/library)\n" + strings.Repeat("渡轮冬季多开一班夜船，全城路灯将换成暖光。", 9) + "\n\n## 产品动态\n\n- 等车时间精确到半分钟\n- 船票可以放进手表了\n",
		"14.md": "# النشرة الأسبوعية، العدد ١٤: " + strings.Repeat("المكتبة والميناء ", 20) + "\n\nهذه مقدمة العدد.\n\n## أخبار\n\n### [المكتبة تفتح حتى منتصف الليل](https://example.org/library)\n" + strings.Repeat("تبقى المكتبة مفتوحة أيام الجمعة. ", 9) + "\n\n> نجرب هذا شهرًا.\n\n## أدوات\n\n- أداة أولى\n- أداة ثانية\n",
	} {
		write(t, dir, name, "---\nnumber: "+name[:2]+"\ndate: 2026-11-"+name[:2]+"\n---\n"+text)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") // to find a port that is free
	if err != nil {
		t.Fatal(err)
	}
	host := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	address, database = "http://"+host+"/weekly/", filepath.Join(dir, "test.db")
	if got := runWith(t, nil, "", "import", "--database", database, dir); got.failure != nil {
		t.Fatal(got.failure)
	}
	tg := newTelegram(t, telegramsim.Options{})
	stop := tg.serving("--database", database, "--listen", host, "--public-url", address)
	t.Cleanup(func() {
		if log, err := stop(); err != nil || strings.Contains(log, "level=ERROR") {
			t.Errorf("serve = %v, log:\n%s", err, log)
		}
	})
	tg.asks("/start", "Welcome") // it listens, and knows its name
	return address, database
}

// pictures serves a picture over https, and returns its address and what makes a browser find
// it there.
func pictures(t *testing.T) (address string, options []chromedp.ExecAllocatorOption) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Referer") != "" {
			t.Errorf("the server of a picture is told from where it is asked: %s", r.Header.Get("Referer"))
		}
		data, err := os.ReadFile("bot/demo/cover-en.png")
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(data)
	}))
	t.Cleanup(server.Close)
	return "https://pictures.example/cover.png", []chromedp.ExecAllocatorOption{
		chromedp.Flag("host-resolver-rules", "MAP pictures.example "+server.Listener.Addr().String()), chromedp.Flag("ignore-certificate-errors", true),
	}
}

// goTo opens an address of the archive.
func (p page) goTo(address string) {
	p.t.Helper()
	p.do("open "+address, chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("footer")))
}

// follow clicks on something that leads to another page, and waits for an element of that.
func (p page) follow(selector, there string) {
	p.t.Helper()
	p.do("follow "+selector, chromedp.Click(chromedp.CSS(selector)), chromedp.WaitReady(chromedp.CSS(there)))
}

// A visitor reads an issue, searches, and finds the way to Telegram.
func TestBrowserArchive(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	browser := findBrowser(t)
	picture, options := pictures(t)
	address, database := publicArchive(t, picture)
	p := newBrowser(t, browser, "en", options...)
	p.goTo(address)
	p.wait("the newest is first", `document.querySelector(".issues a").textContent.startsWith("النشرة")`)
	p.follow(`.issues a[href$="/issues/12/"]`, ".ways")
	p.wait("the issue is there", `document.querySelector("h1").textContent === "Riverside Weekly, issue 12" && document.title === "Riverside Weekly, issue 12 · Digest"`)
	p.wait("its picture is, too", `document.querySelector(".cover img").naturalWidth > 0`)
	p.wait("it is in order", `document.querySelector("h2").textContent === "Worth knowing" && document.querySelectorAll("section").length === 2 && document.scripts.length === 0`)
	p.wait("the button subscribes", `document.querySelector("header .button").href === "https://t.me/digest_sim_bot?start=subscribe"`)
	p.wait("the other one brings the issue", `document.querySelector(".ways .button").href === "https://t.me/digest_sim_bot?start=issue_12"`)
	p.wait("the style is used", `getComputedStyle(document.querySelector("header .button")).backgroundColor === "rgb(20, 108, 159)"`)
	p.click(`.contents a[href="#s-new-and-useful"]`)
	p.wait("the section is in view", `location.hash === "#s-new-and-useful" && document.querySelector("#s-new-and-useful").getBoundingClientRect().top < innerHeight`)

	p.follow(`footer a[href$="/search/"]`, "form")
	p.do("search", chromedp.SendKeys(chromedp.CSS("input[name=q]"), "图书馆\n"), chromedp.WaitReady(chromedp.CSS(".found")))
	p.wait("it is found", `document.querySelector(".found mark")?.textContent === "图书馆" && document.querySelectorAll(".found li").length === 1`)
	p.follow(".found a", `html[lang="zh-Hans"]`)
	p.wait("it leads there", `document.documentElement.lang === "zh-Hans" && decodeURIComponent(location.hash) === "#s-值得关注"`)

	p.quietConsole() // so far; a page that is gone is an error to a console

	if got := runWith(t, nil, "", "withdraw", "--database", database, "13"); got.failure != nil {
		t.Fatal(got.failure)
	}
	p.do("reload", chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("footer")))
	p.wait("the issue is gone", `document.querySelector("h1").textContent === "There is no such page."`)
}

// On a phone nothing is wider than the window, light or dark, and Arabic is read from right to
// left.
func TestBrowserArchivePhone(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	browser := findBrowser(t)
	picture, options := pictures(t)
	address, _ := publicArchive(t, picture)
	for _, dark := range []bool{false, true} {
		t.Run(fmt.Sprintf("dark %t", dark), func(t *testing.T) {
			p := newBrowser(t, browser, "en", append(options, chromedp.Flag("force-dark-mode", dark))...)
			p.do("resize", chromedp.EmulateViewport(360, 740, chromedp.EmulateScale(screenshotScale), chromedp.EmulateMobile))
			for _, path := range []string{"", "all/", "feeds/", "search/?q=library", "issues/12/", "issues/13/", "issues/14/", "nothing"} {
				p.goTo(address + path)
				p.wait("everything fits on "+path, `document.documentElement.scrollWidth <= innerWidth && innerWidth === 360 &&
					[...document.querySelectorAll("body *")].every((e) => e.closest("pre, .wide") || e.getBoundingClientRect().right <= innerWidth + 0.5)`)
				p.wait("the colours are right", fmt.Sprintf(`(getComputedStyle(document.body).backgroundColor === "rgb(21, 25, 29)") === %t`, dark))
			}
			p.goTo(address + "issues/14/")
			p.wait("it is from right to left", `getComputedStyle(document.querySelector("h1")).direction === "rtl" && getComputedStyle(document.querySelector("footer")).direction === "ltr"`)
			p.goTo(address + "issues/13/")
			p.wait("a neighbour with a long title leaves room for the other", `[...document.querySelectorAll(".turn a")].every((a) => a.getBoundingClientRect().width > innerWidth / 3)`)
			p.goTo(address + "issues/12/")
			p.wait("the table scrolls by itself", `document.querySelector(".wide").scrollWidth > document.querySelector(".wide").clientWidth`)
		})
	}
}
