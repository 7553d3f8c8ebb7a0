package talk

import (
	"slices"
	"testing"
)

func TestCallbackData(t *testing.T) {
	for n := range 4 {
		a := ActMergeFrom                             // the longest
		numbers := slices.Repeat([]int64{1 << 40}, n) // ids are row numbers
		data := callbackData(a, numbers...)
		if len(data) > 64 { // core.telegram.org/bots/api#inlinekeyboardbutton
			t.Errorf("%q has %d bytes, want at most 64", data, len(data))
		}
		gotAction, gotNumbers, ok := ParseCallback(data)
		if !ok || gotAction != a || !slices.Equal(gotNumbers, numbers) {
			t.Errorf("parseCallback(%q) = %s, %v, %t", data, gotAction, gotNumbers, ok)
		}
	}
}

func FuzzParseCallback(f *testing.F) {
	for n := range 4 {
		f.Add(callbackData(ActMute, slices.Repeat([]int64{7}, n)...))
	}
	f.Add("1:mute:01:1:0")
	f.Fuzz(func(t *testing.T, data string) {
		a, numbers, ok := ParseCallback(data)
		if ok && callbackData(a, numbers...) != data {
			t.Errorf("parseCallback(%q) accepts what callbackData writes as %q", data, callbackData(a, numbers...))
		}
	})
}
