package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserSearch finds something in the demo as a visitor would: with a
// command, and by typing the bot's name in a group, where the result is posted.
func TestBrowserSearch(t *testing.T) {
	t.Parallel()
	browser := findBrowser(t)
	p := browse(t, browser, startDemo(t))
	english, group := p.chat("Ann"), p.chat("River walkers")

	p.open(english, "")
	p.write("/search tram")
	p.waitFor("A quieter tram")
	p.click(`#messages [data-button="📰 11"]`)
	p.waitFor("《渡口的账本》")
	p.write("/latest 好文")
	p.wait("the section came again", `[...document.querySelectorAll("#messages .text")].filter((m) => m.textContent.includes("渡口的账本")).length > 1`)

	p.open(group, "")
	p.do("type", chromedp.SendKeys(chromedp.CSS("#text"), "@riverside_weekly_bot tram"))
	p.click("#commands [data-result]")
	p.wait("the result is posted", `[...document.querySelectorAll("#messages .text")].some((m) => m.textContent.includes("A quieter tram"))`)
	p.do("type", chromedp.SendKeys(chromedp.CSS("#text"), "@riverside_weekly_bot zeppelin"))
	p.click("#commands button:not([data-result])") // nothing is found
	p.waitFor("/search ")                          // how to search, in the private chat of who asked
	p.quietConsole()
}
