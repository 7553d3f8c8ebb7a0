package dates

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// foundDate is a date made of the first marks of some.
type foundDate struct {
	day, other time.Time // other: the second reading; zero if there is one only
	size       int       // in marks
}

// What may stand between the marks of a date.
var (
	dayMonthGap   = regexp.MustCompile(`(?i)^(?:st|nd|rd|th|er|re|ª|º|°|-?a|-?е|-?го|:e)?\.?(?:-|_|/|\.|\s+(?:(?:of|de|di|do|من|ng|o)\s+|d\s?['’]\s?)?)$|^\.$`)
	monthYearGap  = regexp.MustCompile(`(?i)^[.׳॰]?[,،]?(?:-|_|/|\s+(?:(?:of|de|del|do|năm|พ\.ศ\.)\s+)?|)$`)
	monthDayGap   = regexp.MustCompile(`(?i)^[.׳॰]?(?:-|_|\s+(?:the\s+)?|)$`)
	dayYearGap    = regexp.MustCompile(`(?i)^(?:st|nd|rd|th|-?a)?\.?(?:[,،]\s*|-|_|\s+(?:of\s+|år\s+)?)$`)
	yearMonthGap  = regexp.MustCompile(`(?i)^(?:[.,]|\s?m\.|\.?\s?gada|\s?ж\.)?(?:\s+|-|_|/)$`)
	yearDayGap    = regexp.MustCompile(`(?i)^(?:\.?\s?gada|\s?ж\.)\s+$`)
	vietnameseGap = regexp.MustCompile(`(?i)^\s+(?:tháng|thang|thg)\s+$`)
	numericGap    = regexp.MustCompile(`^\s?[-/._–]\s?$|^\s?[年년月월]\s?$`)
	yearSignGap   = regexp.MustCompile(`^\s?[年년]\s?$`)
	monthSignGap  = regexp.MustCompile(`^\s?[月월]\s?$`)
	countedGap    = regexp.MustCompile(`^\.?\s*[-–—_]\s*$`)
	zoneGap       = regexp.MustCompile(`^ (?:[A-Z]{2,4} )?$`)
	rangeGap      = regexp.MustCompile(`(?i)^(?:st|nd|rd|th|日|일|\.)?(?:\s?[-–—~～〜至到]\s?|\s(?:to|through|until|bis|al|au|a|y|и|по|до|do|et|e|und|and|&)\s)$`)
	numericRange  = regexp.MustCompile(`^(?:[日일]\s?[-–—~～〜至到]\s?|\s?[~～〜至到–—]\s?|\s-\s)$`)
	tightRange    = regexp.MustCompile(`^(?:[日일]\s?[-–—~～〜至到]\s?|[~～〜至到–—])$`)
)

// maxGap is longer than everything that may stand between the marks of a date.
const maxGap = 24

func joined(gap *regexp.Regexp, text string) bool {
	return len(text) <= maxGap && gap.MatchString(text)
}

// dateAt reads a full date at the first of some marks.
func dateAt(marks []dateMark) (foundDate, bool) {
	for _, form := range []func([]dateMark) foundDate{compactForm, yearFirst, yearFirstNamed, dayFirst, monthFirst, clockForm, numericForm, shortForm} {
		if d := form(marks); !d.day.IsZero() {
			return d, true
		}
	}
	return foundDate{}, false
}

// compactForm reads 20261120, and 20261120093000.
func compactForm(marks []dateMark) foundDate {
	n := marks[0].value
	switch marks[0].digits {
	case 14:
		n /= 1e6
	case 8:
	default:
		return foundDate{}
	}
	if n < 2000_00_00 || n > 2100_00_00 {
		return foundDate{}
	}
	return foundDate{day: civil(n/10000, n/100%100, n%100), size: 1}
}

// yearFirst reads 2026-11-20 and 2026年11月20日.
func yearFirst(marks []dateMark) foundDate {
	if len(marks) < 3 || !marks[1].isMonthNumber() || !marks[2].isDay() || !joined(numericGap, marks[1].before) || !joined(numericGap, marks[2].before) {
		return foundDate{}
	}
	y := marks[0].value
	switch {
	case joined(yearSignGap, marks[1].before):
		y = marks[0].eraYear()
	case marks[0].digits != 4:
		return foundDate{}
	}
	return foundDate{day: civil(y, marks[1].value, marks[2].value), size: 3}
}

