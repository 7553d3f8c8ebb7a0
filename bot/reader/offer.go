package reader

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/search"
)

// searchUnits is how much of the words of a search stands on a button.
const searchUnits = 24

// OfferSearch answers words that are no command: it offers to search for them. meant is
// the command that they may mean if nothing has all of them; empty: none.
func (i *issues) OfferSearch(ctx context.Context, v talk.Visit, words, meant string) error {
	if !strings.ContainsFunc(words, isLetterOrNumber) || digest.Units(words) > search.MaxUnits {
		i.Say(ctx, v, v.HTML("unknown.text"), nil)
		return nil
	}
	_, err := i.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		i.Say(ctx, v, talk.Paragraphs(i.noIssueText(v.Speaker), v.HTML("offer.help")), nil)
		return nil
	}
	if err != nil {
		return err
	}
	f, err := i.lookFor(ctx, words)
	if err != nil {
		return err
	}
	text, k := f.answer(v.Speaker, meant)
	i.Say(ctx, v, talk.Paragraphs(text, i.ReplyHint(v)), k)
	return nil
}

// ReplyHint says how a visitor can write to the editors; empty: they cannot.
func (i *issues) ReplyHint(v talk.Visit) string {
	if !i.takesReplies || !v.Private() {
		return ""
	}
	return v.HTML("reply.hint")
}

func isLetterOrNumber(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// findable is a search that was not asked for.
type findable struct {
	q     search.Query
	items int
	all   bool // q has all words that were looked for
}

// answer is what is said to words that are no command.
func (f findable) answer(s talk.Speaker, meant string) (string, talk.Keyboard) {
	text, k := f.offer(s)
	said := talk.Values{"Words": f.q.String(), "Command": "/" + meant}
	switch {
	case f.all, text != "" && meant == "":
		return talk.Paragraphs(text, s.HTML("offer.help")), k
	case text != "":
		return talk.Paragraphs(text, s.HTML("offer.meant", said)), k
	case meant != "":
		return talk.Paragraphs(s.HTML("offer.none", said), s.HTML("offer.meant", said)), nil
	}
	k = append(talk.Keyboard{talk.Row(talk.Button(s.Plain("button.latest"), talk.ActLatest))}, archiveKeyboard(s)...)
	return talk.Paragraphs(s.HTML("search.none", said), s.HTML("offer.help")), k
}

// lookFor looks for items with all of some words, or with the rarest of them if none has
// all.
func (i *issues) lookFor(ctx context.Context, words string) (findable, error) {
	q := search.Parse(words)
	if q.Empty() {
		return findable{q: q}, nil
	}
	_, items, err := i.Store.Search(ctx, q, 0, 0)
	if err != nil || items > 0 {
		return findable{q, items, true}, err
	}
	rarest, items, err := i.rarest(ctx, strings.Fields(q.String()))
	if items == 0 {
		return findable{q: q}, err
	}
	return findable{q: rarest, items: items}, err
}

// offer says how many items there are, and has a button that shows them. The text is empty
// if there are none. As in the results, the first code is the words of the search, where
// PressFind reads them: the data of a button has no room for them.
func (f findable) offer(s talk.Speaker) (text string, k talk.Keyboard) {
	said := talk.Values{"Words": f.q.String(), "Count": f.items}
	switch {
	case f.items == 0:
		return "", nil
	case f.all:
		text = s.HTML("offer.found", said)
	default:
		text = s.HTML("offer.instead", said)
	}
	label := s.Plain("button.search", talk.Values{"Words": talk.Label(f.q.String(), searchUnits)})
	return text, talk.Keyboard{talk.Row(talk.Button(label, talk.ActFind, 0))}
}

// rarest returns the word that the fewest items have, the longest of several, and how many
// do; 0: no item has any of them. In a question it says more than the others what somebody
// is looking for.
func (i *issues) rarest(ctx context.Context, words []string) (rarest search.Query, items int, err error) {
	for _, word := range words {
		q := search.Parse(strings.Trim(word, `?!.:'"()`))
		if q.Empty() || isSmall(q.String()) {
			continue
		}
		_, total, err := i.Store.Search(ctx, q, 0, 0)
		if err != nil {
			return q, 0, err
		}
		more := items == 0 || total < items || total == items && len(q.String()) > len(rarest.String())
		if total > 0 && more {
			rarest, items = q, total
		}
	}
	return rarest, items, nil
}

// isSmall reports whether a word is one such as "the", and not one such as "AI" or "书".
func isSmall(word string) bool { return smallWord.MatchString(word) }

var smallWord = regexp.MustCompile(`^[a-z']{1,3}$`)
