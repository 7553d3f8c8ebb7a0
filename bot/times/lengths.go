// Package times reads the lengths and times that people write, in all languages there are
// texts in.
package times

import (
	"cmp"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"digestbot/bot/talk"
)

// Lengths reads the lengths of pauses as people write them, in all languages there are
// texts in: "3w", "half a year", "two weeks", "两个月", "一个半月". Numbers in words are English
// or Chinese.
type Lengths struct {
	days  map[string]int // by unit
	part  *regexp.Regexp // a number and a unit
	asks  *regexp.Regexp // what begins with it asks for a pause
	start *regexp.Regexp // what may stand before a length
}

// Bounds of a pause, in days.
const (
	MinPause = 1
	MaxPause = 365
)

// unitDays are the units in days. Months and years are approximate: people are told the
// day.
var unitDays = map[string]int{"day": 1, "week": 7, "month": 30, "year": 365}

// lengthWords are numbers in words.
var lengthWords = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
	"seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}

// ReadLengths reads the units, and the words for a pause, from the texts.
func ReadLengths(c *talk.Catalog) *Lengths {
	l := &Lengths{days: map[string]int{"fortnight": 14, "fortnights": 14}}
	words := []string{"stop", "停"}
	for _, tag := range c.Tags {
		s := c.SpeakerOf(tag, nil)
		for unit, days := range unitDays {
			for _, name := range s.List("length." + unit) {
				l.days[strings.ToLower(name)] = days
			}
		}
		for _, word := range s.List("words.pause") {
			words = append(words, strings.ToLower(word))
		}
	}
	l.part = regexp.MustCompile(`^(?:and |,|、|又|零)?\s*` +
		`(?:(half)(?: an?)?|([0-9]{1,4})|([〇一二两兩三四五六七八九十百][零〇一二两兩三四五六七八九十百]{0,6})|` +
		`(` + oneOf(maps.Keys(lengthWords)) + `))?` +
		`\s*[个個]?(半?)[个個]?\s*(` + oneOf(maps.Keys(l.days)) + `)\s*`)
	asks := oneOf(slices.Values(words))
	l.asks = regexp.MustCompile(`^(?:` + asks + `)`)
	l.start = regexp.MustCompile(`^(?:(?:` + asks + `) ?)?(?:for )?\s*`)
	return l
}

// oneOf is the pattern of one of several words, the longest that fits.
func oneOf(words iter.Seq[string]) string {
	all := slices.SortedFunc(words, func(x, y string) int { return cmp.Or(cmp.Compare(len(y), len(x)), cmp.Compare(x, y)) })
	for n := range all {
		all[n] = regexp.QuoteMeta(all[n])
	}
	return strings.Join(all, "|")
}

// IsPause reports whether a text asks for a pause and says how long: "pause for 2 weeks",
// "暂停两周".
func (l *Lengths) IsPause(text string) bool {
	_, ok := l.Parse(text)
	return ok && l.asks.MatchString(lengthKey(text))
}

// lengthKey is a text without what makes no difference.
func lengthKey(text string) string {
	return strings.ToLower(strings.TrimRight(strings.TrimSpace(width.Fold.String(text)), ".!。"))
}

// Parse reads the length of a pause. ok is false for a text that is no length of time, or
// not between MinPause and MaxPause.
func (l *Lengths) Parse(text string) (days int, ok bool) {
	const longest = 100 // bytes; nobody needs more
	if len(text) > longest {
		return 0, false
	}
	text = lengthKey(text)
	text = text[len(l.start.FindString(text)):]
	var halves int // halves of days
	for text != "" {
		part := l.part.FindStringSubmatch(text)
		if part == nil {
			return 0, false
		}
		number, ok := halvesOf(part)
		if !ok {
			return 0, false
		}
		halves += number * l.days[part[6]]
		text = text[len(part[0]):]
	}
	days = halves / 2
	return days, days >= MinPause && days <= MaxPause
}

// halvesOf returns twice the number of a part of a length.
func halvesOf(part []string) (halves int, ok bool) {
	half, digits, han, word, andHalf := part[1], part[2], part[3], part[4], part[5]
	if andHalf != "" {
		halves = 1
	}
	switch {
	case half != "":
		halves++
	case digits != "":
		n, err := strconv.Atoi(digits)
		return halves + 2*n, err == nil
	case han != "":
		halves += 2 * hanNumber(han)
	case word != "":
		halves += 2 * lengthWords[word]
	}
	return halves, halves > 0
}

// hanNumber reads a number such as 十二, 二十 or 一百零五.
func hanNumber(text string) int {
	digits := map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '兩': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	sum, digit := 0, 0
	for _, r := range text {
		switch r {
		case '十':
			sum, digit = sum+10*max(digit, 1), 0
		case '百':
			sum, digit = sum+100*max(digit, 1), 0
		default:
			digit = 10*digit + digits[r]
		}
	}
	return sum + digit
}