// yearFirstNamed reads "2026. november 20" and "2026. gada 20. novembris".
func yearFirstNamed(marks []dateMark) foundDate {
	if len(marks) < 3 || !marks[0].isYear() {
		return foundDate{}
	}
	y, second, third := marks[0], marks[1], marks[2]
	switch {
	case second.word != "" && third.isDay() && joined(yearMonthGap, second.before) && joined(monthDayGap, third.before):
		return foundDate{day: dayOf(y, second, third), size: 3}
	case second.isDay() && third.word != "" && joined(yearDayGap, second.before) && joined(dayMonthGap, third.before):
		return foundDate{day: dayOf(y, third, second), size: 3}
	}
	return foundDate{}
}

// eraYear returns the year of a number in front of 年, which counts from the
// beginning of an era if the era stands before it.
func (m dateMark) eraYear() int {
	for era, before := range map[string]int{"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911} {
		if strings.HasSuffix(strings.TrimSpace(m.before), era) && m.value < 200 {
			return before + m.value
		}
	}
	return m.value
}

// dayFirst reads "20 November 2026", "20Nov2026", "20 de noviembre de 2026" and "20 tháng 11 năm
// 2026".
func dayFirst(marks []dateMark) foundDate {
	if len(marks) < 3 || !marks[0].isDay() || marks[0].isCounted() || !marks[2].isYear() || !joined(monthYearGap, marks[2].before) {
		return foundDate{}
	}
	switch {
	case marks[1].word != "" && (joined(dayMonthGap, marks[1].before) || marks[0].digits == 2 && marks[1].before+marks[2].before == ""):
		month := marks[1]
		if strings.HasPrefix(month.word, "listopad") && strings.HasPrefix(month.before, ".") && !strings.HasSuffix(month.word, "u") {
			month.month.gregorian = 10 // in Croatian, which writes a full stop; it is November in Polish and Czech
		}
		return foundDate{day: dayOf(marks[2], month, marks[0]), size: 3}
	case marks[1].isMonthNumber() && joined(vietnameseGap, marks[1].before):
		return foundDate{day: civil(marks[2].value, marks[1].value, marks[0].value), size: 3}
	}
	return foundDate{}
}

// isCounted reports whether a number has a sign that makes it the number of an issue
// and no day, as in "#12 May 2026", or is part of a word.
func (m dateMark) isCounted() bool {
	before := strings.TrimRight(m.before, " ")
	for _, sign := range []string{"#", "№", "issue", "no.", "nº", "n°", "vol.", "episode", "第"} {
		if len(before) >= len(sign) && strings.EqualFold(before[len(before)-len(sign):], sign) {
			return true
		}
	}
	if before != m.before || before == "" {
		return false
	}
	last := before[len(before)-1]
	return last >= 'a' && last <= 'z' || last >= 'A' && last <= 'Z'
}

// monthFirst reads "November 20, 2026" and "Nov 16–22, 2026".
func monthFirst(marks []dateMark) foundDate {
	if len(marks) < 3 || marks[0].word == "" || !marks[1].isDay() || !joined(monthDayGap, marks[1].before) {
		return foundDate{}
	}
	last := 1
	if len(marks) > 3 && marks[2].isDay() && joined(rangeGap, marks[2].before) {
		last = 2
	}
	year := marks[last+1]
	if !year.isYear() || !joined(dayYearGap, year.before) {
		return foundDate{}
	}
	return foundDate{day: dayOf(year, marks[0], marks[last]), size: last + 2}
}

// clockForm reads "Fri Nov 20 09:30:00 UTC 2026", which programs print.
func clockForm(marks []dateMark) foundDate {
	if len(marks) < 6 || marks[0].word == "" || !marks[1].isDay() || marks[1].before != " " || marks[2].before != " " ||
		marks[3].before != ":" || marks[4].before != ":" || !joined(zoneGap, marks[5].before) || !marks[5].isYear() {
		return foundDate{}
	}
	return foundDate{day: dayOf(marks[5], marks[0], marks[1]), size: 6}
}

