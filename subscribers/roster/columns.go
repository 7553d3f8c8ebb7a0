package roster

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
)

// value is what a column has for a person: a text or, in columns of lists, a list.
type value struct {
	text string
	list []string
}

// shape is how a value is written in JSON.
type shape int

const (
	text   shape = iota
	number       // the text is a whole number; "0" if it is empty
	flag         // the text is yes, or empty
	list
)

// column is one thing about a person.
type column struct {
	name   string
	shape  shape
	choice bool // made by the subscriber: an import may replace it
	get    func(p *Person) value
	set    func(p *Person, v value) error // v is in one line
}

// columns are all columns, in their order. Only the first has to be there.
var columns = []*column{
	{name: "chat", shape: number, get: func(p *Person) value { return ofInt(p.ID) }, set: setChat},
	{name: "topic", shape: number, get: func(p *Person) value { return ofInt(int64(p.Thread)) }, set: setTopic},
	{name: "kind", get: func(p *Person) value { return value{text: string(p.Kind)} }, set: setKind},
	{name: "title", get: func(p *Person) value { return value{text: oneLine(p.Title)} }, set: setTitle},
	{name: "state", get: func(p *Person) value { return value{text: string(p.State)} }, set: setState},
	{name: "reason", get: func(p *Person) value { return value{text: oneLine(string(p.Reason))} }, set: setReason},
	{name: "joined", get: func(p *Person) value { return ofTime(p.Joined) }, set: func(p *Person, v value) error { return setTime(&p.Joined, v) }},
	{name: "language", get: func(p *Person) value { return value{text: oneLine(p.Language)} }, set: func(p *Person, v value) error { return setLanguage(&p.Language, v) }},
	{name: "chosen_language", choice: true, get: func(p *Person) value { return value{text: p.ChosenLanguage} }, set: func(p *Person, v value) error { return setLanguage(&p.ChosenLanguage, v) }},
	{name: "layout", choice: true, get: func(p *Person) value { return value{text: string(p.Layout)} }, set: setLayout},
	{name: "silent", shape: flag, choice: true, get: func(p *Person) value { return ofFlag(p.Silent) }, set: func(p *Person, v value) error { return setFlag(&p.Silent, v) }},
	{name: "no_previews", shape: flag, choice: true, get: func(p *Person) value { return ofFlag(p.NoPreviews) }, set: func(p *Person, v value) error { return setFlag(&p.NoPreviews, v) }},
	{name: "every", choice: true, get: func(p *Person) value { return value{text: everyNames[p.Every]} }, set: setEvery},
	{name: "paused_until", choice: true, get: func(p *Person) value { return ofTime(p.PausedUntil) }, set: func(p *Person, v value) error { return setTime(&p.PausedUntil, v) }},
	{name: "delivery", choice: true, get: getDelivery, set: setDelivery},
	{name: "zone", choice: true, get: func(p *Person) value { return value{text: p.Delivery.Zone} }, set: func(p *Person, v value) error { p.Delivery.Zone = v.text; return nil }},
	{name: "muted_sections", shape: list, choice: true, get: func(p *Person) value { return value{list: p.Muted} }, set: setMuted},
	{name: "muted_other", shape: flag, choice: true, get: func(p *Person) value { return ofFlag(p.MutesOther) }, set: func(p *Person, v value) error { return setFlag(&p.MutesOther, v) }},
	{name: "muted_words", shape: list, choice: true, get: func(p *Person) value { return value{list: p.MutedWords} }, set: func(p *Person, v value) error { return setWords(&p.MutedWords, v) }},
	{name: "highlighted_words", shape: list, choice: true, get: func(p *Person) value { return value{list: p.Highlighted} }, set: func(p *Person, v value) error { return setWords(&p.Highlighted, v) }},
	{name: "section_topics", shape: flag, choice: true, get: func(p *Person) value { return ofFlag(p.Topics) }, set: func(p *Person, v value) error { return setFlag(&p.Topics, v) }},
	{name: "section_topic_ids", shape: list, choice: true, get: getTopicIDs, set: setTopicIDs},
	{name: "layout_advice", get: func(p *Person) value { return value{text: adviceNames[p.LayoutAdvice]} }, set: setAdvice},
}

// Columns returns the names of all columns.
func Columns() []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

func ofInt(n int64) value {
	if n == 0 {
		return value{}
	}
	return value{text: strconv.FormatInt(n, 10)}
}

func ofFlag(on bool) value {
	if on {
		return value{text: "yes"}
	}
	return value{}
}

