package digest

import (
	"slices"
	"strconv"
	"strings"
)

// Readers may have words whose items they do not want, or want to find at a glance. Their
// messages are cut out of those of everybody: then a delivery has as many messages for
// them, in the same order, and it does not matter when they change their words.

// Verdict is what becomes of an item for a reader.
type Verdict uint8

// The verdicts.
const (
	Keep Verdict = iota
	Hide         // the item is left out
	Star         // the item begins with a star
)

const star = "⭐ "

// starCost is what a star costs that takes the place of nothing.
var starCost = cost{units: Units(star), markup: len(star)}

// Forms are the forms of a message of a section.
type Forms struct {
	HTML, Plain, Share, Rich, Headlines string
	Marks                               ItemMarks
}

// ItemTexts returns the text of each item of a section, given all its messages.
func ItemTexts(parts []Forms) (texts []string) {
	for _, pieces := range itemPieces(parts) {
		text := ""
		for _, piece := range pieces {
			text += textWithin(piece) + "\n"
		}
		texts = append(texts, text)
	}
	return texts
}

// ItemsSeen returns what readers see of each item of a section, given all its messages.
func ItemsSeen(parts []Forms) (items []Seen) {
	for _, pieces := range itemPieces(parts) {
		items = append(items, SeenIn(strings.Join(pieces, "\n")))
	}
	return items
}

// itemPieces returns the HTML of each item of a section, which may be in several messages.
func itemPieces(parts []Forms) [][]string {
	if len(parts) == 0 {
		return nil
	}
	items := make([][]string, parts[0].Marks.Items)
	for _, p := range parts {
		for _, i := range p.Marks.HTML.movedIn(p.HTML) {
			if !i.Lead {
				items[i.Item-1] = append(items[i.Item-1], p.HTML[i.Start:i.End])
			}
		}
	}
	return items
}

// movedIn returns the places of items in a text that may have become longer before them.
func (m Marked) movedIn(text string) []ItemAt {
	by := len(text) - m.Length
	items := slices.Clone(m.Items)
	for n := range items {
		i := &items[n]
		i.Start, i.End = i.Start+by, i.End+by
		if i.Text != noStar {
			i.Text += by
		}
	}
	return items
}

// Tailor makes of the messages of a section those of a reader, by a verdict for each item.
// At least one item is not hidden. hidden returns what a message says, in plain text, in
// place of so many items; it says nothing if that is empty. starred says which messages
// have a star, or would have one if there was room.
func Tailor(parts []Forms, verdicts []Verdict, hidden func(items int) string) (theirs []Forms, starred []bool) {
	t := tailoring{verdicts: verdicts, hidden: hidden}
	t.judgeLeads(parts)
	theirs, starred = make([]Forms, len(parts)), make([]bool, len(parts))
	for n, p := range parts {
		theirs[n] = Forms{
			HTML:      t.message(p.Marks.HTML, p.HTML),
			Plain:     t.plain(p.Marks.Plain, p.Plain),
			Share:     t.text(p.Marks.Share, p.Share, starCost.units),
			Rich:      t.rich(p.Marks.Rich, p.Rich),
			Headlines: t.headlines(p.Marks.Headlines, p.Headlines),
			Marks:     p.Marks,
		}
		starred[n] = slices.ContainsFunc(p.Marks.HTML.Items, t.stars)
	}
	return theirs, starred
}

// tailoring is what a reader gets of a section.
type tailoring struct {
	verdicts []Verdict    // by item, counted from 0
	leads    map[int]bool // the items, counted from 1, before which all is hidden for want of a group
	hidden   func(items int) string
}

// judgeLeads hides what stands before the items of a group if all of them are hidden.
func (t *tailoring) judgeLeads(parts []Forms) {
	var leads []int
	for _, p := range parts {
		for _, i := range p.Marks.HTML.Items {
			if i.Lead && !slices.Contains(leads, i.Item) {
				leads = append(leads, i.Item)
			}
		}
	}
	t.leads = make(map[int]bool)
	for n, first := range leads {
		next := len(t.verdicts) + 1
		if n+1 < len(leads) {
			next = leads[n+1]
		}
		t.leads[first] = !slices.ContainsFunc(t.verdicts[first-1:next-1], func(v Verdict) bool { return v != Hide })
	}
}

func (t *tailoring) hides(i ItemAt) bool {
	if i.Lead {
		return t.leads[i.Item]
	}
	return i.Item != restOfItems && t.verdicts[i.Item-1] == Hide
}

