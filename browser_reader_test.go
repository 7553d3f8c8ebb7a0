package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserReader is a new reader who looks at everything there is: from
// START to a pause.
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

	p.setLayout("📰 版式", "简洁")
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

// TestBrowserLayoutPictures is a reader who tries each layout; its pictures are those
// of the README.
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

	p.setLayout("📰 Layout", "Compact")
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

// phone makes the window as small as a phone.
func (p page) phone() {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(screenshotScale)))
	p.wait("the window is small", "innerWidth === 390")
}

// setLayout goes through the settings to a layout; texts are those of buttons.
func (p page) setLayout(menu, layout string) {
	p.t.Helper()
	p.write("/settings")
	p.tap(menu)
	p.tap(layout)
}

// button is a JavaScript expression for the last button in the open chat whose
// text begins with one.
func button(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#messages [data-button]")].findLast((b) => b.dataset.button.startsWith(%q))`, text)
}

func (p page) waitForButton(text string) {
	p.t.Helper()
	p.wait("there is a button "+text, button(text))
}

// tap presses the last button whose text begins with one, when it is there.
func (p page) tap(text string) {
	p.t.Helper()
	p.waitForButton(text)
	evaluate[chromedp.Void](p, fmt.Sprintf(`void (() => {
		document.querySelector("[data-aim]")?.removeAttribute("data-aim");
		%s.dataset.aim = "";
	})()`, button(text)))
	p.click("[data-aim]")
}
