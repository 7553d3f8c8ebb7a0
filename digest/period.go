package digest

import "time"

// periodForm is how a language writes the days from one date to another. The date that
// stands first or last is whole, and the other one leaves out what they share.
type periodForm struct {
	dash          string
	day, monthDay string // the short one, for time.Format
	shortFirst    bool
}

// periods are those of the tongues, by the form of their dates; of others both dates are
// whole.
var periods = map[string]periodForm{
	chinese.date: {"至", "2日", "1月2日", false}, // Japanese writes dates like this, too
	korean.date:  {"~", "2일", "1월 2일", false},
	english.date: {"–", "2", "2 January", true},
}

// Period writes the days from one date to another in the language of the issue; one date
// if they are the same.
func (i *Issue) Period(from, to time.Time) string {
	t := i.tongue()
	first, last := from.Format(t.date), to.Format(t.date)
	form, known := periods[t.date]
	switch {
	case first == last:
		return last
	case !known, from.Year() != to.Year():
		return first + " – " + last
	}
	short, dash := form.day, form.dash
	if from.Month() != to.Month() {
		short = form.monthDay
		if form.shortFirst {
			dash = " " + dash + " "
		}
	}
	if form.shortFirst {
		return from.Format(short) + dash + last
	}
	return first + dash + to.Format(short)
}

// rests are the names of a section for what fits into no other, by tongue.
var rests = map[tongue]string{chinese: "更多", japanese: "その他", korean: "더 보기"}

// Rest names a section for what fits into no other, in the language of the issue.
func (i *Issue) Rest() string {
	if name, ok := rests[i.tongue()]; ok {
		return name
	}
	return "More"
}

// Excerpt returns the beginning of a text in one line of at most that many columns, with
// links and without styles. What is cut ends with an ellipsis, after a sentence if one ends
// at a good place.
func Excerpt(spans []Span, columns int) []Span { return excerpt(spans, columns, true) }
