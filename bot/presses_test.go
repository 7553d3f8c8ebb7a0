package bot

import (
	"testing"

	"digestbot/bot/talk"
)

func TestEveryActionIsDone(t *testing.T) {
	table := (&Bot{}).pressTable()
	for a := range talk.Arguments {
		if table[a].run == nil {
			t.Errorf("nothing happens when a button %q is pressed", a)
		}
	}
	if len(table) != len(talk.Arguments) {
		t.Errorf("there are %d actions to press and %d to parse", len(table), len(talk.Arguments))
	}
}