func ofTime(t time.Time) value {
	if t.IsZero() {
		return value{}
	}
	return value{text: t.UTC().Format(time.RFC3339)}
}

// The errors of columns say what was expected. The caller names the column and shows what
// there was.

func setChat(p *Person, v value) (err error) {
	if p.ID, err = strconv.ParseInt(v.text, 10, 64); err == nil && p.ID != 0 {
		return nil
	}
	switch {
	case strings.Contains(v.text, "@") && !strings.HasPrefix(v.text, "@"):
		return errors.New("is an e-mail address, and a bot cannot write to those: give Telegram's id of the chat, a whole number")
	case strings.HasPrefix(v.text, "@"):
		return errors.New("is a name, and the Bot API finds nobody by name: give Telegram's id of the chat, a whole number")
	case isRounded(v.text):
		return errors.New("was rounded by a spreadsheet, and the id is lost: format the column as text before you open or paste the list, and save it again")
	}
	return errors.New("is not Telegram's id of a chat, which is a whole number such as 123456789 or -1001234567890")
}

// isRounded reports whether a spreadsheet has written a long number in short, as 1.23E+12.
func isRounded(text string) bool {
	digits, exponent, ok := strings.Cut(strings.ToUpper(text), "E+")
	return ok && digits != "" && exponent != "" && strings.Trim(digits+exponent, "-0123456789.,") == ""
}

func setTopic(p *Person, v value) (err error) {
	if v.text == "" {
		return nil
	}
	p.Thread, err = strconv.Atoi(v.text)
	if err != nil || p.Thread < 0 || p.Thread > 1<<31-1 {
		return errors.New("is not the number of a forum topic; leave it empty for the chat itself")
	}
	return nil
}

var kinds = []string{string(subscribers.Private), string(subscribers.Group), string(subscribers.Supergroup), string(subscribers.Channel)}

func setKind(p *Person, v value) error {
	kind := strings.ToLower(v.text)
	if kind != "" && !slices.Contains(kinds, kind) {
		return fmt.Errorf("is none of %s", strings.Join(kinds, ", "))
	}
	p.Kind = subscribers.Kind(kind)
	return nil
}

func setTitle(p *Person, v value) error {
	if digest.Units(v.text) > maxTitle {
		return fmt.Errorf("is longer than %d characters", maxTitle)
	}
	p.Title = v.text
	return nil
}

func setState(p *Person, v value) error {
	switch state := subscribers.State(strings.ToLower(v.text)); state {
	case "":
		p.State = subscribers.On
	case subscribers.On, subscribers.Off, subscribers.Gone:
		p.State = state
	default:
		return errors.New("is none of on (subscribed), off (not subscribed), gone (cannot be reached); who is paused is on, with paused_until")
	}
	return nil
}

func setReason(p *Person, v value) error {
	if digest.Units(v.text) > maxReason {
		return fmt.Errorf("is longer than %d characters", maxReason)
	}
	p.Reason = subscribers.Reason(v.text)
	return nil
}

// timeForms are how times are read. Without a zone they are UTC.
var timeForms = []string{time.RFC3339, time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly}

func setTime(to *time.Time, v value) error {
	*to = time.Time{}
	if v.text == "" {
		return nil
	}
	for _, form := range timeForms {
		at, err := time.Parse(form, v.text)
		if err == nil && at.Unix() > 0 && at.Year() < 3000 {
			*to = at.UTC().Truncate(time.Second)
			return nil
		}
	}
	return errors.New("is not a time such as 2026-11-27T09:00:00Z, or a date such as 2026-11-27")
}

