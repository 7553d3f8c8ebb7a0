package telegramsim_test

import (
	"strings"
	"testing"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
)

// BenchmarkSend is one message of some length through the real client, in the process.
func BenchmarkSend(b *testing.B) {
	sim := telegramsim.ForTest(b, telegramsim.Options{ImplicitChats: true, Forget: true, Limits: speed.Limits{Off: true}})
	defer sim.Close()
	client := newBot(b, sim)
	text := strings.Repeat("<b>Title</b>\nSome words about it, with a <a href=\"https://e.example/a\">link</a>.\n\n", 15)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := send(b.Context(), client, int64(1+i%10_000), text); err != nil {
			b.Fatal(err)
		}
	}
}
