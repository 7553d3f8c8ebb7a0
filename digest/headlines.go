package digest

import (
	"slices"
	"strings"
)

// What the compact layout shows; widths are in columns.
const (
	maxCoverTitle   = 160
	maxCoverIntro   = 320 // eight lines of a phone
	maxHeadlineLine = 80  // two lines of a phone
	maxOpening      = 160 // of a section without titles
	maxHeadlines    = 20  // of a section: more would be a list, not an overview

	// With more sections than the first there is no room for an introduction,
	// with more than the second none to name them all.
	maxSectionsIntroduced = 20
	maxSectionsListed     = 400
)

// headlines are the headlines of a section.
type headlines struct {
	text  string // HTML
	items Marked
}

// coverRoom is the room for the cover in the compact layout.
var coverRoom = cost{units: 1000, entities: 20, markup: 6000, wire: 2400}

// headlines returns what the cover and the given sections show in the compact
// layout. All of it together is within the limits of a message, and so is any
// part of it. Sections beyond maxSectionsListed get nothing.
func (i *Issue) headlines(sections []*Section) (cover string, of []headlines) {
	of = make([]headlines, len(sections))
	sections = sections[:min(len(sections), maxSectionsListed)]
	cover, used := i.coverHeadlines(len(sections))
	room := messageLimit.minus(used).minus(hiddenRoom)
	bold := len(sections) <= room.entities
	lists := make([]headlineList, len(sections))
	for k, s := range sections {
		lists[k] = s.headlineList(bold)
	}
	copy(of, fitAll(lists, room, len(sections) <= maxSectionsIntroduced))
	return cover, of
}

// fitAll returns as much of each list as fits in its share of the room. starred says that
// each keeps room for a star.
func fitAll(lists []headlineList, room cost, starred bool) []headlines {
	reserve := cost{}
	if starred {
		reserve = starCost
	}
	of, order := make([]headlines, len(lists)), make([]int, len(lists))
	for k := range lists {
		order[k] = k
	}
	// The lists that need least come first: what they leave of their shares is for those
	// that need more.
	slices.SortStableFunc(order, func(a, b int) int { return lists[a].want.units - lists[b].want.units })
	for n, k := range order {
		var used cost
		of[k], used = lists[k].fit(room.share(len(order)-n).minus(separatorCost).minus(reserve), starred)
		room = room.minus(used).minus(reserve)
	}
	return of
}

// coverHeadlines returns the cover's share of the compact layout and its cost.
func (i *Issue) coverHeadlines(sections int) (string, cost) {
	room := coverRoom
	if sections < maxEntities {
		room.entities = min(room.entities, maxEntities-sections)
	}
	p := headlinePacker{room: room}
	// A title that is full of what Telegram finds by itself is shown in part.
	for columns := maxCoverTitle; columns > 1 && len(p.pieces) == 0; columns = columns * 2 / 3 {
		p.add("", []Span{{Text: shortenColumns(i.Label(), columns), Style: Bold}})
	}
	if line := i.coverLine(); line != "" {
		p.add("\n", []Span{{Text: line}})
	}
	if sections <= maxSectionsIntroduced {
		p.introduce(i.Intro)
	}
	if i.Title == "" {
		p.used = p.used.plus(publicationRoom)
	}
	html, _ := renderHTML(p.pieces)
	return html, p.used.plus(separatorCost)
}

// introduce adds the introduction, as far as there is room for it.
func (p *headlinePacker) introduce(intro []Block) {
	o := openingText{room: maxCoverIntro}
	whole := o.blocks(intro)
	for n, paragraph := range o.paragraphs {
		if !whole && !o.cut && n == len(o.paragraphs)-1 {
			paragraph = ellipsis(slices.Clone(paragraph))
		}
		if !p.addPlainer("\n\n", paragraph) {
			p.add("\n\n", []Span{{Text: "…"}})
			return
		}
	}
}

// openingText is how a text begins.
type openingText struct {
	paragraphs [][]Span
	cut        bool // the last one goes on
	room       int  // columns left
}

// leastOpening is how many columns of a paragraph are worth to be shown.
const leastOpening = 60

// blocks adds the paragraphs of blocks, and reports whether that is all their text. It
// ends before a block of another kind, such as a list.
func (o *openingText) blocks(blocks []Block) (whole bool) {
	for i := range blocks {
		switch b := &blocks[i]; b.Kind {
		case Quote:
			whole = o.blocks(b.Blocks)
		case Paragraph:
			whole = o.paragraph(b.Spans)
		case Image:
			whole = true // it is no text
		default:
			whole = false
		}
		if !whole {
			return false
		}
	}
	return true
}

func (o *openingText) paragraph(spans []Span) (whole bool) {
	if strings.TrimSpace(TextOf(spans)) == "" {
		return true
	}
	shown, whole := excerptOrAll(spans, o.room, true)
	if !whole && o.room < leastOpening && len(o.paragraphs) > 0 {
		return false
	}
	o.paragraphs, o.cut = append(o.paragraphs, shown), !whole
	o.room -= Width(TextOf(shown))
	return whole
}

