package digest

// How wide, in columns, text is that may be folded to look like its neighbours.
const (
	collapseLittle = 160 // narrower text is shown almost whole when it is folded
	collapseMuch   = 640 // wider text is folded in any section
)

// foldWidth returns how wide the body of a titled item of the section may be before it
// is folded. Neighbours of nearly one length would look odd if one were folded
// and the other not. So if at least half of the bodies that are worth it are long, all
// of these are folded, and otherwise none but very long ones.
func (s *Section) foldWidth() int {
	long, middling := 0, 0
	for i := range s.Items {
		if it := &s.Items[i]; len(it.Title) > 0 {
			switch width := widthUpTo(it.Body, collapseItem+1); {
			case width > collapseItem:
				long++
			case width > collapseLittle:
				middling++
			}
		}
	}
	switch {
	case long == 0:
		return collapseItem
	case long >= middling:
		return collapseLittle
	}
	return collapseMuch
}

// widthUpTo returns how many columns the texts of blocks take, or a number that is not
// below the limit.
func widthUpTo(blocks []Block, limit int) int {
	width := 0
	for span := range AllSpans(blocks) {
		if width += Width(span.Text); width >= limit {
			break
		}
	}
	return width
}

// leadingPictures returns how many pictures blocks begin with. They stand in front of a
// fold: a fold shows how its text begins.
func leadingPictures(blocks []Block) int {
	n := 0
	for n < len(blocks) && blocks[n].Kind == Image {
		n++
	}
	return n
}