// numericForm reads 20.11.2026, 20/11/2026 and 11/20/2026. With full stops the day
// comes first; else it may be either number if both may be months.
func numericForm(marks []dateMark) foundDate {
	if len(marks) < 3 || !marks[0].isDay() || !marks[1].isDay() || marks[2].digits != 4 {
		return foundDate{}
	}
	sign := strings.TrimSpace(marks[1].before)
	if sign != strings.TrimSpace(marks[2].before) || sign != "." && sign != "/" && sign != "-" || len(marks[1].before)+len(marks[2].before) > 4 {
		return foundDate{}
	}
	if strings.TrimSpace(marks[0].before) == sign { // a version, an address or a phone number
		return foundDate{}
	}
	a, b, y := marks[0].value, marks[1].value, marks[2].value
	d := foundDate{day: civil(y, b, a), other: civil(y, a, b), size: 3}
	switch {
	case d.day.IsZero():
		d.day, d.other = d.other, time.Time{}
	case sign == "." || d.day.Equal(d.other):
		d.other = time.Time{}
	}
	return d
}

// shortForm reads the same with a year of two digits, and 26-11-20. Behind full stops and
// hyphens the year may come first or last: both readings count if both are days. After
// Chinese, Japanese or Korean words it comes first.
func shortForm(marks []dateMark) foundDate {
	if len(marks) < 3 || marks[0].isCounted() || marks[2].digits != 2 || !isSignedTriple(marks) {
		return foundDate{}
	}
	if day := shortYear(marks[0].value, marks[1].value, marks[2].value); !day.IsZero() && strings.ContainsFunc(marks[0].before, isEastAsian) {
		return foundDate{day: day, size: 3}
	}
	days := shortReadings(marks)
	if len(days) == 0 {
		return foundDate{}
	}
	d := foundDate{day: days[0], size: 3}
	if len(days) > 1 {
		d.other = days[1]
	}
	return d
}

// isSignedTriple reports whether the first three marks have one sign between them, and no
// more of them follow or come before: four numbers are an address or a version. Short
// numbers such as 1.2.26 are versions as well, unless the sign is a slash.
func isSignedTriple(marks []dateMark) bool {
	sign := marks[1].before
	switch {
	case sign != marks[2].before:
		return false
	case strings.HasSuffix(marks[0].before, sign) || len(marks) > 3 && marks[3].before == sign:
		return false
	case sign == "." || sign == "-":
		return marks[0].digits == 2 && marks[1].digits == 2
	}
	return sign == "/"
}

// shortReadings returns the different days that three numbers may mean of which one is a year
// of two digits. With full stops nobody writes the month first, and with slashes few the year.
func shortReadings(marks []dateMark) []time.Time {
	a, b, c := marks[0].value, marks[1].value, marks[2].value
	days := []time.Time{shortYear(c, b, a)}
	if marks[1].before != "." {
		days = append(days, shortYear(c, a, b))
	}
	if marks[1].before != "/" {
		days = append(days, shortYear(a, b, c))
	}
	return slices.CompactFunc(slices.DeleteFunc(days, time.Time.IsZero), time.Time.Equal)
}

// shortYear returns a day of a year of two digits; the zero time if there is no such day.
func shortYear(y, m, d int) time.Time {
	if y > maxShortYear {
		return time.Time{}
	}
	return civil(2000+y, m, d)
}

func isEastAsian(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}

// endOfRange returns the last day of a range that begins with a date, or the date.
func endOfRange(marks []dateMark, d foundDate) foundDate {
	rest := marks[d.size:]
	if len(rest) == 0 {
		return d
	}
	if joined(rangeGap, rest[0].before) {
		end, ok := dateAt(rest)
		if !end.day.After(d.day) && end.other.After(d.day) {
			end.day, end.other = end.other, time.Time{}
		}
		if ok && end.day.After(d.day) {
			end.size += d.size
			return end
		}
	}
	if d.size != 3 || !marks[0].isYear() || !joined(numericRange, rest[0].before) || !rest[0].isDay() {
		return d
	}
	if end := endInSameYear(rest, d.day); end.day.After(d.day) {
		return end
	}
	return d
}