// headlineList is what a section says in the compact layout if there is room.
type headlineList struct {
	name    string   // with its marks; "" for a section without a name
	bare    string   // the name without marks
	heading []Span   // the name with marks and links
	lines   [][]Span // of items, or the beginning of the text
	numbers []int    // of the items of the lines, counted from 1
	more    int      // items without a line
	want    cost     // of all of it
}

func (s *Section) headlineList(bold bool) headlineList {
	var l headlineList
	if s.Name != "" {
		l.bare = shortenColumns(s.Name, maxHeadingWidth)
		l.name = s.marks() + l.bare
		l.heading = []Span{{Text: l.name}}
		if len(s.Heading) > 0 && !s.longHeading() {
			l.heading = append([]Span{{Text: s.marks()}}, showAddresses(unstyled(s.Heading))...)
		}
		if bold {
			l.heading = embolden(l.heading)
		}
	}
	l.lines, l.numbers, l.more = s.headlines()
	l.measure()
	return l
}

// measure finds out what all of the list costs.
func (l *headlineList) measure() {
	p := headlinePacker{room: messageLimit}
	p.list(l)
	l.want = p.used
}

// headlines returns a line for each of the first items, their numbers, and how many more
// items there are. Of a section without titles it returns how the text begins.
func (s *Section) headlines() (lines [][]Span, numbers []int, more int) {
	if len(s.Items) < 2 && len(s.firstTitle()) == 0 {
		for _, blocks := range [][]Block{s.Intro, s.firstBody(), s.Outro} {
			if line := blocksLine(blocks); len(line) > 0 {
				return [][]Span{excerpt(line, maxOpening, true)}, []int{1}, 0
			}
		}
		return nil, nil, 0
	}
	n := min(len(s.Items), maxHeadlines)
	for k := range s.Items[:n] {
		if line := s.Items[k].headlineSpans(); len(line) > 0 {
			lines, numbers = append(lines, append([]Span{{Text: bullet}}, line...)), append(numbers, k+1)
		}
	}
	return lines, numbers, len(s.Items) - n
}

func (s *Section) firstTitle() []Span {
	if len(s.Items) == 0 {
		return nil
	}
	return s.Items[0].Title
}

func (s *Section) firstBody() []Block {
	if len(s.Items) == 0 {
		return nil
	}
	return s.Items[0].Body
}

// headlineSpans returns the line that stands for the item, with its links.
func (it *Item) headlineSpans() []Span {
	line := it.Title
	switch {
	case strings.TrimSpace(TextOf(line)) == "":
		line = blocksLine(it.Body)
	case it.listsMore():
		line = slices.Concat(line, FirstLine(it.Body[0].Spans))
	}
	return trimHeadline(excerpt(line, maxHeadlineLine, false))
}

// trimHeadline removes the punctuation that ends a title because text follows.
func trimHeadline(line []Span) []Span {
	n := len(line)
	if n == 0 {
		return line
	}
	text := strings.TrimRight(line[n-1].Text, ":： ")
	switch {
	case n > 1 && (text == "" || text == "."):
		return line[:n-1]
	case text != "":
		line[n-1].Text = text
	}
	return line
}

// blocksLine returns the first line of text in blocks; that of a picture only if
// there is no other.
func blocksLine(blocks []Block) []Span {
	var picture []Span
	for i := range blocks {
		line := blocks[i].firstLine()
		switch {
		case strings.TrimSpace(TextOf(line)) == "":
		case blocks[i].Kind != Image:
			return line
		case picture == nil:
			picture = line
		}
	}
	return picture
}

func (b *Block) firstLine() []Span {
	switch b.Kind {
	case Quote:
		return blocksLine(b.Blocks)
	case List:
		for _, entry := range b.Entries {
			if line := blocksLine(entry); len(line) > 0 {
				return line
			}
		}
		return nil
	case Table:
		return rowSpans(slices.Concat(b.Rows[:min(len(b.Rows), 1)]...))
	case Image:
		return PictureSpans(*b)
	}
	return FirstLine(b.Spans)
}

// fit returns as much of the list as fits in room, and what that costs with a
// separator. If nothing fits it returns "". starred says that there is room for a star.
func (l *headlineList) fit(room cost, starred bool) (headlines, cost) {
	p := headlinePacker{room: room}
	p.list(l)
	if len(p.pieces) == 0 {
		return headlines{}, cost{}
	}
	html, found := renderHTML(p.pieces)
	if !starred {
		withoutStars(html, found.items)
	}
	return headlines{html, markedIn(html, found.items, make(map[int]bool))}, p.used.plus(separatorCost)
}

// withoutStars marks that there is no room for stars in headlines, unless they take the
// place of bullets.
func withoutStars(html string, items []ItemAt) {
	for n := range items {
		if !strings.HasPrefix(html[items[n].Text:], bullet) {
			items[n].Text = noStar
		}
	}
}
