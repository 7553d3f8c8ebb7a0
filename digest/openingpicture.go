package digest

// openingPicture returns the address of the picture with which a section opens, which
// its message shows above the text; "" if it has none there. Pictures further down
// would stand above texts that they do not belong to.
func (s *Section) openingPicture() string {
	opening := s.Intro
	if len(opening) == 0 && len(s.Items) > 0 && len(s.Items[0].Lead) == 0 {
		opening = s.Items[0].Body
	}
	const near = 2 // blocks: the picture may stand below the first paragraph
	for i := range opening[:min(len(opening), near)] {
		if b := &opening[i]; b.Kind == Image && b.URL != "" && len(b.URL) <= MaxLink {
			return b.URL
		}
	}
	return ""
}