// endInSameYear reads what follows the first day of a range as another of its year, which
// the end does not repeat: "11.20" or "20" behind "2026.11.14". It returns no day if there
// is none.
func endInSameYear(rest []dateMark, first time.Time) foundDate {
	switch {
	case len(rest) > 1 && rest[1].isDay() && joined(numericGap, rest[1].before):
		return foundDate{day: civil(first.Year(), rest[0].value, rest[1].value), size: 5}
	case joined(tightRange, rest[0].before): // or it is a count, as in "2026.11.14 - 20 boats"
		return foundDate{day: civil(first.Year(), int(first.Month()), rest[0].value), size: 4}
	}
	return foundDate{}
}

// partialDate returns how many marks make a date that lacks its day or year; 0: none
// do.
func partialDate(marks []dateMark) int {
	switch {
	case len(marks) < 2:
		return 0
	case lacksYear(marks[0], marks[1]):
		rangeOrYear := rangeGap
		if marks[1].word != "" {
			rangeOrYear = monthYearGap // a year of two digits, as in "18 Dec 26"
		}
		if len(marks) > 2 && marks[2].digits == 2 && joined(rangeOrYear, marks[2].before) {
			return 3
		}
		return 2
	case len(marks) > 2 && marks[0].isDay() && marks[1].isDay() && joined(rangeGap, marks[1].before) && lacksYear(marks[1], marks[2]):
		return 3
	case lacksDay(marks[0], marks[1]), isCountedMonth(marks[0], marks[1]):
		return 2
	}
	return 0
}

// lacksYear reports whether two marks are a day and a month, in any order.
func lacksYear(a, b dateMark) bool {
	return a.isDay() && b.inYear() && !a.isCounted() && joined(dayMonthGap, b.before) ||
		a.inYear() && b.isDay() && b.before != "" && joined(monthDayGap, b.before) ||
		a.isDay() && b.isDay() && joined(monthSignGap, b.before)
}

// lacksDay reports whether two marks are a month and a year, in any order.
func lacksDay(a, b dateMark) bool {
	return a.word != "" && b.isYear() && joined(monthYearGap, b.before) ||
		a.isYear() && b.word != "" && joined(yearMonthGap, b.before) ||
		a.isYear() && b.isMonthNumber() && joined(numericGap, b.before) ||
		a.isMonthNumber() && b.digits == 4 && b.isYear() && b.before == "/"
}

// isCountedMonth reports whether two marks are the number of a month and its name, as in
// "05 – May". Behind words it is the number of something else: "Letter 5 – May".
func isCountedMonth(a, b dateMark) bool {
	return a.isMonthNumber() && a.value == b.month.gregorian && joined(countedGap, b.before) && !strings.ContainsFunc(a.before, unicode.IsLetter)
}

// dayOf returns the day that a year, the name of a month and a day mean, in the
// calendar that month and year belong to.
func dayOf(year, named, dayOfMonth dateMark) time.Time {
	y := year.value
	switch {
	case y < 1500:
		return persianDate(y, named.month.persian, dayOfMonth.value)
	case y > 2400 && strings.ContainsFunc(named.word, func(r rune) bool { return unicode.Is(unicode.Thai, r) }):
		y -= 543 // the Thai year counts from the Buddha's death
	}
	return civil(y, named.month.gregorian, dayOfMonth.value)
}

// civil returns a day; the zero time if there is no such day.
func civil(y, m, d int) time.Time {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < earliestYear || y > 2100 || t.Day() != d || t.Month() != time.Month(m) {
		return time.Time{}
	}
	return t
}

// NamesDay reports whether a text has the day and the month of a date, such as "July
// 19", with or without a year.
func NamesDay(text string, date time.Time) bool {
	marks := dateMarks(text)
	for i := 1; i < len(marks); i++ {
		a, b := marks[i-1], marks[i]
		if !lacksYear(a, b) {
			continue
		}
		if a.word != "" {
			a, b = b, a
		}
		if a.value == date.Day() && b.month.gregorian == int(date.Month()) {
			return true
		}
	}
	return false
}
