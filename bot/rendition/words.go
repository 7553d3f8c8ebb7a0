package rendition

import (
	"encoding/json"
	"fmt"
	"slices"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/search"
)

// A reader may have words: items with some are left out, items with others carry a star.
// Such a reader gets messages of their own, cut out of those of everybody. There are as
// many, and each is of the same section and part, so that books, shared messages and
// unfolding know nothing of words, and a reader may change them at any time: what counts
// is what they are when a message goes out. A section of which nothing is left is as one
// that is switched off, because a message to say that nothing came is what the reader
// wanted to avoid. Its items count in the line of the cover.

// HiddenLine returns what a recipient is told in place of so many items, in plain text.
type HiddenLine func(to subscribers.Subscriber, items int) string

// say returns the line; "": there is none.
func (l HiddenLine) say(to subscribers.Recipient, items int) string {
	if l == nil || items == 0 {
		return ""
	}
	return l(to.Subscriber, items)
}

// WordSections are the sections of an issue whose items are known.
type WordSections []wordSection

// wordSection is a section with what words are looked up in.
type wordSection struct {
	first int // position of its first message
	parts []digest.Forms
	folds []string // of its items
}

// ReadWordSections reads where the items of an issue stand, and folds them.
func ReadWordSections(messages []archive.Message) (all WordSections, err error) {
	for p := 0; p < len(messages); p++ {
		if messages[p].SectionID == 0 || messages[p].Items == "" {
			continue
		}
		first, last := archive.SectionOf(messages, p)
		s := wordSection{first: first}
		for _, m := range messages[first : last+1] {
			f := formsOf(m)
			if err := json.Unmarshal([]byte(m.Items), &f.Marks); err != nil {
				return nil, fmt.Errorf("read items of message %d: %w", m.Position, err)
			}
			s.parts = append(s.parts, f)
		}
		for _, text := range digest.ItemTexts(s.parts) {
			s.folds = append(s.folds, search.Fold(text))
		}
		all = append(all, s)
		p = last
	}
	return all, nil
}

func formsOf(m archive.Message) digest.Forms {
	return digest.Forms{HTML: m.HTML, Plain: m.Plain, Share: m.Share, Rich: m.Rich, Headlines: m.Headlines}
}

// ForReader returns the messages of an issue as a recipient with words gets them; for any
// other they are as they were.
func ForReader(messages []archive.Message, to subscribers.Recipient, hidden HiddenLine) ([]archive.Message, error) {
	if len(to.Words) == 0 {
		return messages, nil
	}
	sections, err := ReadWordSections(messages)
	if err != nil {
		return nil, err
	}
	return sections.ForReader(messages, to, hidden), nil
}

// ForReader is the function of that name, for messages whose sections have been read.
func (all WordSections) ForReader(messages []archive.Message, to subscribers.Recipient, hidden HiddenLine) []archive.Message {
	theirs := slices.Clone(messages)
	say := func(items int) string { return hidden.say(to, items) }
	gone := 0
	for _, s := range all {
		s.cut(theirs[s.first:s.first+len(s.parts)], to, say)
		if first := theirs[s.first]; first.Emptied && !to.SwitchesOff(first) {
			gone += len(s.folds)
		}
	}
	if cover := &theirs[0]; gone > 0 && cover.SectionID == 0 {
		cover.HTML = digest.Extended(cover.HTML, say(gone), true)
		cover.Plain = digest.Extended(cover.Plain, say(gone), false)
		cover.Rich = digest.ExtendedRich(cover.Rich, say(gone))
	}
	return theirs
}

// cut makes the messages of a section those of a recipient. If nothing would be left they
// stay as they are, for whoever asks for the section all the same.
func (s *wordSection) cut(messages []archive.Message, to subscribers.Recipient, say func(items int) string) {
	verdicts := make([]digest.Verdict, len(s.folds))
	hidden := 0
	for i, fold := range s.folds {
		verdicts[i] = to.Verdict(fold)
		if verdicts[i] == digest.Hide {
			hidden++
		}
	}
	emptied := hidden == len(verdicts)
	for i := range messages {
		m := &messages[i]
		m.All, m.Hidden, m.Emptied = len(verdicts), hidden, emptied
	}
	if emptied || !slices.ContainsFunc(verdicts, func(v digest.Verdict) bool { return v != digest.Keep }) {
		return
	}
	theirs, starred := digest.Tailor(s.parts, verdicts, say)
	for i, f := range theirs {
		m := &messages[i]
		m.HTML, m.Plain, m.Share, m.Rich, m.Headlines, m.Starred = f.HTML, f.Plain, f.Share, f.Rich, f.Headlines, starred[i]
	}
}

// hiddenItems returns how many items are hidden in the sections that a recipient has not
// switched off.
func hiddenItems(messages []archive.Message, to subscribers.Recipient) (n int) {
	for p := 0; p < len(messages); p++ {
		m := messages[p]
		if m.SectionID == 0 {
			continue
		}
		_, p = archive.SectionOf(messages, p)
		if !to.SwitchesOff(m) {
			n += m.Hidden
		}
	}
	return n
}
