package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserGroupSettings is an admin who chooses a group's sections: nobody
// else in the group sees the keyboard.
func TestBrowserGroupSettings(t *testing.T) {
	t.Parallel()
	browser := findBrowser(t)
	p := browse(t, browser, startDemo(t))
	admin, group := p.chat("Admin Mei"), p.chat("River walkers")

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

// speakAs chooses who writes in the open group, and sees it.
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
