package digest

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest/dates"
	"digestbot/digest/numerals"
)

// Ordinal is the number in front of a heading or an item.
type Ordinal struct {
	Value int
	Kind  rune // how it is written: '一', '1', '(', '①' or 'Ⅰ'
}

// ordinalRunes are the characters an ordinal may begin with.
const ordinalRunes = "0123456789０１２３４５６７８９" + numerals.HanDigits + "十（(IVXⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ" +
	"①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛" +
	"❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"

var (
	bracketOrdinal = regexp.MustCompile(`^[（(]\s*([0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})\s*[)）][ 、.．]*`)
	digitOrdinal   = regexp.MustCompile(`^([0-9０-９]{1,3})\s*(、|[.．)）])\s*`)
	paddedOrdinal  = regexp.MustCompile(`^(0[0-9])\s*([ |｜/])\s*`)
	chineseOrdinal = regexp.MustCompile(`^([一二三四五六七八九十]{1,3})\s*[、.．：:]\s*`)
	romanOrdinal   = regexp.MustCompile(`^([IVX]{1,5})(?:[.．]\s+|、\s*)`)
	romanSign      = regexp.MustCompile(`^([Ⅰ-Ⅻ])[.．、\s]*`)
)

// CutOrdinal separates the ordinal in front of a text from the rest. An ordinal
// is short and ends with punctuation of its own: the digits of a name, a version,
// a count, a date or the number of a request are none.
func CutOrdinal(text string) (Ordinal, string, bool) {
	text = strings.TrimLeft(text, " \u3000\u00a0")
	if first, _ := utf8.DecodeRuneInString(text); !strings.ContainsRune(ordinalRunes, first) {
		return Ordinal{}, text, false
	}
	if n, size := enclosed(text); n > 0 {
		return Ordinal{n, '①'}, strings.TrimLeft(text[size:], " 、.．"), true
	}
	if m := bracketOrdinal.FindStringSubmatch(text); m != nil {
		return Ordinal{numeral(m[1]), '('}, text[len(m[0]):], true
	}
	if m := digitOrdinal.FindStringSubmatch(text); m != nil && endsOrdinal(m[0], m[2], text[len(m[0]):]) && !dates.BeginsWithDay(text) {
		return Ordinal{numeral(m[1]), '1'}, text[len(m[0]):], true
	}
	if m := paddedOrdinal.FindStringSubmatch(text); m != nil && !isNumberedDay(m[2], text[len(m[0]):]) && !dates.BeginsWithDay(text) {
		return Ordinal{numeral(m[1]), '1'}, text[len(m[0]):], true
	}
	if m := chineseOrdinal.FindStringSubmatch(text); m != nil && !enumerates(m[1], text[len(m[0]):]) {
		return Ordinal{numeral(m[1]), '一'}, text[len(m[0]):], true
	}
	if m := romanSign.FindStringSubmatch(text); m != nil {
		r, _ := utf8.DecodeRuneInString(m[1])
		return Ordinal{int(r-'Ⅰ') + 1, 'Ⅰ'}, text[len(m[0]):], true
	}
	if m := romanOrdinal.FindStringSubmatch(text); m != nil {
		return Ordinal{roman(m[1]), 'Ⅰ'}, text[len(m[0]):], true
	}
	return Ordinal{}, text, false
}

// endsOrdinal reports whether a number with its mark is an ordinal, as in
// "1. Title" and "2.标题", and not as in "2.0 released" and "3.js".
func endsOrdinal(whole, mark, rest string) bool {
	if mark == "、" || mark == ")" || mark == "）" || strings.HasSuffix(whole, " ") || rest == "" {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return !unicode.IsDigit(r) && !unicode.IsLower(r)
}

// isNumberedDay reports whether a number with its mark is the day of a date without
// names, as in "04/10".
func isNumberedDay(mark, rest string) bool {
	return mark == "/" && rest != "" && numerals.IsDigit(rune(rest[0]))
}

// enumerates reports whether what looks like an ordinal begins an enumeration,
// as in "一、二线城市".
func enumerates(mark, rest string) bool {
	r, size := utf8.DecodeRuneInString(rest)
	if !strings.ContainsRune(numerals.HanDigits, r) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest[size:])
	return numeral(string(r)) == numeral(mark)+1 && !strings.ContainsRune("、.．", next)
}

// enclosed reads numbers in circles, brackets and with full stops.
func enclosed(text string) (n, size int) {
	r, size := utf8.DecodeRuneInString(text)
	for _, block := range []struct{ first, last rune }{
		{'①', '⑳'}, {'⑴', '⒇'}, {'⒈', '⒛'}, {'❶', '❿'}, {'➀', '➉'}, {'➊', '➓'}, {'㈠', '㈩'}, {'㊀', '㊉'},
	} {
		if r >= block.first && r <= block.last {
			return int(r-block.first) + 1, size
		}
	}
	return 0, 0
}

// numeral reads digits, also full-width, or a Chinese numeral.
func numeral(s string) int {
	if n, err := strconv.Atoi(numerals.Plain(s)); err == nil {
		return n
	}
	n, _ := numerals.ReadHan(s)
	return n
}

func roman(s string) int {
	values := map[byte]int{'I': 1, 'V': 5, 'X': 10}
	n := 0
	for i := range len(s) {
		v := values[s[i]]
		if i+1 < len(s) && values[s[i+1]] > v {
			v = -v
		}
		n += v
	}
	return n
}
