package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserSearch finds something in the demo as a visitor would: with a
// command, and by typing the bot's name in a group, where the result is posted.
func TestBrowserSearch(t *testing.T) {
	browser := findBrowser(t)
	p := browse(t, browser, startDemo(t))
	english, group := p.chat("Ann"), p.chat("River walkers")

	p.open(english, "")
	p.write("/search ferry")
	p.waitFor("Ferry tickets now fit on your watch")
	p.click(`#messages [data-button="📰 12"]`)
	p.waitFor("Why small towns should publish their timetables")
	p.write("/latest 好文")
	p.wait("the section came again", `[...document.querySelectorAll("#messages .text")].filter((m) => m.textContent.includes("Why small towns")).length > 1`)

	p.open(group, "")
	p.do("type", chromedp.SendKeys(chromedp.CSS("#text"), "@riverside_weekly_bot ferry"))
	p.click("#commands [data-result]")
	p.wait("the result is posted", `[...document.querySelectorAll("#messages .text")].some((m) => m.textContent.includes("Ferry tickets"))`)
	p.do("type", chromedp.SendKeys(chromedp.CSS("#text"), "@riverside_weekly_bot zeppelin"))
	p.click("#commands button:not([data-result])") // nothing is found
	p.waitFor("/search ")                          // how to search, in the private chat of who asked
	p.quietConsole()
}
