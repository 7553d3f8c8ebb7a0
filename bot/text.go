package bot

import (
	"embed"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
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

// catalog holds the texts of all languages. It never changes once made.
type catalog struct {
	bundle  *i18n.Bundle
	tags    []language.Tag // the fallback first
	matcher language.Matcher
}

// newCatalog reads the texts. fallback is the language for readers whose own
// is unknown or has no texts; it must have some.
func newCatalog(fallback string) (*catalog, error) {
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
	c := &catalog{bundle: bundle, tags: bundle.LanguageTags()}
	c.matcher = language.NewMatcher(c.tags)
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
	chosen := c.tags[i]
	c.tags = slices.DeleteFunc(slices.Clone(c.tags), func(t language.Tag) bool { return t == chosen })
	c.tags = append([]language.Tag{chosen}, c.tags...)
	c.matcher = language.NewMatcher(c.tags)
	return c, nil
}

// CheckLanguage tells whether there are texts in the language with that BCP 47
// tag; the error names the languages there are.
func CheckLanguage(tag string) error {
	_, err := newCatalog(tag)
	return err
}

func (c *catalog) names() string {
	var names []string
	for _, tag := range c.tags {
		names = append(names, tag.String())
	}
	return strings.Join(names, ", ")
}

// speaker says things in one language.
type speaker struct {
	tag       language.Tag
	localizer *i18n.Localizer
	numbers   *message.Printer
	zone      *time.Location
	own       subscribers.DeliveryTime // when issues come to whom it speaks to
}

// find returns which of c.tags is in the language of tag, whatever its region
// or script. Languages that are merely related, or whose speakers often know
// one of ours, do not count: the operator knows the readers better.
func (c *catalog) find(tag language.Tag) (i int, ok bool) {
	_, i, _ = c.matcher.Match(tag)
	wanted, _ := tag.Base()
	ours, _ := c.tags[i].Base()
	return i, ours == wanted
}

// speaker returns who speaks the language of the tag a Telegram client gives,
// such as "zh-hans" or "de", or the fallback; dates are told in zone.
func (c *catalog) speaker(tag string, zone *time.Location) speaker {
	if wanted, err := language.Parse(tag); err == nil {
		if i, ok := c.find(wanted); ok {
			return c.speakerOf(c.tags[i], zone)
		}
	}
	return c.speakerOf(c.tags[0], zone)
}

func (c *catalog) speakerOf(tag language.Tag, zone *time.Location) speaker {
	return speaker{
		tag:       tag,
		localizer: i18n.NewLocalizer(c.bundle, tag.String()),
		numbers:   message.NewPrinter(tag),
		zone:      zone,
	}
}

// escape makes a text from outside safe for parse mode HTML.
func escape(text string) string { return html.EscapeString(text) }

// values fill the placeholders of a text. Count also chooses the plural form.
type values map[string]any

// html returns a text for parse mode HTML; values are escaped.
func (s speaker) html(key string, v ...values) string {
	return s.text(key, escape, v)
}

// plain returns a text for buttons, notices and everything else without markup.
func (s speaker) plain(key string, v ...values) string {
	return s.text(key, func(value string) string { return value }, v)
}

func (s speaker) text(key string, quote func(string) string, v []values) string {
	config := i18n.LocalizeConfig{MessageID: key}
	data := make(map[string]any)
	for _, group := range v {
		maps.Copy(data, group)
	}
	for name, value := range data {
		switch value := value.(type) {
		case markup:
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
		return key // a test sees to it that no key is missing
	}
	return strings.TrimSpace(text)
}

// number writes a number as readers of the language do.
func (s speaker) number(n int) string {
	return s.numbers.Sprintf("%d", n)
}

// date returns a calendar date, such as "19 November 2021". It has no zone.
func (s speaker) date(day time.Time) string {
	return s.plain("date.day", s.dateValues(day))
}

// moment returns a date and time of day of this year or the next, such as
// "Friday, 26 November, 09:00".
func (s speaker) moment(at time.Time) string {
	if s.zone != nil {
		at = at.In(s.zone)
	}
	return s.plain("date.moment", s.dateValues(at))
}

func (s speaker) dateValues(t time.Time) values {
	return values{
		"Year":    strconv.Itoa(t.Year()),
		"Month":   s.plain("month." + strconv.Itoa(int(t.Month()))),
		"Day":     strconv.Itoa(t.Day()),
		"Weekday": s.plain("weekday." + strconv.Itoa(int(t.Weekday()))),
		"Time":    t.Format("15:04"),
	}
}

// duration returns a length of time, rounded to what matters.
func (s speaker) duration(d time.Duration) string {
	switch seconds := int(d.Round(time.Second) / time.Second); {
	case seconds < 100:
		return s.plain("duration.seconds", values{"Count": max(seconds, 1)})
	case seconds < 100*60:
		return s.plain("duration.minutes", values{"Count": (seconds + 30) / 60})
	default:
		return s.plain("duration.hours", values{"Count": (seconds + 1800) / 3600})
	}
}

// markup is a value for a text in HTML that is markup already.
type markup string
