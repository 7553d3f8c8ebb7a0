package digest

import (
	"slices"
	"strconv"
	"strings"
)

// messageSeparator stands between the headlines of two messages, and between sections
// that share a message.
const messageSeparator = "\n\n"

// Compact joins headlines, those of the cover first, to the one message of the
// compact layout, for parse_mode HTML. Empty ones are left out. [PlainOf] returns
// its plain form.
func Compact(headlines []string) string {
	shown := slices.DeleteFunc(slices.Clone(headlines), func(h string) bool { return h == "" })
	return strings.Join(shown, messageSeparator)
}

var separatorCost = cost{units: len(messageSeparator), markup: len(messageSeparator)}

// headlinePacker collects lines as long as there is room.
type headlinePacker struct {
	room, used cost
	pieces     []piece
}

// add adds a line if there is room for it.
func (p *headlinePacker) add(sep string, spans []Span) bool {
	a := piece{spans: spans, shared: sharedStyle(spans), sep: sep}
	if len(p.pieces) == 0 {
		a.sep = ""
	}
	c, ok := a.costWithin(p.room.minus(p.used), false)
	if ok {
		p.pieces, p.used = append(p.pieces, a), p.used.plus(c)
	}
	return ok
}

// addPlainer adds a line, without its links if there is no room for them.
func (p *headlinePacker) addPlainer(sep string, spans []Span) bool {
	return p.add(sep, spans) || p.add(sep, unlinked(spans))
}

// list adds a section: its heading, and as many of its lines as fit.
func (p *headlinePacker) list(l *headlineList) {
	if l.name != "" && !p.heading(l) {
		return
	}
	total, shown, room := len(l.lines)+l.more, 0, p.room
	counter := piece{spans: []Span{{Text: restMark + strconv.Itoa(total)}}, sep: "\n"}
	reserve, _ := counter.costWithin(messageLimit, false)
	for n, line := range l.lines {
		if p.room = room; n+1 < total {
			p.room = room.minus(reserve)
		}
		if !p.addPlainer("\n", line) && (n > 0 || !p.addShorter("\n", line)) {
			break
		}
		p.last().item = l.numbers[n]
		shown++
	}
	p.room = room
	if shown < total && total > 1 {
		if p.add("\n", []Span{{Text: restMark + strconv.Itoa(total-shown)}}) {
			p.last().item = restOfItems
		}
	}
}

// restMark stands before the number of items without a line.
const restMark = "… +"

func (p *headlinePacker) last() *piece { return &p.pieces[len(p.pieces)-1] }

// heading adds the name of a section: with its links, else without, else as
// much of it as there is room for.
func (p *headlinePacker) heading(l *headlineList) bool {
	style := l.heading[0].Style
	if p.add("", l.heading) || p.add("", []Span{{Text: l.name, Style: style}}) {
		return true
	}
	for _, name := range []string{l.name, l.bare} {
		for columns := min(p.room.units, maxHeadingWidth); columns > 1; columns = columns * 2 / 3 {
			if short := shortenColumns(name, columns); short != "…" && p.add("", []Span{{Text: short, Style: style}}) {
				return true
			}
		}
	}
	return p.add("", []Span{{Text: "…"}})
}

// addShorter adds the beginning of a line that does not fit, if enough of it
// fits to be of use.
func (p *headlinePacker) addShorter(sep string, line []Span) bool {
	const least = 16 // columns
	columns := (p.room.units - p.used.units - len(sep)) / 2
	return columns >= least && p.add(sep, excerpt(unlinked(line), columns, false))
}
