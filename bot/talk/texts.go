package talk

import (
	"embed"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"digestbot/subscribers"
)

// One file per language; a new language is one more file.
//
//go:embed locales
var locales embed.FS

// Catalog holds the texts of all languages. It never changes once made.
type Catalog struct {
	bundle  *i18n.Bundle
	Tags    []language.Tag // the fallback first
	matcher language.Matcher
}

// readTexts reads the texts of all languages, once: it takes longer than all else at a start,
// and the bot, the site and the settings have a Catalog each.
var readTexts = sync.OnceValues(func() (*i18n.Bundle, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	files, err := fs.Glob(locales, "locales/*.toml")
	if err != nil {
		return nil, fmt.Errorf("read locales: %w", err)
	}
	for _, file := range files {
		text, err := locales.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read locales: %w", err)
		}
		if _, err := bundle.ParseMessageFileBytes(text, file); err != nil {
			return nil, fmt.Errorf("read locale %s: %w", file, err)
		}
	}
	return bundle, nil
})

// NewCatalog returns the texts. fallback is the language for readers whose own
// is unknown or has no texts; it must have some.
func NewCatalog(fallback string) (*Catalog, error) {
	bundle, err := readTexts()
	if err != nil {
		return nil, err
	}
	c := &Catalog{bundle: bundle, Tags: slices.Clone(bundle.LanguageTags())}
	c.matcher = language.NewMatcher(c.Tags)
	if fallback == "" {
		return c, nil
	}
	tag, err := language.Parse(fallback)
	if err != nil {
		return nil, fmt.Errorf("language %q: it is not a language tag; use one of %s", fallback, c.names())
	}
	i, ok := c.find(tag)
	if !ok {
		return nil, fmt.Errorf("language %q: there are no texts in it; use one of %s", fallback, c.names())
	}
	chosen := c.Tags[i]
	c.Tags = slices.DeleteFunc(slices.Clone(c.Tags), func(t language.Tag) bool { return t == chosen })
	c.Tags = append([]language.Tag{chosen}, c.Tags...)
	c.matcher = language.NewMatcher(c.Tags)
	return c, nil
}

// CheckLanguage returns an error if there are no texts in the language with that BCP 47
// tag; the error names the languages there are.
func CheckLanguage(tag string) error {
	_, err := NewCatalog(tag)
	return err
}

func (c *Catalog) names() string {
	var names []string
	for _, tag := range c.Tags {
		names = append(names, tag.String())
	}
	return strings.Join(names, ", ")
}

// Speaker says things in one language.
type Speaker struct {
	Tag       language.Tag
	localizer *i18n.Localizer
	numbers   *message.Printer
	Zone      *time.Location
	own       subscribers.DeliveryTime // when the chat it speaks to gets its issues
	bot       string                   // its name; empty: not known yet
	sentence  string                   // what the operator says of the bot; empty: nothing
}

// Bot returns the name of the bot.
func (s Speaker) Bot() string { return s.bot }

// Sentence returns what the operator says of the bot, for HTML; empty: nothing.
func (s Speaker) Sentence() string { return Escape(s.sentence) }

// PlainSentence returns what the operator says of the bot; empty: nothing.
func (s Speaker) PlainSentence() string { return s.sentence }

// find returns which of c.Tags is in the language of tag, whatever its region or
// script. It ignores languages that are merely related, or whose speakers often know one
// of ours: the operator knows the readers better.
func (c *Catalog) find(tag language.Tag) (i int, ok bool) {
	_, i, _ = c.matcher.Match(tag)
	return i, baseOf(c.Tags[i]) == baseOf(tag)
}

// Speaker returns the Speaker of the language whose tag an app of Telegram gives, such as
// "zh-hans" or "de", or else of the fallback; times are told in zone.
func (c *Catalog) Speaker(tag string, zone *time.Location) Speaker {
	if wanted, err := language.Parse(tag); err == nil {
		if i, ok := c.find(wanted); ok {
			return c.SpeakerOf(c.Tags[i], zone)
		}
	}
	return c.SpeakerOf(c.Tags[0], zone)
}

