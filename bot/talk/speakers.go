package talk

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"digestbot/digest"
	"digestbot/subscribers"
)

// SpeakerTo returns the Speaker to a chat, or to a person in it whose Telegram is in the
// language given (empty: unknown). The language that the chat chose wins, and times are
// told in the zone in which the chat gets its issues.
func (t *Talker) SpeakerTo(sub subscribers.Subscriber, person string) Speaker {
	tag := sub.ChosenLanguage
	if tag == "" {
		tag = person
	}
	if tag == "" {
		tag = sub.Language
	}
	s := t.Catalog.Speaker(tag, t.Location).inTimesOf(sub, t.Location)
	if me := t.Self.Load(); me != nil {
		s.bot = me.FirstName
	}
	s.sentence = t.Welcome.in(s.Tag)
	return s
}

// inTimesOf returns the Speaker that tells times in the zone in which a chat gets its
// issues, or else in another one.
func (s Speaker) inTimesOf(sub subscribers.Subscriber, zone *time.Location) Speaker {
	s.Zone, s.own = zone, sub.Delivery
	if s.own.IsZero() {
		return s
	}
	if own, err := time.LoadLocation(s.own.Zone); err == nil {
		s.Zone = own
	}
	return s
}

// SpeakerToAll returns the Speaker to everybody in the visitor's chat: in a private chat
// that is the visitor.
func (t *Talker) SpeakerToAll(v Visit) Speaker {
	if v.Private() {
		return v.Speaker
	}
	return t.SpeakerTo(v.Sub, "")
}

// SpeakerIn is SpeakerTo for a chat of which the store may know nothing.
func (t *Talker) SpeakerIn(ctx context.Context, chat int64, thread int, person string) Speaker {
	sub, err := t.Store.Subscriber(ctx, chat, thread)
	if err != nil { // mostly because the chat is not known
		sub = subscribers.Subscriber{}
	}
	return t.SpeakerTo(sub, person)
}

// SpeakerOfPress is SpeakerTo for a person who pressed a button that is out of date.
func (t *Talker) SpeakerOfPress(ctx context.Context, q *models.CallbackQuery) Speaker {
	chat, thread := q.From.ID, 0
	if m := q.Message.Message; m != nil {
		chat = m.Chat.ID
		if m.IsTopicMessage {
			thread = m.MessageThreadID
		}
	} else if m := q.Message.InaccessibleMessage; m != nil {
		chat = m.Chat.ID
	}
	return t.SpeakerIn(ctx, chat, thread, q.From.LanguageCode)
}

// Languages returns the languages there are texts in, in an order that does not
// depend on the operator.
func (c *Catalog) Languages() []language.Tag {
	tags := slices.Clone(c.Tags)
	slices.SortFunc(tags, func(x, y language.Tag) int { return strings.Compare(x.String(), y.String()) })
	return tags
}

// LanguageName names a language in that language, such as "简体中文".
func LanguageName(tag language.Tag) string { return display.Self.Name(tag) }

// LanguageNumber writes a language's tag as a number, for the data of a button: it reads
// the tag's letters and digits in base 36. Unlike a position in a list, the number means
// the same language when new ones are added. 0: the tag is too long.
func LanguageNumber(tag language.Tag) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(tag.String(), "-", ""), 36, 64)
	if err != nil {
		return 0
	}
	return n
}

// Language returns the language whose LanguageNumber is n.
func (c *Catalog) Language(n int64) (language.Tag, bool) {
	for _, tag := range c.Tags {
		if n != 0 && LanguageNumber(tag) == n {
			return tag, true
		}
	}
	return language.Und, false
}

// Sentences are what the operator says of the bot in the welcome, by the language of the
// reader. That of language.Und is for all whose language has none, not even in another
// script.
type Sentences map[language.Tag]string

func (all Sentences) in(tag language.Tag) string {
	if own, ok := all[tag]; ok {
		return own
	}
	for other, sentence := range all { // there are no more than two scripts of a language
		if base, _ := tag.Base(); base == baseOf(other) {
			return sentence
		}
	}
	return all[language.Und]
}

func baseOf(tag language.Tag) language.Base {
	base, _ := tag.Base()
	return base
}

// maxSentence is how long such a sentence may be, in UTF-16 code units: on a phone the
// buttons below the welcome are to be seen without scrolling.
const maxSentence = 300

// sentenceTag is what stands before the sentence for one language. "=" alone is before one
// for all that looks as if it were for a language.
var sentenceTag = regexp.MustCompile(`^((?:[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)?)=`)

// ParseSentences reads what the operator says of the bot: a line is the sentence for all
// readers, or after "zh-Hans=" and the like for those of that language.
func ParseSentences(texts []string) (Sentences, error) {
	c, err := NewCatalog("")
	if err != nil {
		return nil, err
	}
	all := Sentences{}
	for line := range strings.Lines(strings.Join(texts, "\n")) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		tag, text, err := c.parseSentence(strings.TrimSpace(line))
		if err != nil {
			return nil, err
		}
		if _, twice := all[tag]; twice {
			return nil, fmt.Errorf("%q is the second text for the same readers: give one for each language, such as en=…, and at most one for all others", Echo(line))
		}
		all[tag] = text
	}
	return all, nil
}

// parseSentence reads one line.
func (c *Catalog) parseSentence(line string) (tag language.Tag, text string, err error) {
	before := sentenceTag.FindStringSubmatch(line)
	if before != nil {
		line = line[len(before[0]):]
	}
	if before != nil && before[1] != "" {
		i, ok := 0, false
		if wanted, err := language.Parse(before[1]); err == nil {
			i, ok = c.find(wanted)
		}
		if !ok {
			return tag, "", fmt.Errorf("language %q: there are no texts in it; use one of %s, or begin a text for all with =", before[1], c.names())
		}
		tag = c.Tags[i]
	}
	text = strings.Join(strings.Fields(line), " ")
	switch n := digest.Units(text); {
	case !utf8.ValidString(text):
		return tag, "", fmt.Errorf("%q is not UTF-8", text)
	case text == "":
		return tag, "", fmt.Errorf("there is no text after %q", before[0])
	case n > maxSentence:
		return tag, "", fmt.Errorf("%q has %d characters: use at most %d", Echo(text), n, maxSentence)
	}
	return tag, text, nil
}
