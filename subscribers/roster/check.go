package roster

import (
	"fmt"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
)

// The ids of chats (core.telegram.org/api/bots/ids).
const (
	maxUserID  = 1<<40 - 1
	maxGroupID = 999_999_999_999
	maxChatID  = 1<<52 - 1 // core.telegram.org/bots/api#chat
)

// checker finds mistakes in what several columns of a person say, or several people.
type checker struct {
	mistakes  *Mistakes
	now       time.Time
	lines     map[place]int // of everybody so far
	ofTopics  map[int64]int // of those whose sections have topics, by chat
	sections  map[string]bool
	times     map[subscribers.DeliveryTime]error // of those that were checked
	tooManyAt int                                // line of the first section beyond maxSections
}

// place is where a subscriber gets issues.
type place struct {
	chat   int64
	thread int
}

func newChecker(mistakes *Mistakes) *checker {
	return &checker{
		mistakes: mistakes, now: time.Now(), lines: make(map[place]int), ofTopics: make(map[int64]int),
		sections: make(map[string]bool), times: make(map[subscribers.DeliveryTime]error),
	}
}

// check completes a person whose columns are right by themselves, and notes what is wrong
// all the same.
func (c *checker) check(p *Person) {
	wrong := func(format string, args ...any) { c.mistakes.add(p.line, format, args...) }
	if p.State == "" {
		p.State = subscribers.On
	}
	if p.State != subscribers.Gone && p.Reason != subscribers.ReasonMoved && p.Reason != subscribers.ReasonTopicGone {
		p.Reason = "" // of a state that was changed by hand
	}
	if why := completeKind(p); why != "" {
		wrong("%s", why)
	}
	if p.Kind == subscribers.Private {
		p.Title = "" // names of people are not kept
	}
	if p.Thread != 0 && p.Kind != subscribers.Supergroup {
		wrong("topic: a %s has no forum topics: leave it empty", p.Kind)
	}
	if p.Joined.After(c.now.Add(24 * time.Hour)) {
		wrong("joined: %s is in the future", p.Joined.Format(time.RFC3339))
	}
	if !p.PausedUntil.After(c.now) {
		p.PausedUntil = time.Time{} // the pause is over
	}
	if err := c.checkTime(p.Delivery); err != nil {
		wrong("delivery and zone: %v", err)
	}
	c.checkWords(p)
	c.checkSections(p)
	if before := c.lines[place{p.ID, p.Thread}]; before != 0 {
		wrong("chat: %d is in line %d already: keep one of the two", p.ID, before)
		return
	}
	c.lines[place{p.ID, p.Thread}] = p.line
}

// completeKind finds the kind of a chat by its id, or returns what is wrong with the two.
func completeKind(p *Person) (wrong string) {
	var fits bool
	switch id := p.ID; {
	case id > maxUserID || id < -maxChatID:
		return fmt.Sprintf("chat: %d is no id that Telegram gives: it has too many digits", id)
	case id > 0:
		p.Kind, fits = orKind(p.Kind, subscribers.Private), p.Kind == "" || p.Kind == subscribers.Private
	case id >= -maxGroupID:
		p.Kind, fits = orKind(p.Kind, subscribers.Group), p.Kind == "" || p.Kind == subscribers.Group
	case p.Kind == "":
		return fmt.Sprintf("kind: it does not show whether %d is a supergroup or a channel: write that in the column kind", id)
	default:
		fits = p.Kind == subscribers.Supergroup || p.Kind == subscribers.Channel
	}
	if !fits {
		return fmt.Sprintf("chat: %d is not the id of a %s: those of people are above 0, those of supergroups and channels begin with -100, and others below 0 are of groups", p.ID, p.Kind)
	}
	return ""
}

func orKind(kind, otherwise subscribers.Kind) subscribers.Kind {
	if kind == "" {
		return otherwise
	}
	return kind
}

// checkTime returns what is wrong with a delivery time. Looking up a zone takes long.
func (c *checker) checkTime(t subscribers.DeliveryTime) error {
	if t == (subscribers.DeliveryTime{}) {
		return nil
	}
	err, known := c.times[t]
	if !known {
		err = t.Check()
		if t.Zone == "" {
			err = fmt.Errorf("a delivery time needs the column zone, such as Europe/Berlin")
		}
		c.times[t] = err
	}
	return err
}

func (c *checker) checkWords(p *Person) {
	if n := len(p.MutedWords) + len(p.Highlighted); n > subscribers.MaxWords {
		c.mistakes.add(p.line, "muted_words and highlighted_words: %d words, and there may be %d", n, subscribers.MaxWords)
	}
	if len(p.MutedWords) == 0 || len(p.Highlighted) == 0 {
		return
	}
	muted := make(map[string]bool)
	for _, word := range p.MutedWords {
		muted[foldWord(word)] = true
	}
	for _, word := range p.Highlighted {
		if muted[foldWord(word)] {
			c.mistakes.add(p.line, "highlighted_words: %s is in muted_words as well: keep one of the two", shown(word))
		}
	}
}

func (c *checker) checkSections(p *Person) {
	if p.Topics && p.Kind != subscribers.Supergroup {
		c.mistakes.add(p.line, "section_topics: a %s has no forum topics: leave it empty", p.Kind)
	}
	if before := c.ofTopics[p.ID]; p.Topics && before != 0 {
		c.mistakes.add(p.line, "section_topics: line %d has that for the same group already: keep one of the two", before)
	}
	if p.Topics {
		c.ofTopics[p.ID] = p.line
	}
	for _, name := range p.Muted {
		c.countSection(p.line, name)
	}
	for _, t := range p.TopicIDs {
		c.countSection(p.line, t.section)
	}
}

// countSection notes the first section of a file that has too many.
func (c *checker) countSection(line int, name string) {
	if c.tooManyAt != 0 || c.sections[name] {
		return
	}
	c.sections[name] = true
	if len(c.sections) > maxSections {
		c.tooManyAt = line
		c.mistakes.add(line, "muted_sections: the file has more than %d different sections; is it the right column? The last is %s", maxSections, shown(digest.ShortenUnits(name, maxShown)))
	}
}
