package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserLayouts is a reader who chooses each layout in turn, unfolds a
// section of a compact message, and folds it up again.
func TestBrowserLayouts(t *testing.T) {
	browser := findBrowser(t)
	p := browse(t, browser, startDemo(t))
	p.open(p.chat("小林"), "")
	p.click("#start")
	p.click(`#messages [data-button="🔔 订阅"]`)
	p.waitFor("订阅成功")
	cover := weekly[0][0]

	p.chooseLayout("简洁")
	p.write("/latest")
	p.wait("the headlines are there", lastBubble+`.querySelector('[data-button="▾ ⭐ 值得关注"], [data-button^="▾ "]')`)
	p.wait("the cover's picture is there", `[...document.querySelectorAll("#messages img.picture")].some((i) => i.naturalWidth > 0)`)
	p.take(screenshot{"demo-compact.png", 390, 1240, cover})
	p.click(`#messages article:last-of-type .keys button[data-button^="▾ "]`)
	p.wait("the section is unfolded", lastBubble+`.querySelector('[data-button="‹ 返回目录"]') && !`+lastBubble+`.querySelector("img.picture")`)
	p.take(screenshot{"demo-unfolded.png", 390, 844, weekly[1][0]})
	p.click(`#messages [data-button="‹ 返回目录"]`)
	p.wait("the headlines are back", lastBubble+`.querySelector('[data-button^="▾ "]')`)
	p.wait("links have a mark", `document.querySelector('#messages [data-button="↗️ 分享"] .mark')`)

	p.chooseLayout("图文")
	p.write("/latest")
	p.wait("all rich messages are there", `document.querySelectorAll("#messages .rich").length === 6`)
	p.wait("pictures fit", `[...document.querySelectorAll("#messages .rich *")].every((e) => e.getBoundingClientRect().right <= innerWidth)`)
	p.click("#messages .rich summary")
	p.wait("it is open", `document.querySelector("#messages .rich details[open]")`)
	p.click("#messages .rich summary")
	p.take(screenshot{"demo-rich.png", 390, 1240, cover})
	p.quietConsole()
}

// lastBubble is the last message of the open chat.
const lastBubble = `[...document.querySelectorAll("#messages article")].at(-1)`

// chooseLayout chooses a layout in the settings of the open chat, in Chinese.
func (p page) chooseLayout(name string) {
	p.t.Helper()
	p.write("/settings")
	p.click(`#messages article:last-of-type [data-button="📰 版式"]`)
	p.click(`#messages article:last-of-type [data-button="` + name + `"]`)
	p.wait("the layout is chosen", lastBubble+`.textContent.includes("版式：`+name+`")`)
	if evaluate[bool](p, `document.querySelector("dialog").open`) {
		p.do("close the notice", chromedp.Click(chromedp.CSS("#alert-ok")))
	}
}
