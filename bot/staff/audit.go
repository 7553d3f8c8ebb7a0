package staff

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// entriesPerPage keeps a page of the audit lower than two screens of a phone.
const entriesPerPage = 10

// Audit shows what was done, the newest first, or only what was done with the issue, or by
// the person, that an admin names.
func (st *Staff) Audit(ctx context.Context, v talk.Visit, args string) error {
	st.keepRefused(ctx)
	about, err := st.findAbout(ctx, args)
	if errors.Is(err, subscribers.ErrNotFound) {
		st.Say(ctx, v, v.HTML("audit.unknown", talk.Values{"Name": talk.Echo(args)}), nil)
		return nil
	}
	if err != nil {
		return err
	}
	text, k, err := st.auditPage(ctx, v.Speaker, about, 0)
	if err == nil {
		st.Say(ctx, v, text, k)
	}
	return err
}

// findAbout returns what is wanted of the audit, or ErrNotFound. Names with an @ are those of
// people.
func (st *Staff) findAbout(ctx context.Context, args string) (about subscribers.AuditAbout, err error) {
	if args == "" {
		return about, nil
	}
	name, isPerson := strings.CutPrefix(args, "@")
	if !isPerson {
		named, err := st.Store.IssuesNamed(ctx, args)
		if err == nil {
			about.Issue = named[0].ID
		}
		if !errors.Is(err, subscribers.ErrNotFound) {
			return about, err
		}
	}
	people, err := st.Store.AuditPeople(ctx, maxPeople)
	if err != nil {
		return about, err
	}
	for _, user := range people {
		if st.isCalled(ctx, user, name) {
			about.By = user
			return about, nil
		}
	}
	return about, subscribers.ErrNotFound
}

// PressAudit shows another page of the audit, of everything or of an issue.
func (st *Staff) PressAudit(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if issue := p.Numbers[0]; issue != 0 {
		if _, err := st.Store.Issue(ctx, issue); err != nil {
			return talk.MissingReply(p, err)
		}
	}
	return st.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return st.auditPage(ctx, p.Speaker, subscribers.AuditAbout{Issue: p.Numbers[0]}, p.Numbers[1])
	}), nil
}

// PressAuditBy shows a page of what a person did. Who is not in the audit is not asked for.
func (st *Staff) PressAuditBy(ctx context.Context, p talk.Press) (talk.Reply, error) {
	about := subscribers.AuditAbout{By: p.Numbers[0]}
	_, total, err := st.Store.AuditOf(ctx, about, 0, 0)
	if err != nil {
		return talk.Reply{}, err
	}
	if about.By <= 0 || total == 0 {
		return talk.OutOfDateReply(p), nil
	}
	return st.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return st.auditPage(ctx, p.Speaker, about, p.Numbers[1])
	}), nil
}

// auditPage is a page of the audit.
func (st *Staff) auditPage(ctx context.Context, s talk.Speaker, about subscribers.AuditAbout, page int64) (string, talk.Keyboard, error) {
	_, total, err := st.Store.AuditOf(ctx, about, 0, 0)
	if err != nil {
		return "", nil, err
	}
	at, pages := talk.NearestPage(page, total, entriesPerPage)
	entries, _, err := st.Store.AuditOf(ctx, about, entriesPerPage, at*entriesPerPage)
	if err != nil {
		return "", nil, err
	}
	heading, err := st.auditHeading(ctx, s, about)
	if err != nil {
		return "", nil, err
	}
	if total == 0 {
		return talk.Paragraphs(heading, s.HTML("audit.none")), nil, nil
	}
	k, err := st.auditKeyboard(ctx, s, about, at, pages)
	return talk.Paragraphs(append([]string{heading}, st.days(ctx, s, entries)...)...), k, err
}

// auditHeading says what a page of the audit is about.
func (st *Staff) auditHeading(ctx context.Context, s talk.Speaker, about subscribers.AuditAbout) (string, error) {
	switch {
	case about.By != 0:
		return s.HTML("audit.by_person", talk.Values{"Person": st.person(ctx, s, about.By)}), nil
	case about.Issue == 0:
		return s.HTML("audit.title"), nil
	}
	issue, err := st.Store.Issue(ctx, about.Issue)
	return s.HTML("audit.of_issue", talk.Values{"Issue": talk.IssueName(s, issue)}), err
}

const (
	maxPeople    = 30 // who are looked through for a name
	shownPeople  = 6  // who have a button
	peoplePerRow = 2
)

