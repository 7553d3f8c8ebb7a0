package replies_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"digestbot/bot/replies"
	"digestbot/subscribers/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.InMemory(m)) }

func TestParseTarget(t *testing.T) {
	for text, want := range map[string]replies.Target{
		"": {}, " ": {}, "admins": {Admins: true}, "-100": {Chat: -100}, "-1001234567890/12": {Chat: -1001234567890, Topic: 12},
	} {
		if got, err := replies.ParseTarget(text); err != nil || got != want || got.IsOff() != (want == replies.Target{}) {
			t.Errorf("ParseTarget(%q) = %+v, %v, want %+v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"everybody": "neither admins nor the id", "@group": "neither", "0": "neither", "12": "id of a person", "-100/": "not the id of a topic",
		"-100/x": "not the id of a topic", "-100/0": "not the id of a topic", "-100/-1": "not the id of a topic", "-99999999999999999999": "neither", "/12": "neither",
	} {
		if got, err := replies.ParseTarget(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseTarget(%q) = %+v, %v, want an error with %q", text, got, err, want)
		}
	}
}

// A target that is understood is exactly what was written.
func FuzzParseTarget(f *testing.F) {
	for _, seed := range []string{"", "admins", "-1001234567890", "-1001234567890/12", "-1/", "12", "-0", "-1/0x1", "- 1", "-1/1/1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := replies.ParseTarget(text)
		if err != nil || got.IsOff() || got.Admins {
			return
		}
		again := fmt.Sprint(got.Chat)
		if got.Topic != 0 {
			again = fmt.Sprintf("%d/%d", got.Chat, got.Topic)
		}
		if same, err := replies.ParseTarget(again); err != nil || same != got || got.Chat >= 0 || got.Topic < 0 {
			t.Errorf("ParseTarget(%q) = %+v, and %q is %+v, %v", text, got, again, same, err)
		}
	})
}
