package talk

import (
	"slices"
	"testing"
)

func TestCallbackData(t *testing.T) {
	for n := range 4 {
		// The longest action; ids are row numbers.
		want := Callback{Action: ActMergeFrom, Numbers: slices.Repeat([]int64{1 << 40}, n)}
		if n < 2 {
			want.Channel = -1000000000000 - 1<<40
		}
		data := want.data()
		if len(data) > 64 { // core.telegram.org/bots/api#inlinekeyboardbutton
			t.Errorf("%q has %d bytes, want at most 64", data, len(data))
		}
		got, ok := ParseCallback(data)
		if !ok || got.Action != want.Action || !slices.Equal(got.Numbers, want.Numbers) || got.Channel != want.Channel {
			t.Errorf("ParseCallback(%q) = %+v, %t, want %+v", data, got, ok, want)
		}
	}
}

func FuzzParseCallback(f *testing.F) {
	for n := range 4 {
		f.Add(Callback{Action: ActMute, Numbers: slices.Repeat([]int64{7}, n)}.data())
	}
	f.Add("1:mute:01:1:0")
	f.Add("1:set@1001")
	f.Add("1:set@-1")
	f.Fuzz(func(t *testing.T, data string) {
		c, ok := ParseCallback(data)
		if ok && c.data() != data {
			t.Errorf("ParseCallback(%q) accepts what is written as %q", data, c.data())
		}
	})
}
