package bot

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"digestbot/bot/reader"
	"digestbot/bot/talk"
	"digestbot/bot/times"
	"digestbot/digest"
)

// People write words where a bot expects commands, and mistype commands.

// wordCommands are the commands for which a word is enough, alone in a message to the
// bot: the texts "words.<name>" have the words, separated by commas. Everybody may use
// the words of all languages.
var wordCommands = []string{
	"start", "subscribe", "unsubscribe", "pause", "resume", "sections", "latest", "issues", "search", "settings", "time", "forget", "help",
}

// meantCommands are the commands whose words in a sentence mean the command. The others
// have words that are said of what somebody looks for.
var meantCommands = []string{"subscribe", "unsubscribe", "pause", "resume", "settings", "forget"}

// maxWord is the length of the longest word, in bytes.
const maxWord = 64

// phrases are what people write instead of commands.
type phrases struct {
	words   map[string]string // the command of every word, by its wordKey
	meant   []string          // those that mean their command in a sentence, too, in their order
	search  []string          // the words before what is to be found, the longest first
	lengths *times.Lengths
}

func readPhrases(c *talk.Catalog) phrases {
	p := phrases{words: make(map[string]string), lengths: times.ReadLengths(c)}
	for _, tag := range c.Tags {
		s := c.SpeakerOf(tag, nil)
		for _, name := range wordCommands {
			for _, word := range s.List("words." + name) {
				p.words[wordKey(word)] = name
				if name == "search" {
					p.search = append(p.search, word)
				}
			}
		}
	}
	for _, word := range slices.Sorted(maps.Keys(p.words)) {
		if slices.Contains(meantCommands, p.words[word]) && utf8.RuneCountInString(word) > 1 {
			p.meant = append(p.meant, word)
		}
	}
	slices.SortFunc(p.search, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return p
}

// read returns the command that a text stands for, with what follows the command: a word
// of its own, the number of an issue, a pause of some length, or words to search for.
func (p phrases) read(text string) (name, args string, ok bool) {
	text = strings.TrimSpace(strings.TrimLeft(text, "/／"))
	if name, ok := p.words[wordKey(text)]; ok {
		return name, "", true
	}
	if number, ok := reader.IssueNumber(text); ok {
		return "issue", number, true
	}
	if p.lengths.IsPause(text) {
		return "pause", text, true
	}
	for _, word := range p.search {
		if len(text) <= len(word) || !strings.EqualFold(text[:len(word)], word) {
			continue
		}
		if rest := text[len(word):]; strings.TrimLeft(rest, " :：") != rest {
			return "search", strings.TrimLeft(rest, " :："), true
		}
	}
	return "", "", false
}

// maxQuestion is the length of the longest text, in bytes, in which words of commands are
// looked for.
const maxQuestion = 400

// within returns the command that a sentence is about, by its word in it; empty: none.
func (p phrases) within(text string) string {
	if len(text) > maxQuestion {
		return ""
	}
	text = strings.ToLower(text)
	var keys []string
	for word := range strings.FieldsSeq(text) {
		keys = append(keys, wordKey(word))
	}
	for _, word := range p.meant {
		found := strings.Contains(text, word)
		if word[0] < utf8.RuneSelf { // a language with spaces between words
			found = slices.Contains(keys, word)
		}
		if found {
			return p.words[word]
		}
	}
	return ""
}

// wordKey returns a word without what does not matter: case, width, punctuation and
// emoji, as in headings.
func wordKey(text string) string {
	if len(text) > maxWord {
		return ""
	}
	return digest.SectionKey(text)
}

// suggest returns the command that a person who typed an unknown one probably meant;
// empty: it may be any. It suggests only commands that the person may know of.
func (b *Bot) suggest(typed string, admin bool) string {
	if name := b.phrases.words[wordKey(typed)]; name != "" {
		return name
	}
	best, nearest := "", allowedTypos(typed)+1
	for _, name := range slices.Sorted(maps.Keys(b.commands)) {
		if b.commands[name].by >= botEditors && !admin {
			continue
		}
		d := typos(typed, name)
		if len(typed) >= minPrefix && strings.HasPrefix(name, typed) || len(name) > minPrefix && strings.HasPrefix(typed, name) {
			d = min(d, 1) // cut off, or with its argument stuck to it
		}
		if d < nearest {
			best, nearest = name, d
		}
	}
	return best
}

// minPrefix is how many first letters of a command suggest it.
const minPrefix = 3

// allowedTypos is how many mistakes there may be in a word. In a short word, two make
// another word.
func allowedTypos(word string) int {
	if len(word) <= 5 {
		return 1
	}
	return 2
}

// maxTyped bounds the work on what somebody typed; commands are up to 32 long
// (core.telegram.org/bots/api#botcommand).
const maxTyped = 64

// typos returns how many letters have to be added, removed, replaced or swapped with the
// next one to turn a word of ASCII letters into another (optimal string alignment); for
// very long words it returns a large number.
func typos(from, to string) int {
	if len(from) > maxTyped || len(to) > maxTyped {
		return maxTyped
	}
	before, last := make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(from); i++ {
		row := make([]int, len(to)+1)
		row[0] = i
		for j := 1; j <= len(to); j++ {
			replaced := last[j-1]
			if from[i-1] != to[j-1] {
				replaced++
			}
			row[j] = min(last[j]+1, row[j-1]+1, replaced)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(to)]
}
