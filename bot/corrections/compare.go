package corrections

import (
	"encoding/json"
	"slices"
	"strings"

	"digestbot/bot/revision"
	"digestbot/digest"
	"digestbot/subscribers/archive"
)

// section is a section of an edition.
type section struct {
	name   string
	all    digest.Seen // in all its messages
	html   string
	items  []digest.Seen
	images []string
}

// compare returns what differs between the messages of two editions. Sections are matched
// as for readers: so a section that was renamed is not taken for two.
func compare(before, after []archive.Message) (all changes) {
	old, fresh := sectionsOf(before), sectionsOf(after)
	match := revision.Match(before, after)
	for n, s := range fresh {
		o := slices.Index(match, n)
		if o < 0 {
			all = append(all, change{section: s.name, what: "added"})
			continue
		}
		c := change{cover: n == 0, section: s.name, what: "changed", details: compareSections(old[o], s)}
		if old[o].name != s.name {
			c.was = old[o].name
		}
		if c.was != "" || len(c.details) > 0 || old[o].html != s.html {
			all = append(all, c)
		}
	}
	for o, s := range old {
		if match[o] < 0 {
			all = append(all, change{section: s.name, what: "removed"})
		}
	}
	return all
}

func sectionsOf(messages []archive.Message) (all []section) {
	for p := 0; p < len(messages); p++ {
		first, last := archive.SectionOf(messages, p)
		s := section{name: messages[first].Section}
		var parts []digest.Forms
		for _, m := range messages[first : last+1] {
			s.html += m.HTML
			if m.Image != "" {
				s.images = append(s.images, m.Image)
			}
			f := digest.Forms{HTML: m.HTML}
			if m.Items != "" && json.Unmarshal([]byte(m.Items), &f.Marks) == nil { // without marks it has no items to compare
				parts = append(parts, f)
			}
		}
		s.all, s.items = digest.SeenIn(s.html), digest.ItemsSeen(parts)
		for n := range s.items { // a picture is reported as such
			s.items[n].Links = slices.DeleteFunc(s.items[n].Links, func(link string) bool { return slices.Contains(s.images, link) })
		}
		all = append(all, s)
		p = last
	}
	return all
}

// compareSections says what differs within a section. All of its text is compared only if
// nothing differs in its items.
func compareSections(old, fresh section) (all []detail) {
	all = append(compareItems(old.items, fresh.items), compareLinks(old.items, fresh.items)...)
	if !slices.Equal(old.images, fresh.images) {
		all = append(all, detail{of: aPicture})
	}
	if len(all) == 0 {
		all = differences(aLink, old.all.Links, fresh.all.Links)
	}
	if len(all) == 0 && old.name == fresh.name {
		all = differences(aLine, linesOf(old.all.Text), linesOf(fresh.all.Text))
	}
	return all
}

func linesOf(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
}

// compareItems pairs the items that differ in their order, or says that the order differs.
func compareItems(before, after []digest.Seen) []detail {
	old, fresh := texts(before), texts(after)
	all := differences(anItem, old, fresh)
	if len(all) == 0 && !slices.Equal(old, fresh) {
		return []detail{{of: anOrder}}
	}
	return all
}

func texts(items []digest.Seen) (all []string) {
	for _, i := range items {
		all = append(all, i.Text)
	}
	return all
}

// compareLinks says which links differ in items whose text is the same.
func compareLinks(before, after []digest.Seen) (all []detail) {
	left := slices.Clone(before)
	for _, fresh := range after {
		n := slices.IndexFunc(left, func(old digest.Seen) bool { return old.Text == fresh.Text })
		if n < 0 {
			continue
		}
		all = append(all, differences(aLink, left[n].Links, fresh.Links)...)
		left = slices.Delete(left, n, n+1)
	}
	return all
}

// differences pairs what is only in one of two lists, in their order.
func differences(of part, before, after []string) (all []detail) {
	old, fresh := without(before, after), without(after, before)
	for n := range max(len(old), len(fresh)) {
		d := detail{of: of}
		if n < len(old) {
			d.before = old[n]
		}
		if n < len(fresh) {
			d.after = fresh[n]
		}
		all = append(all, shorten(d))
	}
	return all
}

// without returns what is in a list oftener than in another.
func without(list, other []string) (left []string) {
	other = slices.Clone(other)
	for _, one := range list {
		if n := slices.Index(other, one); n >= 0 {
			other = slices.Delete(other, n, n+1)
			continue
		}
		left = append(left, one)
	}
	return left
}

// detailUnits bounds what is shown of an item or an address, in UTF-16 code units.
const detailUnits = 60

// shorten leaves of both texts their beginning or, if that is the same, what follows where
// they begin to differ.
func shorten(d detail) detail {
	if d.of == aLink {
		return shortenAddresses(d)
	}
	before, after := strings.Fields(d.before), strings.Fields(d.after)
	same := 0
	for same < min(len(before), len(after)) && before[same] == after[same] {
		same++
	}
	from := max(same-2, 0)
	cut := func(words []string) string {
		text := digest.ShortenUnits(strings.Join(words[min(from, len(words)):], " "), detailUnits)
		if from > 0 && text != "" {
			text = "… " + text
		}
		return text
	}
	return detail{d.of, cut(before), cut(after)}
}

// shortenAddresses leaves out what addresses begin with, if they are long and do not differ
// there.
func shortenAddresses(d detail) detail {
	before, after := []rune(d.before), []rune(d.after)
	if strings.HasPrefix(d.before, "https://") && strings.HasPrefix(d.after, "https://") {
		before, after = before[len("https://"):], after[len("https://"):]
	}
	const context = 20 // runes before they differ
	same := 0
	for same < min(len(before), len(after)) && before[same] == after[same] {
		same++
	}
	from := 0
	if same > context && max(len(before), len(after)) > detailUnits {
		from = same - context
	}
	cut := func(address []rune) string {
		text := digest.ShortenUnits(string(address[from:]), detailUnits)
		if from > 0 {
			text = "…" + text
		}
		return text
	}
	return detail{d.of, cut(before), cut(after)}
}
