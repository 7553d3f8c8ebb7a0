//go:build unix

package markup

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"digestbot/bot/telegramsim/tdlib"
)

var seed = flag.Uint64("seed", 1, "seed of the texts that Telegram's own parser is given")

// texts is how many texts each comparison makes.
const texts = 20_000

// kindOf names TDLib's kinds as the Bot API does.
var kindOf = map[string]string{
	"Bold": "bold", "Italic": "italic", "Underline": "underline", "Strikethrough": "strikethrough", "Spoiler": "spoiler",
	"Code": "code", "Pre": "pre", "PreCode": "pre", "TextUrl": "text_link", "MentionName": "text_mention",
	"CustomEmoji": "custom_emoji", "BlockQuote": "blockquote", "ExpandableBlockQuote": "expandable_blockquote", "DateTime": "date_time",
	"Mention": "mention", "Hashtag": "hashtag", "BotCommand": "bot_command", "Url": "url", "EmailAddress": "email", "Cashtag": "cashtag",
	"BankCardNumber": "bank_card_number", "PhoneNumber": "phone_number", "MediaTimestamp": "media_timestamp",
}

func fromTDLib(text tdlib.Text) Formatted {
	out := Formatted{Text: text.Text}
	for _, e := range text.Entities {
		k := e.Kind
		out.Entities = append(out.Entities, Entity{
			Type: kindOf[strings.TrimPrefix(k.Type, "textEntityType")], Offset: e.Offset, Length: e.Length, URL: k.URL, Language: k.Language,
			CustomEmojiID: k.CustomEmojiID, UnixTime: k.UnixTime, DateTimeFormat: dateFormatOf(k.Formatting), UserID: k.UserID,
		})
	}
	return out
}

func dateFormatOf(formatting any) string {
	fields, _ := formatting.(map[string]any)
	switch fields["@type"] {
	case nil:
		return ""
	case "dateTimeFormattingTypeRelative":
		return "r"
	}
	letter := func(field, short, long string) string {
		precision, _ := fields[field].(map[string]any)
		switch precision["@type"] {
		case "dateTimePartPrecisionShort":
			return short
		case "dateTimePartPrecisionLong":
			return long
		}
		return ""
	}
	out := ""
	if fields["show_day_of_week"] == true {
		out = "w"
	}
	return out + letter("date_precision", "d", "D") + letter("time_precision", "t", "T")
}

func toTDLib(f Formatted) tdlib.Text {
	out := tdlib.Text{Text: f.Text, Entities: []tdlib.Entity{}}
	for _, e := range f.Entities {
		k := tdlib.Kind{URL: e.URL}
		for name, kind := range kindOf {
			if kind == e.Type && name != "PreCode" {
				k.Type = "textEntityType" + name
			}
		}
		out.Entities = append(out.Entities, tdlib.Entity{Type: "textEntity", Offset: e.Offset, Length: e.Length, Kind: k})
	}
	return out
}

// difference compares what both made of one text; "": it is the same.
func difference(got, want Formatted, gotErr, wantErr error) string {
	if gotErr != nil || wantErr != nil {
		return cmp.Diff(said(gotErr), said(wantErr))
	}
	return cmp.Diff(got.Text, want.Text) + cmp.Diff(got.Entities, want.Entities, cmpopts.EquateEmpty())
}

func said(err error) string {
	if err == nil {
		return "accepted"
	}
	return strings.TrimPrefix(err.Error(), "Can't parse entities: ")
}

// judge counts the texts that the simulator and Telegram got. They may not differ on any
// text: the generator makes none for which they differ on purpose.
type judge struct{ compared, accepted, differ int }

const maxShown = 12 // differences; more of them are of no use

// compare notes what both made of one text.
func (j *judge) compare(t *testing.T, text string, got, want Formatted, gotErr, wantErr error) {
	t.Helper()
	j.compared++
	if gotErr == nil && wantErr == nil {
		j.accepted++
	}
	if d := difference(got, want, gotErr, wantErr); d != "" {
		if j.differ++; j.differ <= maxShown {
			t.Errorf("of %q (-simulator +Telegram):\n%s", text, d)
		}
	}
}

func (j *judge) report(t *testing.T) {
	t.Helper()
	t.Logf("seed %d: %d texts compared, %d accepted by both, %d differ", *seed, j.compared, j.accepted, j.differ)
	if j.accepted < j.compared/4 || j.compared < texts/4 {
		t.Errorf("only %d of %d texts were accepted by both: the generator is of no use", j.accepted, j.compared)
	}
}

// compareTexts calls compare for each of a number of texts, which it makes with the generator.
func compareTexts(t *testing.T, seed uint64, compare func(library *tdlib.Library, g generator, j *judge)) {
	t.Helper()
	library := tdlib.Open(t)
	var j judge
	g := newGenerator(seed)
	for range texts {
		compare(library, g, &j)
	}
	j.report(t)
}

// TestTelegramsOwnParser gives the same HTML to Telegram's parser and to the simulator's.
func TestTelegramsOwnParser(t *testing.T) {
	compareTexts(t, *seed, func(library *tdlib.Library, g generator, j *judge) {
		source := g.html()
		got, gotErr := ParseHTML(source)
		want, wantErr := library.ParseHTML(source)
		j.compare(t, source, got, fromTDLib(want), gotErr, wantErr)
	})
}

// TestTelegramsOwnParserOfMessages compares what messages become in the end, all but the
// white space at their ends.
func TestTelegramsOwnParserOfMessages(t *testing.T) {
	compareTexts(t, *seed+1, func(library *tdlib.Library, g generator, j *judge) {
		source := g.html()
		got, err := ParseHTML(source)
		if err != nil {
			return // TestTelegramsOwnParser compares refusals
		}
		got = got.fixed()
		if IsBlank(got.Text) {
			return // refused
		}
		got.detect()
		want, err := library.Message(source)
		whole := fromTDLib(want)
		whole.Entities = slices.DeleteFunc(whole.Entities, func(e Entity) bool { return e.Type == bankCard })
		j.compare(t, source, got, whole, nil, err)
	})
}

// TestTelegramsOwnParserOfNesting gives both entities that overlap in any way.
func TestTelegramsOwnParserOfNesting(t *testing.T) {
	compareTexts(t, *seed, func(library *tdlib.Library, g generator, j *judge) {
		f := g.nested()
		want, err := library.Fix(toTDLib(f))
		given := fmt.Sprintf("%q %+v", f.Text, f.Entities)
		got := f.fixed()
		if strings.Trim(got.Text, " \n") == "" {
			return // refused
		}
		j.compare(t, given, got, fromTDLib(want), nil, err)
	})
}

// TestTelegramsOwnParserOfTalk compares what both find by themselves in a text.
func TestTelegramsOwnParserOfTalk(t *testing.T) {
	compareTexts(t, *seed, func(library *tdlib.Library, g generator, j *judge) {
		text := g.talk()
		want, err := library.Find(text)
		found := fromTDLib(tdlib.Text{Text: text, Entities: want})
		// Telegram looks for times of day in the captions of films, not in what bots say.
		found.Entities = slices.DeleteFunc(found.Entities, func(e Entity) bool { return e.Type == "media_timestamp" })
		j.compare(t, text, Formatted{Text: text, Entities: findEntities(text)}, found, nil, err)
	})
}
