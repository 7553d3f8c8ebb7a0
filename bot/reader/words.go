package reader

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/rendition"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Mute adds words whose items are left out. Without words it shows those there are.
func (c *choices) Mute(ctx context.Context, v talk.Visit, args string) error {
	return c.addWords(ctx, v, args, false)
}

// Highlight adds words whose items carry a star. Without words it shows those there are.
func (c *choices) Highlight(ctx context.Context, v talk.Visit, args string) error {
	return c.addWords(ctx, v, args, true)
}

func (c *choices) addWords(ctx context.Context, v talk.Visit, args string, highlight bool) error {
	why, err := c.SaveWords(ctx, v, args, highlight)
	if errors.Is(err, subscribers.ErrTooManyWords) {
		text, k, err := c.wordsView(0)(ctx, v)
		if err == nil {
			c.Say(ctx, v, talk.Paragraphs(why, text), k)
		}
		return err
	}
	if err != nil {
		return err
	}
	if why != "" {
		c.Say(ctx, v, why, nil)
		return nil
	}
	return c.SayView(ctx, v, c.wordsView(0))
}

// SaveWords adds words to those of a chat. why says what was wrong with one, so that
// nothing was saved; empty: nothing. If there are too many, so does
// subscribers.ErrTooManyWords.
func (c *choices) SaveWords(ctx context.Context, v talk.Visit, args string, highlight bool) (why string, err error) {
	var words []subscribers.Word
	for _, text := range splitWords(args) {
		w, ok := subscribers.NewWord(text, highlight)
		said := talk.Values{"Word": talk.Echo(text), "Most": subscribers.MaxWordUnits}
		switch {
		case !ok:
			return v.HTML("keywords.unfindable", said), nil
		case digest.Units(w.Text) > subscribers.MaxWordUnits:
			return v.HTML("keywords.too_long", said), nil
		}
		words = append(words, w)
	}
	err = c.Store.AddWords(ctx, v.Sub.ID, words)
	if errors.Is(err, subscribers.ErrTooManyWords) {
		why = v.HTML("keywords.too_many", talk.Values{"Most": subscribers.MaxWords})
	}
	return why, err
}

// quotes open and close a phrase. Many keyboards have only one of a pair, so any closes
// any.
const quotes = "\"“”„‟«»「」『』＂"

// splitWords returns the words of a command: those between quotes are one.
func splitWords(text string) (words []string) {
	inQuotes, start := false, 0
	end := func(at int) {
		if word := strings.TrimSpace(text[start:at]); word != "" {
			words = append(words, word)
		}
	}
	for i, r := range text {
		quote := strings.ContainsRune(quotes, r)
		if !quote && (inQuotes || !unicode.IsSpace(r) && !strings.ContainsRune(",，、;；", r)) {
			continue
		}
		end(i)
		inQuotes, start = inQuotes != quote, i+len(string(r))
	}
	end(len(text))
	return words
}

// wordsPerPage keeps the keyboard lower than a phone's screen.
const wordsPerPage = 20

// wordsView shows a page of a chat's words, each with a button that removes it.
func (c *choices) wordsView(page int64) talk.View {
	return func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		words, err := c.Store.Words(ctx, v.Sub.ID)
		if err != nil {
			return "", nil, err
		}
		how := v.HTML("keywords.how")
		if v.Home != 0 {
			how = v.HTML("channel.words")
		}
		if len(words) == 0 {
			return talk.Paragraphs(v.HTML("keywords.title"), v.HTML("keywords.none"), how), talk.Keyboard{backRow(v)}, nil
		}
		at, pages := talk.NearestPage(page, len(words), wordsPerPage)
		var buttons []models.InlineKeyboardButton
		for _, w := range words[at*wordsPerPage : min((at+1)*wordsPerPage, len(words))] {
			buttons = append(buttons, talk.Button("✖️ "+wordMark(w)+talk.Label(w.Text, talk.ButtonUnits), talk.ActDropWord, w.ID, int64(at)))
		}
		k := append(inRows(buttons, 2), talk.Pager(at, pages, talk.ActWords)...)
		return talk.Paragraphs(v.HTML("keywords.title"), listWords(v, words), how), append(k, backRow(v)), nil
	}
}

// wordMark stands before a word on its button.
func wordMark(w subscribers.Word) string {
	if w.Highlight {
		return "⭐ "
	}
	return "🔇 "
}

// listWords says which words are muted and which are highlighted.
func listWords(v talk.Visit, words []subscribers.Word) string {
	var muted, highlighted []string
	for _, w := range words {
		if w.Highlight {
			highlighted = append(highlighted, w.Text)
		} else {
			muted = append(muted, w.Text)
		}
	}
	var lines []string
	if len(muted) > 0 {
		lines = append(lines, v.HTML("keywords.muted", talk.Values{"Words": strings.Join(muted, " · ")}))
	}
	if len(highlighted) > 0 {
		lines = append(lines, v.HTML("keywords.highlighted", talk.Values{"Words": strings.Join(highlighted, " · ")}))
	}
	return talk.Lines(lines...)
}

// wordCount says how many words a chat has; empty: none.
func (c *choices) wordCount(ctx context.Context, v talk.Visit) (string, error) {
	words, err := c.Store.Words(ctx, v.Sub.ID)
	if err != nil || len(words) == 0 {
		return "", err
	}
	highlighted := 0
	for _, w := range words {
		if w.Highlight {
			highlighted++
		}
	}
	return v.HTML("settings.words", talk.Values{"Muted": len(words) - highlighted, "Highlighted": highlighted}), nil
}

// PressWords shows a page of the words in place.
func (c *choices) PressWords(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.ViewReply(p, c.wordsView(p.Numbers[0])), nil
}

// PressDropWord removes a word. Pressed again it shows what is left.
func (c *choices) PressDropWord(ctx context.Context, p talk.Press) (talk.Reply, error) {
	_, err := c.Store.RemoveWord(ctx, p.Sub.ID, p.Numbers[0])
	if err != nil {
		return talk.Reply{}, err
	}
	return c.ViewReply(p, c.wordsView(p.Numbers[1])), nil
}

// HiddenLine says how many items the words of a chat hide.
func (i *issues) HiddenLine(to subscribers.Subscriber, items int) string {
	return i.SpeakerTo(to, "").Plain("keywords.hidden", talk.Values{"Count": items})
}

// forChat returns messages of an issue as a chat gets them. A section of which its words
// leave nothing is whole: somebody asks for it all the same.
func (i *issues) forChat(ctx context.Context, subscriber int64, messages []archive.Message) ([]archive.Message, error) {
	to, err := i.Store.Recipient(ctx, subscriber)
	if err != nil {
		return nil, err
	}
	return rendition.ForReader(messages, to, i.HiddenLine)
}
