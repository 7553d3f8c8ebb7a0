package bot

import "testing"

func TestEveryActionIsDone(t *testing.T) {
	table := (&Bot{}).pressTable()
	for a := range arguments {
		if table[a].run == nil {
			t.Errorf("nothing happens when a button %q is pressed", a)
		}
	}
	if len(table) != len(arguments) {
		t.Errorf("there are %d actions to press and %d to parse", len(table), len(arguments))
	}
}
