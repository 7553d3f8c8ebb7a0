// Package outline finds the sections of an issue and their items in the blocks of a
// document. [Divide] makes sections of headings, or of bold lines where there are none.
// [FindItems] makes items of what stands out within a section.
package outline

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"digestbot/digest"
	"digestbot/digest/document/numbers"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// Division is a document divided at its headings.
type Division struct {
	Outline
	Title    *page.Node // the heading that is the document's title, if any
	Edition  *page.Node // the only heading below it, which has digits and names no section; nil: none
	Intro    []page.Node
	Sections []Region
}

// Outline says what made the sections of an issue, and why.
type Outline struct {
	Mark   Mark   // what marks the sections
	Level  int    // of headings: the deepest level that makes sections; 0: none
	Flat   bool   // they are the items of one unnamed section, but for names of topics among them
	Reason Reason // why it was this mark and level
}

// Mark is what marks the sections of a document.
type Mark string

// What can mark the sections.
const (
	ByNothing      Mark = ""                   // there is one unnamed section
	ByHeadings     Mark = "headings"           // headings of Markdown or HTML
	ByBoldLines    Mark = "bold lines"         // short bold paragraphs or table cells
	ByLinkedLines  Mark = "linked bold lines"  // the same, with a link
	ByColonLines   Mark = "lines with a colon" // short paragraphs right above lists that hold most of the text
	ByBracketLines Mark = "lines in 【】"        // short paragraphs all in brackets
	BySignLines    Mark = "lines with ■"       // short paragraphs with a large sign in front
	ByOrdinals     Mark = "lines with 一、二、"    // short paragraphs with ordinals
	ByUnderlines   Mark = "underlined lines"   // short paragraphs right above thematic breaks
	ByBanners      Mark = "banners"            // pictures with a caption over lists
)

// Reason is why a level of headings makes the sections.
type Reason string

// The reasons.
const (
	NoHeadings   Reason = "there are no headings, and no lines that could be some"
	MadeHeadings Reason = "there are no headings, but lines like these with items right under them"
	TopLevel     Reason = "it is the highest level of headings"
	MixedLevels  Reason = "the first heading is deeper than later ones, and none of those wraps headings of its level"
	Wrapped      Reason = "one heading wraps all of these, and nearly all of the text"
	AreItems     Reason = "most headings read like titles of stories, not like names of sections"
)

// Region is a heading and what stands under it. A region without a heading is
// the unnamed section of a flat digest.
type Region struct {
	Heading *page.Node
	Nodes   []page.Node
}

// Divide finds out what makes the sections, from the whole document. No level is
// fixed: the title may be a heading of the same level as the sections, a heading
// may wrap the real sections, levels may be mixed, the headings of a flat digest
// are its items, and a document without headings may have bold lines instead.
func Divide(nodes []page.Node, title string) Division {
	o := Division{Outline: Outline{Mark: ByHeadings}}
	nodes = deepenLinked(joinKickers(joinNumbers(joinLoneBullets(withoutSentences(signsToRules(nodes))))))
	nodes = markFields(deepenUnlisted(nodes))
	nodes = o.takeTitle(lowerLineAbove(nodes, title), title)
	nodes = lowerLead(withoutContents(o.takeEdition(markContents(o.withoutTitleAgain(nodes)))))
	nodes, o.Mark = promoteUnder(o.lowerSubtitle(lowerLate(nodes)))
	if o.Mark != ByHeadings && o.Title == nil {
		nodes = o.takeTitle(nodes, title)
	}
	regions := cutAtHeadings(nodes)
	o.Intro, regions = regions[0].Nodes, regions[1:]
	regions, preface := liftPreface(liftFooter(regions))
	o.Intro = append(slices.Clip(o.Intro), preface...)
	o.Level, o.Reason = sectionLevel(regions)
	switch {
	case o.Level == 0:
		o.Mark = ByNothing
		o.Sections = []Region{{Nodes: o.Intro}}
		o.Intro = nil
		markRemarks(o.Sections)
		return o
	case o.Mark == ByHeadings && isFlat(regions, o.Level):
		o.Flat, o.Reason = true, AreItems
		o.Sections = flatSections(regions, o.Level)
	default:
		if o.Mark != ByHeadings {
			o.Reason = MadeHeadings
		}
		o.Sections, o.Intro = join(regions, o.Level, o.Intro)
		dropCounts(o.Sections)
		o.takeMotto(title)
		o.Sections = gatherStories(o.Sections, o.Level)
	}
	o.liftEssay()
	markItems(o.Sections)
	markHeadlines(o.Sections)
	markRemarks(o.Sections)
	return o
}

// MaxIntro is how wide an introduction is at most, in columns: about as much as a message holds.
const MaxIntro = 3600

// liftEssay makes a section without a name of what stands above the first one if it is too long for
// an introduction: an essay, below which some regular sections stand.
func (o *Division) liftEssay() {
	if digest.BlocksWidth(page.Blocks(o.Intro)) <= MaxIntro || slices.ContainsFunc(o.Sections, func(r Region) bool { return r.Heading == nil }) {
		return
	}
	o.Sections = append([]Region{{Nodes: o.Intro}}, o.Sections...)
	o.Intro = nil
}

