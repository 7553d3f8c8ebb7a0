package speed_test

import (
	"fmt"
	"time"

	"digestbot/bot/telegramsim/speed"
)

func ExampleLimiter() {
	limiter := speed.NewLimiter(speed.Limits{})
	start := time.Date(2026, 7, 31, 18, 0, 0, 0, time.UTC)
	for _, after := range []time.Duration{0, 0, 0, 0, 500 * time.Millisecond, time.Second} {
		v := limiter.Accept(start.Add(after), 1001, false)
		fmt.Println(after, "wait:", v.Wait, "early:", v.Early)
	}
	// Output:
	// 0s wait: 0s early: false
	// 0s wait: 0s early: false
	// 0s wait: 0s early: false
	// 0s wait: 1s early: false
	// 500ms wait: 1s early: true
	// 1s wait: 0s early: false
}