func (t *tailoring) stars(i ItemAt) bool {
	return i.Item != restOfItems && !i.Lead && !i.More && t.verdicts[i.Item-1] == Star
}

// line returns what stands in a text for the items that are hidden there. Of an item that
// began in a message before, the rest counts only if there is nothing else to count.
func (t *tailoring) line(m Marked) string {
	begun, rest := 0, 0
	for _, i := range m.Items {
		switch {
		case i.Lead || !t.hides(i):
		case i.More:
			rest++
		default:
			begun++
		}
	}
	if begun == 0 && (rest == 0 || !t.hidesAll(m)) {
		return ""
	}
	return t.hidden(max(begun, 1))
}

// hidesAll reports whether nothing is left of the items in a text.
func (t *tailoring) hidesAll(m Marked) bool {
	return !slices.ContainsFunc(m.Items, func(i ItemAt) bool { return !t.hides(i) })
}

// message tailors a text in HTML.
func (t *tailoring) message(m Marked, text string) string {
	line := escaper.Replace(t.line(m))
	return t.within(m, text, line, func(text string) int { return maxMessageUnits - Units(textWithin(text)) })
}

// plain tailors a text without markup.
func (t *tailoring) plain(m Marked, text string) string {
	return t.within(m, text, t.line(m), func(text string) int { return maxMessageUnits - Units(text) })
}

// within tailors a message, with a line at its end if there is room for it, and with as
// many stars as there is room for then.
func (t *tailoring) within(m Marked, text, line string, left func(text string) int) string {
	room := left(t.text(m, text, 0))
	if line != "" {
		line = messageSeparator + line
		if cost := Units(line); cost <= room {
			room -= cost
		} else {
			line = ""
		}
	}
	return t.text(m, text, room) + line
}

// rich tailors a rich message.
func (t *tailoring) rich(m Marked, text string) string {
	if m.IsZero() {
		return text
	}
	whole := strings.ReplaceAll(t.text(m, text, max(richRoom(text), 0)), "<ul></ul>", "")
	return ExtendedRich(whole, t.line(m))
}

// headlines tailors headlines. Something stays of them, or the section would seem to go on
// with the one before.
func (t *tailoring) headlines(m Marked, text string) string {
	if tailored := t.text(m, text, starCost.units); tailored != "" || text == "" {
		return tailored
	}
	return "…"
}

// text returns a text without what is hidden, and with stars as long as there is room for
// them, in UTF-16 code units.
func (t *tailoring) text(m Marked, text string, room int) string {
	var out strings.Builder
	at, sep := 0, ""
	for _, i := range m.movedIn(text) {
		if i.Start > at {
			sep = ""
		}
		out.WriteString(text[at:i.Start])
		at = i.End
		if own := text[i.Start : i.Start+i.Sep]; len(own) > len(sep) {
			sep = own
		}
		body, shown := t.item(m, i, text, &room)
		if !shown {
			continue
		}
		if out.Len() > 0 {
			out.WriteString(sep)
		}
		out.WriteString(body)
		sep = ""
	}
	out.WriteString(text[at:])
	return out.String()
}

// item returns what is shown of an item.
func (t *tailoring) item(m Marked, i ItemAt, text string, room *int) (body string, shown bool) {
	body = text[i.Start+i.Sep : i.End]
	switch {
	case i.Item == restOfItems:
		if i.Text == noStar {
			*room = 0
		}
		return t.rest(m, body, room)
	case t.hides(i):
		return "", false
	case !t.stars(i) || i.Text == noStar:
		return body, true
	}
	before, after := text[i.Start+i.Sep:i.Text], text[i.Text:i.End]
	switch unmarked, found := strings.CutPrefix(after, bullet); {
	case found:
		return before + star + unmarked, true
	case *room >= starCost.units:
		*room -= starCost.units
		return before + star + after, true
	}
	return body, true
}

// rest returns the line of headlines that counts the items without a line.
func (t *tailoring) rest(m Marked, line string, room *int) (body string, shown bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(line, restMark))
	if err != nil {
		return line, true
	}
	starred := false
	for item, v := range t.verdicts {
		if slices.ContainsFunc(m.Items, func(i ItemAt) bool { return i.Item == item+1 }) {
			continue
		}
		if v == Hide {
			n--
		}
		starred = starred || v == Star
	}
	if n <= 0 {
		return "", false
	}
	line = restMark + strconv.Itoa(n)
	if starred && *room >= starCost.units {
		*room -= starCost.units
		line += " " + strings.TrimSpace(star)
	}
	return line, true
}
