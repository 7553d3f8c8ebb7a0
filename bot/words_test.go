package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/talk"
)

func TestTypos(t *testing.T) {
	for _, test := range []struct {
		from, to string
		want     int
	}{
		{"", "", 0}, {"help", "help", 0}, {"", "help", 4}, {"help", "", 4},
		{"hlep", "help", 1}, {"hepl", "help", 1}, {"hel", "help", 1}, {"helpp", "help", 1}, {"halp", "help", 1},
		{"sectons", "sections", 1}, {"sectoins", "sections", 1}, {"latest", "status", 4}, {"ca", "abc", 3},
		{strings.Repeat("a", 65), "help", 64},
	} {
		if got := typos(test.from, test.to); got != test.want {
			t.Errorf("typos(%q, %q) = %d, want %d", test.from, test.to, got, test.want)
		}
	}
}

func FuzzTypos(f *testing.F) {
	f.Add("sectons", "sections")
	f.Add("订阅", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		d := typos(a, b)
		if d != typos(b, a) {
			t.Errorf("typos(%q, %q) = %d, and %d the other way round", a, b, d, typos(b, a))
		}
		if len(a) > maxTyped || len(b) > maxTyped {
			return
		}
		if (d == 0) != (a == b) || d > max(len(a), len(b)) || d < max(len(a), len(b))-min(len(a), len(b)) {
			t.Errorf("typos(%q, %q) = %d", a, b, d)
		}
	})
}

// Every word means one command, and the commands are there.
func TestWordsMeanOneCommand(t *testing.T) {
	c, err := talk.NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	commands := idleBot(t).commandTable()
	meaning := make(map[string]string)
	for _, tag := range c.Tags {
		s := c.SpeakerOf(tag, time.UTC)
		for _, name := range wordCommands {
			if commands[name].run == nil || commands[name].by >= botEditors {
				t.Errorf("%q is no command of readers", name)
			}
			for word := range strings.SplitSeq(s.Plain("words."+name), ",") {
				key := wordKey(word)
				if key == "" || len(strings.TrimSpace(word)) > maxWord {
					t.Errorf("%s: %q is no word for /%s", tag, word, name)
				}
				if other := meaning[key]; other != "" && other != name {
					t.Errorf("%s: %q means /%s and /%s", tag, word, name, other)
				}
				meaning[key] = name
			}
		}
	}
	if got := readPhrases(c).words; len(got) != len(meaning) {
		t.Errorf("readPhrases finds %d words, want %d", len(got), len(meaning))
	}
}

func TestHints(t *testing.T) {
	h := newHints()
	now := time.Unix(1000, 0)
	for chat := range int64(2 * maxHinted) {
		if !h.due(chat, now) {
			t.Fatalf("chat %d has been given a hint", chat)
		}
		if h.due(chat, now.Add(hintEvery-1)) {
			t.Fatalf("chat %d is given a hint twice in %s", chat, hintEvery)
		}
	}
	last := int64(2*maxHinted - 1)
	if !h.due(last, now.Add(hintEvery)) {
		t.Errorf("a chat is given no hint after %s", hintEvery)
	}
	h.reset(last)
	if !h.due(last, now.Add(hintEvery)) {
		t.Error("a chat that has found a command is given no hint")
	}
}

// Whatever somebody writes is read as a command of readers or as none.
func FuzzPhrases(f *testing.F) {
	for _, text := range []string{"", "12", "第12期", "Issue #12", "pause 2 weeks", "暂停两周", "search for 图书", "搜索：图书", "／帮助", "取消", "no", "\xff"} {
		f.Add(text)
	}
	c, err := talk.NewCatalog("")
	if err != nil {
		f.Fatal(err)
	}
	p := readPhrases(c)
	f.Fuzz(func(t *testing.T, text string) {
		name, args, ok := p.read(text)
		if ok != slices.Contains(append(slices.Clone(wordCommands), "issue"), name) || !ok && args != "" {
			t.Errorf("read(%q) = %q, %q, %t", text, name, args, ok)
		}
		if name := p.within(text); name != "" && !slices.Contains(wordCommands, name) {
			t.Errorf("within(%q) = %q", text, name)
		}
	})
}
