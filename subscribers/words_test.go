package subscribers_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/search"
)

// wordsOf makes words of texts; those after a star are highlighted.
func wordsOf(t *testing.T, texts ...string) (words []subscribers.Word) {
	t.Helper()
	for _, text := range texts {
		bare, highlight := strings.CutPrefix(text, "*")
		w, ok := subscribers.NewWord(bare, highlight)
		if !ok {
			t.Fatalf("nothing in %q can be found", text)
		}
		words = append(words, w)
	}
	return words
}

// A word is found as a search would find it, but only as a whole.
func TestVerdict(t *testing.T) {
	const text = "Ｎｅｗ: The RUST compiler, C++ and Node.js — 区块链技术与加密货币, Straße, naïve 🚀."
	for word, want := range map[string]bool{
		"rust": true, "Ｒｕｓｔ": true, "new": true, "compile": false, "rus": false, "rust compiler": true, "compiler rust": false, "the  rust": true,
		"c++": true, "c": false, "node.js": true, "链": true, "区块链": true, "块区": false, "加密": true, "strasse": true, "STRASSE": true,
		"🚀": true, "compiler c++": true, "node": true,
	} {
		to := subscribers.Recipient{Words: wordsOf(t, word)}
		if got := to.Verdict(search.Fold(text)) == digest.Hide; got != want {
			t.Errorf("%q is found: %t, want %t", word, got, want)
		}
	}
	for _, test := range []struct {
		words []string
		want  digest.Verdict
	}{
		{nil, digest.Keep}, {[]string{"*rust"}, digest.Star}, {[]string{"*rust", "compiler"}, digest.Hide},
		{[]string{"compiler", "*rust"}, digest.Hide}, {[]string{"*go", "zig"}, digest.Keep},
	} {
		to := subscribers.Recipient{Words: wordsOf(t, test.words...)}
		if got := to.Verdict(search.Fold(text)); got != test.want {
			t.Errorf("%q: the verdict is %d, want %d", test.words, got, test.want)
		}
	}
	for _, text := range []string{"", " ", "…", "\u200b", "!?"} {
		if w, ok := subscribers.NewWord(text, false); ok {
			t.Errorf("%q is a word, %+v", text, w)
		}
	}
}

func TestWords(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 2)
	before := store.PreferenceChanges()
	check(t, store.AddWords(ctx, subs[0].ID, wordsOf(t, "Rust", "*Go")))
	check(t, store.AddWords(ctx, subs[0].ID, wordsOf(t, "*RUST")))
	check(t, store.AddWords(ctx, subs[1].ID, wordsOf(t, "rust")))
	if store.PreferenceChanges() == before {
		t.Error("words do not count as changes of preferences")
	}
	words := must(store.Words(ctx, subs[0].ID))(t)
	if len(words) != 2 || words[0].Text != "Rust" || !words[0].Highlight || words[1].Text != "Go" {
		t.Errorf("words are %+v, want Rust and Go, highlighted", words)
	}
	to := must(store.Recipients(ctx, subs[0].ID, subs[1].ID))(t)
	if len(to[subs[0].ID].Words) != 2 || len(to[subs[1].ID].Words) != 1 {
		t.Errorf("recipients are %+v", to)
	}
	if changed := must(store.RemoveWord(ctx, subs[1].ID, words[0].ID))(t); changed {
		t.Error("somebody has removed a word of another")
	}
	for _, want := range []bool{true, false} {
		if changed := must(store.RemoveWord(ctx, subs[0].ID, words[0].ID))(t); changed != want {
			t.Errorf("removed: %t, want %t", changed, want)
		}
	}
	if err := store.AddWords(ctx, 999, wordsOf(t, "x")); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("words of nobody: %v, want ErrNotFound", err)
	}
	var many []string
	for n := range subscribers.MaxWords {
		many = append(many, fmt.Sprint("w", n))
	}
	if err := store.AddWords(ctx, subs[0].ID, wordsOf(t, many...)); !errors.Is(err, subscribers.ErrTooManyWords) {
		t.Errorf("one too many: %v, want ErrTooManyWords", err)
	}
	if words := must(store.Words(ctx, subs[0].ID))(t); len(words) != 1 {
		t.Errorf("there are %d words, want none of those that were too many", len(words))
	}
	check(t, store.AddWords(ctx, subs[0].ID, wordsOf(t, many[1:]...)))
}