// auditKeyboard has the other pages and, under everything, the people who did something, if
// there are several.
func (st *Staff) auditKeyboard(ctx context.Context, s talk.Speaker, about subscribers.AuditAbout, page, pages int) (talk.Keyboard, error) {
	if about.By != 0 {
		return append(talk.Pager(page, pages, talk.ActAuditBy, about.By), talk.Row(talk.Button(s.Plain("button.audit_all"), talk.ActAudit, 0, 0))), nil
	}
	k := talk.Pager(page, pages, talk.ActAudit, about.Issue)
	if about.Issue != 0 {
		return k, nil
	}
	people, err := st.Store.AuditPeople(ctx, shownPeople)
	if err != nil || len(people) < 2 {
		return k, err
	}
	for some := range slices.Chunk(people, peoplePerRow) {
		var row []models.InlineKeyboardButton
		for _, user := range some {
			text := s.Plain("button.audit_by", talk.Values{"Person": talk.Label(st.person(ctx, s, user), talk.ButtonUnits)})
			row = append(row, talk.Button(text, talk.ActAuditBy, user, 0))
		}
		k = append(k, row)
	}
	return k, nil
}

// days returns entries as paragraphs, one for each day.
func (st *Staff) days(ctx context.Context, s talk.Speaker, entries []subscribers.AuditEntry) (all []string) {
	day, lines := "", []string(nil)
	for _, e := range entries {
		if d := s.Date(s.Local(e.At)); d != day {
			if lines != nil {
				all = append(all, talk.Lines(lines...))
			}
			day, lines = d, []string{"<b>" + talk.Escape(d) + "</b>"}
		}
		lines = append(lines, st.line(ctx, s, e))
	}
	return append(all, talk.Lines(lines...))
}

// line is a sentence that says who did what, when and where.
func (st *Staff) line(ctx context.Context, s talk.Speaker, e subscribers.AuditEntry) string {
	said := talk.Values{"Time": s.Local(e.At).Format("15:04"), "Deed": talk.SafeHTML(st.deed(ctx, s, e))}
	switch e.By.User {
	case subscribers.CommandLine:
		return s.HTML("audit.command_line", said)
	case subscribers.Program:
		return s.HTML("audit.program", said)
	}
	said["Person"] = st.person(ctx, s, e.By.User)
	if e.By.Chat != e.By.User {
		said["Chat"] = strconv.FormatInt(e.By.Chat, 10)
		return s.HTML("audit.in_chat", said)
	}
	return s.HTML("audit.line", said)
}

// maxFact is how many UTF-16 units of a name or reason a line shows.
const maxFact = 80

// deed says what was done.
func (st *Staff) deed(ctx context.Context, s talk.Speaker, e subscribers.AuditEntry) string {
	said := talk.Values{
		"Issue":       st.issue(ctx, s, e.On.Issue),
		"Subscribers": s.Plain("count.subscribers", talk.Values{"Count": e.Facts.Count}),
		"Number":      strconv.Itoa(e.Facts.Count),
		"From":        fact(s, e.Facts.From),
		"To":          fact(s, e.Facts.To),
		"Reason":      fact(s, e.Facts.Reason),
	}
	if e.On.Person != 0 {
		said["Person"] = st.person(ctx, s, e.On.Person)
	}
	key := strings.ReplaceAll(string(e.Deed), " ", "_")
	switch {
	case e.Deed == subscribers.DeedPause && e.By.User == subscribers.Program:
		why := subscribers.ParsePauseReason(e.Facts.Reason)
		key = "pause_program"
		if why.Kind == subscribers.PausedAfterCanary {
			key = "pause_canary"
		}
		said["Reason"] = digest.ShortenUnits(talk.MaskToken(st.config.PauseReason(s, why), st.Token), maxFact)
	case e.Deed == subscribers.DeedRemove && e.On.Person == e.By.User:
		key = "remove_self"
	}
	return s.HTML("deed."+key, said)
}

// issue names the issue on which something was done.
func (st *Staff) issue(ctx context.Context, s talk.Speaker, id int64) any {
	issue, err := st.Store.Issue(ctx, id)
	if err != nil { // an old entry does not say which
		return s.Plain("audit.some_issue")
	}
	return talk.IssueName(s, issue)
}

// fact returns a name or reason in one line, and a date as people write it.
func fact(s talk.Speaker, text string) string {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return s.Date(day)
	}
	return digest.ShortenUnits(text, maxFact)
}
