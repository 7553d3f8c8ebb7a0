package bot

import (
	"strings"
	"testing"
	"time"
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
	c, err := newCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	commands := (&Bot{}).commandTable()
	meaning := make(map[string]string)
	for _, tag := range c.tags {
		s := c.speakerOf(tag, time.UTC)
		for _, name := range wordCommands {
			if commands[name].run == nil || commands[name].admin {
				t.Errorf("%q is no command of readers", name)
			}
			for word := range strings.SplitSeq(s.plain("words."+name), ",") {
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
	if got := readWords(c); len(got) != len(meaning) {
		t.Errorf("readWords finds %d words, want %d", len(got), len(meaning))
	}
}

func TestPatience(t *testing.T) {
	p := newPatience(2)
	start := time.Unix(1000, 0)
	for i, step := range []struct {
		after time.Duration // since the start
		want  patienceVerdict
	}{
		{0, answerIt}, {0, answerIt}, {time.Second, sayTooFast}, {time.Second, passOver}, {59 * time.Second, passOver},
		{60 * time.Second, answerIt}, {60 * time.Second, answerIt}, {61 * time.Second, passOver}, // still too fast
		{120 * time.Second, answerIt}, {181 * time.Second, answerIt}, {182 * time.Second, answerIt}, // a slow minute
		{183 * time.Second, sayTooFast},
		{400 * time.Second, answerIt}, {400 * time.Second, answerIt}, {400 * time.Second, sayTooFast}, // after silence
	} {
		if got := p.judge(1, start.Add(step.after)); got != step.want {
			t.Errorf("step %d, after %s: %d, want %d", i, step.after, got, step.want)
		}
	}
	if got := p.judge(2, start); got != answerIt {
		t.Errorf("somebody else: %d, want an answer", got)
	}
}

// Many strangers do not fill the memory, and do not free a flooder.
func TestPatienceForgets(t *testing.T) {
	p := newPatience(1)
	start := time.Unix(1000, 0)
	for who := range int64(3 * maxAskers) {
		p.judge(who, start.Add(time.Duration(who)*100*time.Millisecond))
		if n := len(p.spans); n > maxAskers {
			t.Fatalf("%d people are remembered, want at most %d", n, maxAskers)
		}
	}
	for who := range int64(3 * maxAskers) { // all at once
		p.judge(-who, start)
		if n := len(p.spans); n > maxAskers {
			t.Fatalf("%d people are remembered, want at most %d", n, maxAskers)
		}
	}
}

func TestHintsForget(t *testing.T) {
	h := newHints()
	now := time.Unix(1000, 0)
	for chat := range int64(2 * maxHinted) {
		if !h.due(chat, now) {
			t.Fatalf("chat %d has been given a hint", chat)
		}
		if n := len(h.given); n > maxHinted {
			t.Fatalf("%d chats are remembered, want at most %d", n, maxHinted)
		}
	}
}
