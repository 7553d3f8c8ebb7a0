package delivery_test

import (
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// When all other chats are done, no chat has several messages left to get: a chat takes
// only one a second, so slots would stay unused.
func TestNoChatIsLeftForLast(t *testing.T) {
	for _, readers := range []int{170, 230} {
		synctest.Test(t, func(t *testing.T) {
			var times []time.Time
			w := newWorld(t, telegramsim.Options{OnSend: func(m telegramsim.Message) { times = append(times, m.Date) }}, 30)
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 70 * time.Millisecond, MaxDelay: 90 * time.Millisecond})
			w.readers(readers)
			w.start()
			w.await(w.broadcast(w.issue(1)), subscribers.Done)
			if last := times[len(times)-1].Sub(times[len(times)-61]); last > 2200*time.Millisecond {
				t.Errorf("%d readers: the last 60 messages took %v, want little more than 2 s", readers, last)
			}
		})
	}
}