func setLanguage(to *string, v value) error {
	valid := strings.Trim(v.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
	if !valid || len(v.text) > 35 { // RFC 5646 4.4.1
		return errors.New("is not the tag of a language, such as en or zh-hans")
	}
	*to = v.text
	return nil
}

var layouts = []string{string(digest.LayoutSections), string(digest.LayoutAuto), string(digest.LayoutCompact), string(digest.LayoutRich)}

func setLayout(p *Person, v value) error {
	layout := strings.ToLower(v.text)
	if layout != "" && !slices.Contains(layouts, layout) {
		return fmt.Errorf("is none of %s; leave it empty for the operator's default", strings.Join(layouts, ", "))
	}
	p.Layout = digest.Layout(layout)
	return nil
}

// flags are the words for yes and no. Spreadsheets write TRUE and FALSE by themselves.
var flags = map[string]bool{"yes": true, "true": true, "1": true, "no": false, "false": false, "0": false, "": false}

func setFlag(to *bool, v value) error {
	on, known := flags[strings.ToLower(v.text)]
	if !known {
		return errors.New("is neither yes nor no")
	}
	*to = on
	return nil
}

var everyNames = map[int]string{0: "", 2: "2", 4: "4", subscribers.Monthly: "monthly"}

func setEvery(p *Person, v value) error {
	return lookUp(&p.Every, everyNames, v, "is none of 2 (every second issue), 4 (every fourth), monthly (the headlines of a month); leave it empty for every issue")
}

var adviceNames = map[subscribers.LayoutAdvice]string{subscribers.NoAdvice: "", subscribers.LayoutAsked: "asked", subscribers.LayoutHinted: "hinted"}

func setAdvice(p *Person, v value) error {
	return lookUp(&p.LayoutAdvice, adviceNames, v, "is neither asked nor hinted; leave it empty for who was told nothing of layouts")
}

// lookUp sets what has a name.
func lookUp[T comparable](to *T, names map[T]string, v value, wrong string) error {
	for one, name := range names {
		if strings.EqualFold(name, v.text) {
			*to = one
			return nil
		}
	}
	return errors.New(wrong)
}

func getDelivery(p *Person) value {
	t := p.Delivery
	if t.IsZero() {
		return value{}
	}
	return value{text: fmt.Sprintf("%s %02d:%02d", t.Weekday, t.Minute/60, t.Minute%60)}
}

// setDelivery reads a weekday, of which three letters are enough, and a time of day.
func setDelivery(p *Person, v value) error {
	p.Delivery.Weekday, p.Delivery.Minute = 0, 0
	if v.text == "" {
		return nil
	}
	day, clock, _ := strings.Cut(strings.ToLower(v.text), " ")
	at, err := time.Parse("15:04", strings.TrimSpace(clock))
	for weekday := time.Sunday; err == nil && len(day) >= 3 && weekday <= time.Saturday; weekday++ {
		if strings.HasPrefix(strings.ToLower(weekday.String()), day) {
			p.Delivery.Weekday, p.Delivery.Minute = weekday, at.Hour()*60+at.Minute()
			return nil
		}
	}
	return errors.New("is not a weekday and a time of day, such as Friday 09:00")
}

func setMuted(p *Person, v value) error {
	for _, name := range v.list {
		if err := checkName(name); err != nil {
			return err
		}
	}
	p.Muted = withoutTwins(v.list, digest.SectionKey)
	return nil
}

func checkName(section string) error {
	if digest.Units(section) > maxName {
		return fmt.Errorf("has the name of a section that is longer than %d characters: %s; put | between two names", maxName, shown(section))
	}
	return nil
}

// withoutTwins returns a list without those that are the same as one before.
func withoutTwins(list []string, key func(string) string) (rest []string) {
	seen := make(map[string]bool, len(list))
	for _, one := range list {
		if k := key(one); !seen[k] {
			seen[k], rest = true, append(rest, one)
		}
	}
	return rest
}

func setWords(to *[]string, v value) error {
	*to = nil
	for _, one := range v.list {
		w, ok := subscribers.NewWord(one, false)
		switch {
		case !ok:
			return fmt.Errorf("has a word without a letter or digit: %s", shown(one))
		case digest.Units(w.Text) > subscribers.MaxWordUnits:
			return fmt.Errorf("has a word that is longer than %d characters: %s; put | between two words", subscribers.MaxWordUnits, shown(one))
		}
		*to = append(*to, w.Text)
	}
	*to = withoutTwins(*to, foldWord)
	return nil
}

// foldWord returns what tells a word from others.
func foldWord(text string) string {
	w, _ := subscribers.NewWord(text, false)
	return w.Fold
}

func getTopicIDs(p *Person) (v value) {
	for _, t := range p.TopicIDs {
		v.list = append(v.list, fmt.Sprintf("%d %s", t.thread, t.section))
	}
	return v
}

func setTopicIDs(p *Person, v value) error {
	p.TopicIDs = nil
	for _, one := range v.list {
		id, name, _ := strings.Cut(one, " ")
		thread, err := strconv.Atoi(id)
		if err != nil || thread <= 0 || thread > 1<<31-1 || strings.TrimSpace(name) == "" {
			return fmt.Errorf("is not a list of a topic's number and a section's name each, such as 17 News: %s", shown(one))
		}
		if err := checkName(name); err != nil {
			return err
		}
		p.TopicIDs = append(p.TopicIDs, topic{section: strings.TrimSpace(name), thread: thread})
	}
	return nil
}
