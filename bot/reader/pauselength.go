package reader

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// Bounds of a pause, in days.
const (
	minPause = 1
	maxPause = 365
)

// lengthUnits are lengths of time in days. Months and years are approximate: people are
// told the day.
var lengthUnits = map[string]int{
	"d": 1, "day": 1, "days": 1, "天": 1, "日": 1,
	"w": 7, "wk": 7, "wks": 7, "week": 7, "weeks": 7, "周": 7, "週": 7, "星期": 7, "礼拜": 7, "禮拜": 7,
	"fortnight": 14, "fortnights": 14,
	"m": 30, "mo": 30, "mon": 30, "month": 30, "months": 30, "月": 30,
	"y": 365, "yr": 365, "year": 365, "years": 365, "年": 365,
}

// lengthWords are numbers in words.
var lengthWords = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
	"seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}

// lengthPart is a number and a unit at the beginning of a text: "3 weeks",
// "half a year", "两个月", "半年", "一个半月".
var lengthPart = regexp.MustCompile(`^(?:and |,|、|又|零)?\s*` +
	`(?:(half)(?: an?)?|([0-9]{1,4})|([〇一二两兩三四五六七八九十百][零〇一二两兩三四五六七八九十百]{0,6})|` +
	`(an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))?` +
	`\s*[个個]?(半?)[个個]?\s*` +
	`(days?|d|weeks?|wks?|w|fortnights?|months?|mon|mo|m|years?|yr|y|天|日|周|週|星期|礼拜|禮拜|月|年)\s*`)

// lengthStart is what may stand before a length of time.
var lengthStart = regexp.MustCompile(`^(?:for |暂停|暫停|停)?\s*`)

// parsePauseLength reads the length of a pause in English or Chinese, as people write it. ok is
// false for a text that is no length of time, or not between minPause and maxPause.
func parsePauseLength(text string) (days int, ok bool) {
	const longest = 100 // bytes; nobody needs more
	if len(text) > longest {
		return 0, false
	}
	text = strings.ToLower(strings.TrimRight(strings.TrimSpace(width.Fold.String(text)), ".!。"))
	text = text[len(lengthStart.FindString(text)):]
	var halves int // halves of days
	for text != "" {
		part := lengthPart.FindStringSubmatch(text)
		if part == nil {
			return 0, false
		}
		number, ok := halvesOf(part)
		if !ok {
			return 0, false
		}
		halves += number * lengthUnits[part[6]]
		text = text[len(part[0]):]
	}
	days = halves / 2
	return days, days >= minPause && days <= maxPause
}

// halvesOf returns twice the number of a lengthPart.
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
