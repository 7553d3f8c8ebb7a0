package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"digestbot/digest"
)

// Piece is a stretch of an excerpt.
type Piece struct {
	Text string
	Hit  bool // Text was searched for
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
}

const (
	// maxHits bounds the hits of one term that are looked at.
	maxHits = 100
	// tail is how many characters an excerpt may lose so that it ends between words.
	tail = 12
)

// Excerpt returns the text around the hits, in one line and at most units long, in
// UTF-16 code units; without a hit it is the beginning. It prefers a place where
// several terms are close together. Characters as readers count them stay whole. Units
// is 20 or more.
func (q Query) Excerpt(text string, units int) []Piece {
	p := newPassage(oneLine(text))
	hits := p.find(q.terms)
	from, to := 0, len(p.clusters)
	if p.units(0, to) > units {
		from, to = p.window(hits, units-2) // an ellipsis at either end
	}
	return p.pieces(from, to, hits)
}

// cluster is a character of a passage, as readers count them.
type cluster struct {
	start, end int // bytes in the text
	folded     int // end of its fold, in bytes of the fold of the passage
	before     int // UTF-16 code units in front of it
}

// passage is a text with its fold.
type passage struct {
	text     string
	fold     string
	clusters []cluster
	all      int // UTF-16 code units
}

func newPassage(text string) *passage {
	p := &passage{text: text}
	var f folder
	for state, rest := -1, text; rest != ""; {
		start := len(text) - len(rest)
		var c string
		c, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		f.write(c)
		p.clusters = append(p.clusters, cluster{start: start, end: start + len(c), folded: f.out.Len(), before: p.all})
		p.all += digest.Units(c)
	}
	p.fold = f.close()
	return p
}

// units returns the length of the clusters from up to to.
func (p *passage) units(from, to int) int { return p.unitsBefore(to) - p.unitsBefore(from) }

func (p *passage) unitsBefore(i int) int {
	if i == len(p.clusters) {
		return p.all
	}
	return p.clusters[i].before
}

// hit is where a term is found.
type hit struct {
	term     int
	from, to int // clusters
}

// find returns the hits of all terms, in the order of the text.
func (p *passage) find(terms []Term) []hit {
	var hits []hit
	for n, term := range terms {
		at, i := 0, 0
		for range maxHits {
			next := strings.Index(p.fold[at:], term.Text)
			if next < 0 {
				break
			}
			start := at + next
			at = start + len(term.Text)
			if term.Text[0] == ' ' {
				start++
			}
			for p.clusters[i].folded <= start {
				i++
			}
			last := i
			for p.clusters[last].folded < at {
				last++
			}
			hits = append(hits, hit{term: n, from: i, to: last + 1})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	return hits
}

// window returns which clusters to show of a text that is too long.
func (p *passage) window(hits []hit, room int) (from, to int) {
	shown := 0 // the end of the hit, which must not be cut off
	if len(hits) > 0 {
		best := p.best(hits, room-room/4)
		from, shown = p.beginning(best, room), best.to
	}
	to = from
	for to < len(p.clusters) && p.units(from, to+1) <= room {
		to++
	}
	if to == len(p.clusters) {
		return from, to
	}
	for end := to; end > max(shown, from, to-tail); end-- {
		if p.breaks(end) {
			to = end
			break
		}
	}
	for to > from && p.at(to-1) == " " {
		to--
	}
	return from, to
}

// best returns the first of the hits that have the most terms within reach.
func (p *passage) best(hits []hit, reach int) hit {
	best, most := hits[0], 0
	for i, first := range hits {
		terms := map[int]bool{}
		for _, h := range hits[i:] {
			if p.units(first.from, h.to) > reach {
				break
			}
			terms[h.term] = true
		}
		if len(terms) > most {
			best, most = first, len(terms)
		}
	}
	return best
}

// beginning returns where an excerpt begins so that there is something before its hit:
// with a sentence if one begins there, else with a word.
func (p *passage) beginning(h hit, room int) int {
	lead := min(room/4, room-p.units(h.from, h.to))
	earliest := h.from
	for earliest > 0 && p.units(earliest-1, h.from) <= lead {
		earliest--
	}
	if earliest == 0 {
		return 0
	}
	for i := earliest; i < h.from; i++ {
		if p.endsSentence(i) {
			return i
		}
	}
	for i := earliest; i < h.from; i++ {
		if p.breaks(i) && p.at(i) != " " {
			return i
		}
	}
	return h.from
}

func (p *passage) at(i int) string { return p.text[p.clusters[i].start:p.clusters[i].end] }

// endsSentence reports whether a sentence ends before a cluster.
func (p *passage) endsSentence(i int) bool {
	if strings.Contains("。！？；", p.at(i-1)) {
		return true
	}
	return i > 1 && p.at(i-1) == " " && strings.Contains(".!?;…。！？；", p.at(i-2))
}

// breaks reports whether a text may be cut before a cluster: not within a word of
// letters.
func (p *passage) breaks(i int) bool {
	before, _ := utf8.DecodeRuneInString(p.at(i - 1))
	after, _ := utf8.DecodeRuneInString(p.at(i))
	return kindOf(before) != letter || kindOf(after) != letter
}

// pieces returns the clusters from up to to, with ellipses for what is left
// out.
func (p *passage) pieces(from, to int, hits []hit) []Piece {
	var all []Piece
	add := func(text string, isHit bool) {
		if text != "" {
			all = append(all, Piece{Text: text, Hit: isHit})
		}
	}
	between := func(a, b int) string {
		if a >= b {
			return ""
		}
		return p.text[p.clusters[a].start:p.clusters[b-1].end]
	}
	if from > 0 {
		add("…", false)
	}
	done := from
	for _, h := range hits {
		start, end := max(h.from, done), min(h.to, to)
		if start >= end {
			continue
		}
		add(between(done, start), false)
		add(between(start, end), true)
		done = end
	}
	add(between(done, to), false)
	if to < len(p.clusters) {
		add("…", false)
	}
	return all
}
