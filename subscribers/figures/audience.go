package figures

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"golang.org/x/text/language"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/database"
)

// Audience is who subscribes now. All but Off and Gone is of the subscribers that are on.
type Audience struct {
	On, Off, Gone int
	Paused        int // of those that are on
	Unconfirmed   int // of those that are on: an import has brought them, and nothing has reached them yet
	Kinds         map[subscribers.Kind]int
	Languages     []Language // of private chats, the most frequent first, and those that are not known last
	Layouts       map[digest.Layout]int
	MutedWords    Words
	Highlights    Words
}

// Language is how many private chats speak a language.
type Language struct {
	Tag         language.Tag // of one of the two scripts if it is Chinese; language.Und: not known
	Subscribers int
}

// Words are how many words are muted or highlighted, and by how many subscribers.
type Words struct{ Words, Subscribers int }

// readAudience counts the subscribers at a time. layout is of those who have chosen none.
func readAudience(ctx context.Context, q database.Queryer, at time.Time, layout digest.Layout) (Audience, error) {
	type group struct {
		language string
		kind     subscribers.Kind
		layout   digest.Layout
		state    subscribers.State
		n        int
	}
	// In the order of the index subscribers_figures.
	groups, err := database.Collect(ctx, q, func(rows *sql.Rows) (g group, err error) {
		return g, rows.Scan(&g.language, &g.kind, &g.layout, &g.state, &g.n)
	}, `
		SELECT iif(chosen_language > '', chosen_language, language), kind, layout, state, count(*)
		FROM subscribers
		GROUP BY 1, 2, 3, 4`)
	if err != nil {
		return Audience{}, err
	}
	a := Audience{Kinds: make(map[subscribers.Kind]int), Layouts: make(map[digest.Layout]int)}
	languages := make(map[language.Tag]int)
	for _, g := range groups {
		switch g.state {
		case subscribers.Off:
			a.Off += g.n
			continue
		case subscribers.Gone:
			a.Gone += g.n
			continue
		}
		a.On += g.n
		a.Kinds[g.kind] += g.n
		a.Layouts[cmp.Or(g.layout, layout)] += g.n
		if g.kind == subscribers.Private {
			languages[languageOf(g.language)] += g.n
		}
	}
	a.Languages = ranked(languages)
	if err := readFew(ctx, q, at, &a); err != nil {
		return Audience{}, err
	}
	return a, readWords(ctx, q, &a)
}

// readFew counts what is true of few subscribers, of which there are indexes for other
// purposes. They are used only if their conditions are in the statement.
func readFew(ctx context.Context, q database.Queryer, at time.Time, a *Audience) error {
	return q.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM subscribers WHERE paused_until > 0 AND paused_until > ? AND state = 'on'),
			(SELECT count(*) FROM subscribers WHERE unconfirmed > 0 AND state = 'on')`, at.Unix()).Scan(&a.Paused, &a.Unconfirmed)
}

// languageOf returns the language of a tag without its region. Of Chinese the script counts,
// as texts are in one of two.
func languageOf(tag string) language.Tag {
	parsed, err := language.Parse(tag)
	if err != nil {
		return language.Und
	}
	base, _ := parsed.Base()
	if script, _ := parsed.Script(); base.String() == "zh" {
		return language.Make("zh-" + script.String())
	}
	return language.Make(base.String())
}

// ranked returns the languages, the most frequent first.
func ranked(languages map[language.Tag]int) (all []Language) {
	for _, tag := range slices.SortedFunc(maps.Keys(languages), func(x, y language.Tag) int {
		return cmp.Or(languages[y]-languages[x], cmp.Compare(x.String(), y.String()))
	}) {
		if tag != language.Und {
			all = append(all, Language{tag, languages[tag]})
		}
	}
	if n := languages[language.Und]; n > 0 {
		all = append(all, Language{language.Und, n})
	}
	return all
}

func readWords(ctx context.Context, q database.Queryer, a *Audience) error {
	return q.QueryRowContext(ctx, `
		SELECT count(*) FILTER (WHERE NOT highlight), count(DISTINCT iif(highlight, NULL, subscriber_id)),
			count(*) FILTER (WHERE highlight), count(DISTINCT iif(highlight, subscriber_id, NULL))
		FROM words
		CROSS JOIN subscribers s ON s.id = subscriber_id -- CROSS: fewer have words than not
		WHERE s.state = 'on'`).Scan(&a.MutedWords.Words, &a.MutedWords.Subscribers, &a.Highlights.Words, &a.Highlights.Subscribers)
}
