package talk_test

import (
	"fmt"
	"time"

	"digestbot/bot/talk"
)

// A Speaker says things in the language of a reader's app.
func ExampleCatalog() {
	catalog, err := talk.NewCatalog("") // English for all whose language has no texts
	if err != nil {
		panic(err)
	}
	for _, tag := range []string{"en", "zh-hans", "de"} {
		s := catalog.Speaker(tag, time.UTC)
		fmt.Println(s.Plain("count.messages", talk.Values{"Count": 1234}))
	}
	// Output:
	// 1,234 messages
	// 1,234 条消息
	// 1,234 messages
}

// A Memory saves asking Telegram for a minute.
func ExampleMemory() {
	admins := talk.NewMemory[int64, bool](10_000, time.Minute)
	now := time.Now()
	admins.Keep(7, true, now)
	for _, later := range []time.Duration{time.Second, time.Minute} {
		admin, known := admins.Find(7, now.Add(later))
		fmt.Println(admin, known)
	}
	// Output:
	// true true
	// false false
}

// A person who asks for too much is told so once.
func ExamplePatience() {
	p := talk.NewPatience(1)
	for range 3 {
		switch p.Judge(7, time.Now()) {
		case talk.WithinLimit:
			fmt.Println("here is the answer")
		case talk.TooFast:
			fmt.Println("slow down")
		case talk.StillTooFast:
		}
	}
	// Output:
	// here is the answer
	// slow down
}
