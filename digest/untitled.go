package digest

import "strings"

// maxPublication is how long the name that [Message.Titled] puts into a message may be, in
// UTF-16 code units. Telegram limits the name of a bot to 64 characters.
const maxPublication = 128

// publicationRoom is the room for it in every message whose heading begins with the number
// of the issue: twice its units, and more entities than Telegram finds in such a name.
var publicationRoom = cost{units: maxPublication + len(cellSeparator), entities: 20, markup: 6*maxPublication + 10, wire: 20 * entityBytes}

// Titled returns a message of an issue without a title, which is headed by its number, or
// else its date or key, with the name of the publication before that. Any other message
// stays as it is.
func (m Message) Titled(publication string) Message {
	name := ShortenUnits(publication, maxPublication)
	if !m.Untitled || name == "" {
		return m
	}
	named := escaper.Replace(name)
	var moved int
	m.HTML, moved = before(m.HTML, "<b>", named)
	m.List.HTML = m.List.HTML.movedBy(moved)
	m.Plain, moved = before(m.Plain, "", name)
	m.List.Plain = m.List.Plain.movedBy(moved)
	if m.Cover {
		m.Headlines, _ = before(m.Headlines, "<b>", named)
		m.Rich, moved = before(m.Rich, "<h1>", named)
		m.List.Rich = m.List.Rich.movedBy(moved)
	} else {
		m.Rich, _ = before(m.Rich, "<h2>", named)
	}
	return m
}

// before puts a name before what the heading in a text says, and returns how many bytes
// longer the text is. The heading begins with a tag.
func before(text, tag, name string) (named string, longer int) {
	if strings.HasPrefix(text, "<code>") { // a name that Telegram would take for a command
		tag = ""
	}
	start := strings.Index(text, tag)
	if text == "" || start < 0 {
		return text, 0
	}
	start += len(tag)
	start += len(text[start:]) - len(strings.TrimPrefix(text[start:], newMark))
	name += cellSeparator
	if beginsWithNumber(text[start:]) { // "Weekly № 12"
		name = strings.TrimSuffix(name, cellSeparator) + " "
	}
	return text[:start] + name + text[start:], len(name)
}

// movedBy returns the list in a text that has become longer before it.
func (l NameList) movedBy(bytes int) NameList {
	if l.IsZero() {
		return l
	}
	moved := NameList{Start: l.Start + bytes, End: l.End + bytes, Names: make([]NameAt, len(l.Names))}
	for i, name := range l.Names {
		moved.Names[i] = NameAt{Message: name.Message, Start: name.Start + bytes, End: name.End + bytes}
	}
	return moved
}

// reserve keeps the room for the name of the publication in a rich message.
func (i *Issue) reserve(r *rich) {
	if i.Title == "" {
		r.spend(publicationRoom.units, 0, 0)
	}
}
