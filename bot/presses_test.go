package bot

import (
	"log/slog"
	"testing"

	"digestbot/bot/talk"
)

func TestEveryActionIsDone(t *testing.T) {
	table := idleBot(t).pressTable()
	for a := range talk.Arguments {
		if table[a].run == nil {
			t.Errorf("nothing happens when a button %q is pressed", a)
		}
	}
	if len(table) != len(talk.Arguments) {
		t.Errorf("there are %d actions to press and %d to parse", len(table), len(talk.Arguments))
	}
}

// idleBot returns a Bot that talks to nobody.
func idleBot(t *testing.T) *Bot {
	t.Helper()
	b, err := New(Config{Token: "123456:AAtoken", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
