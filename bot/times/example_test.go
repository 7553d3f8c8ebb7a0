package times_test

import (
	"fmt"
	"time"

	"digestbot/bot/talk"
	"digestbot/bot/times"
)

// Times and lengths as people write them, in any language.
func Example() {
	texts, err := talk.NewCatalog("en")
	if err != nil {
		panic(err)
	}
	for _, text := range []string{"Sunday 20:00", "8pm", "周日8点"} {
		day, minute, ok := times.Parse(texts, text, time.Friday)
		fmt.Println(day, minute/60, ok)
	}
	lengths := times.ReadLengths(texts)
	for _, text := range []string{"3w", "two weeks", "两个月", "soon"} {
		days, ok := lengths.Parse(text)
		fmt.Println(days, "days", ok)
	}
	// Output:
	// Sunday 20 true
	// Friday 20 true
	// Sunday 8 true
	// 21 days true
	// 14 days true
	// 60 days true
	// 0 days false
}