// takeEdition finds the only heading below the title, or the only one above all others, if
// it opens the document and says number or date of this edition, and returns the nodes without
// it: it names no section. Above others it may say nothing else, as "January 2026".
//
// This is not cut.IssueLine, which takes out what says nothing but number and date, however
// many headings there are. Being the only heading is the reason here: it may say more ("No. 12:
// ropes for winter"), so it stays as text of the introduction and gives no date. One rule for
// both would lose these words, or sections named "Ropes 12" of documents that have several.
func (o *Division) takeEdition(nodes []page.Node) []page.Node {
	at := HeadingsOf(nodes)
	if o.Title == nil || len(at) == 0 || slices.ContainsFunc(page.Blocks(nodes[:at[0]]), func(b digest.Block) bool { return b.Kind != digest.Image }) {
		return nodes
	}
	spans := nodes[at[0]].Spans
	text := digest.TextOf(spans)
	if len(at) > 1 && !(IsOnlyTop(nodes, at) && numbers.SaysOnlyIssue(text)) {
		return nodes
	}
	if digest.Width(text) > maxHeading || !strings.ContainsFunc(text, unicode.IsNumber) || digest.IsLinkTitle(spans) {
		return nodes
	}
	o.Edition = &nodes[at[0]]
	return slices.Delete(slices.Clone(nodes), at[0], at[0]+1)
}

// IsOnlyTop reports whether all headings but the first, at the given indexes, are deeper than
// that.
func IsOnlyTop(nodes []page.Node, at []int) bool {
	return !slices.ContainsFunc(at[1:], func(i int) bool { return nodes[i].Level <= nodes[at[0]].Level })
}

// takeMotto moves to the introduction the name of the first section if it is none, but what
// the publisher says of himself: it opens the document, is a sentence or as long as one, and
// at most a few lines stand between it and several headings of stories, while all other
// sections have names of topics. The stories are a section without a name.
func (o *Division) takeMotto(title string) {
	if o.Title == nil && title == "" || len(o.Sections) <= minMottoTopics || slices.ContainsFunc(o.Intro, isContent) {
		return
	}
	first := o.Sections[0]
	at := HeadingsOf(first.Nodes)
	if len(at) < 2 || !isMotto(first.Heading) || slices.ContainsFunc(o.Sections[1:], func(r Region) bool { return isStory(r.Heading) || !IsTopic(r.Heading.Spans) }) {
		return
	}
	above := first.Nodes[:at[0]]
	if slices.ContainsFunc(above, isContent) && !areLines(withoutPictures(above)) {
		return
	}
	motto := page.Node{Block: digest.Block{Kind: digest.Paragraph, Spans: first.Heading.Spans}}
	o.Intro = append(append(slices.Clip(o.Intro), motto), above...)
	o.Sections[0] = Region{Nodes: first.Nodes[at[0]:]}
}

// minMottoTopics is how many sections must have names of topics for the first one to have none.
const minMottoTopics = 2

func isMotto(heading *page.Node) bool {
	return isStory(heading) && !heading.Item && !digest.IsLinkTitle(heading.Spans)
}

// withoutPictures returns what nodes show besides pictures.
func withoutPictures(nodes []page.Node) []digest.Block {
	return slices.DeleteFunc(page.Blocks(nodes), func(b digest.Block) bool { return b.Kind == digest.Image })
}

// dropCounts removes bare numbers in front of the names of sections, if all of
// them have one and these count up from 1.
func dropCounts(sections []Region) {
	if len(sections) < 2 {
		return
	}
	for i, r := range sections {
		m := bareCount().FindStringSubmatch(digest.TextOf(Head(r.Heading.Spans)))
		if m == nil || m[1] != strconv.Itoa(i+1) {
			return
		}
	}
	for i, r := range sections {
		m := bareCount().FindStringSubmatch(digest.TextOf(Head(r.Heading.Spans)))
		heading := *r.Heading
		_, heading.Spans = digest.CutSpans(heading.Spans, len(m[0]))
		sections[i].Heading = &heading
	}
}

// bareCount matches a number without punctuation at the beginning of a heading.
var bareCount = plain.Pattern(`^0?([0-9]{1,2})\s+`)

// takeTitle finds the heading that is the title, and returns the nodes without it.
func (o *Division) takeTitle(nodes []page.Node, title string) []page.Node {
	at := titleHeading(nodes, title)
	if at < 0 {
		return nodes
	}
	o.Title = &nodes[at]
	return slices.Delete(slices.Clone(nodes), at, at+1)
}

// withoutTitleAgain returns the nodes without a heading that says the title once more, if it stands
// over all others: mails repeat the title above the text.
func (o *Division) withoutTitleAgain(nodes []page.Node) []page.Node {
	at := HeadingsOf(nodes)
	if o.Title == nil || len(at) < 2 || !IsOnlyTop(nodes, at) {
		return nodes
	}
	if title := digest.FoldName(digest.TextOf(o.Title.Spans)); title == "" || digest.FoldName(digest.TextOf(nodes[at[0]].Spans)) != title {
		return nodes
	}
	return slices.Delete(slices.Clone(nodes), at[0], at[0]+1)
}

// nextOf returns the index of the next node that is no empty paragraph.
func nextOf(nodes []page.Node, i int) int {
	next := i + 1
	for next < len(nodes) && nodes[next].Kind == page.Blank {
		next++
	}
	return next
}

// endOf returns where the nodes end that begin at at[n]: before those at the next index.
func endOf(nodes []page.Node, at []int, n int) int {
	if n+1 < len(at) {
		return at[n+1]
	}
	return len(nodes)
}

// HeadingsOf returns the indexes of the headings.
func HeadingsOf(nodes []page.Node) []int {
	var at []int
	for i := range nodes {
		if nodes[i].Kind == digest.Heading {
			at = append(at, i)
		}
	}
	return at
}