// SpeakerOf returns the Speaker of a language there are texts in; times are told in zone.
func (c *Catalog) SpeakerOf(tag language.Tag, zone *time.Location) Speaker {
	return Speaker{
		Tag:       tag,
		localizer: i18n.NewLocalizer(c.bundle, tag.String()),
		numbers:   message.NewPrinter(tag),
		Zone:      zone,
	}
}

// Escape makes a text from outside safe for parse mode HTML.
func Escape(text string) string { return html.EscapeString(text) }

// Values fill the placeholders of a text. Count also chooses the plural form.
type Values map[string]any

// HTML returns a text for parse mode HTML; values are escaped.
func (s Speaker) HTML(key string, v ...Values) string {
	return s.text(key, Escape, v)
}

// Plain returns a text for buttons, popups and all else that has no markup.
func (s Speaker) Plain(key string, v ...Values) string {
	return s.text(key, func(value string) string { return value }, v)
}

// List returns the words of a text that are separated by commas.
func (s Speaker) List(key string) []string {
	words := strings.Split(s.Plain(key), ",")
	for i, word := range words {
		words[i] = strings.TrimSpace(word)
	}
	return words
}

func (s Speaker) text(key string, quote func(string) string, v []Values) string {
	config := i18n.LocalizeConfig{MessageID: key}
	data := make(map[string]any)
	for _, group := range v {
		maps.Copy(data, group)
	}
	for name, value := range data {
		switch value := value.(type) {
		case SafeHTML:
			data[name] = string(value)
		case string:
			data[name] = quote(value)
		case int:
			data[name] = s.number(value)
			if name == "Count" {
				config.PluralCount = value
			}
		}
	}
	config.TemplateData = data
	text, err := s.localizer.Localize(&config)
	if err != nil && text == "" {
		return key // a test fails if a key is missing
	}
	return strings.TrimSpace(text)
}

// number writes a number as readers of the language do.
func (s Speaker) number(n int) string {
	return s.numbers.Sprintf("%d", n)
}

// Date returns a calendar date, such as "19 November 2021". It has no zone.
func (s Speaker) Date(day time.Time) string {
	return s.Plain("date.day", s.dateValues(day))
}

// Local returns a time as the clocks show it by which the Speaker tells times.
func (s Speaker) Local(at time.Time) time.Time {
	if s.Zone == nil {
		return at
	}
	return at.In(s.Zone)
}

func (s Speaker) dateValues(t time.Time) Values {
	return Values{
		"Year":    strconv.Itoa(t.Year()),
		"Month":   s.Plain("month." + strconv.Itoa(int(t.Month()))),
		"Day":     strconv.Itoa(t.Day()),
		"Weekday": s.Day(t.Weekday()),
		"Time":    t.Format("15:04"),
	}
}

// Duration returns a length of time, rounded to what matters.
func (s Speaker) Duration(d time.Duration) string {
	switch seconds := int(d.Round(time.Second) / time.Second); {
	case seconds < 100:
		return s.Plain("duration.seconds", Values{"Count": max(seconds, 1)})
	case seconds < 100*60:
		return s.Plain("duration.minutes", Values{"Count": (seconds + 30) / 60})
	default:
		return s.Plain("duration.hours", Values{"Count": (seconds + 1800) / 3600})
	}
}

// SafeHTML is a value for a text in HTML that is HTML already.
type SafeHTML string

// Paragraphs joins texts with an empty line between them, without empty ones.
func Paragraphs(texts ...string) string { return joined("\n\n", texts) }

// Lines joins texts line by line, without empty ones.
func Lines(texts ...string) string { return joined("\n", texts) }

func joined(between string, texts []string) string {
	var all string
	for _, text := range texts {
		if text == "" {
			continue
		}
		if all != "" {
			all += between
		}
		all += text
	}
	return all
}
