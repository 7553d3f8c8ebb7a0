package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/digest/numerals"
	"digestbot/subscribers/database"
)

// Issue is an issue in the archive.
type Issue struct {
	ID      int64
	Key     string // digest.Issue.Key
	Number  int    // 0: none
	Title   string
	Date    time.Time // midnight UTC; see DateOf
	Edition int       // 1, and one more for every correction and every change of its date

	Withdrawn bool // see Withdraw
	Held      bool // see Hold
}

// IsHidden reports whether somebody keeps the issue from readers.
func (i Issue) IsHidden() bool { return i.Withdrawn || i.Held }

const issueColumns = "id, key, coalesce(number, 0), title, published_on, edition, " + withdrawn + ", " + held

const newestFirst = "ORDER BY published_on DESC, number DESC, id DESC"

// place is where an issue stands in that order: a newer one has a larger place.
const place = "(published_on, coalesce(number, 0), id)"

// listed is true for issues that readers are shown.
func listed() string { return "NOT " + hidden + " AND NOT " + AheadSQL("published_on") }

// NewestSQL selects the id of the issue readers would call the latest. Issues
// without dates are ordered by number: they were added on the same day.
func NewestSQL() string {
	return "SELECT id FROM issues WHERE " + listed() + " " + newestFirst + " LIMIT 1"
}

// RecentSQL selects the ids of the newest issues that readers are shown, at most n of them.
func RecentSQL(n int) string {
	return "SELECT id FROM issues WHERE " + listed() + " " + newestFirst + " LIMIT " + strconv.Itoa(n)
}

func scanIssue(row interface{ Scan(...any) error }) (i Issue, err error) {
	var date string
	if err := row.Scan(&i.ID, &i.Key, &i.Number, &i.Title, &date, &i.Edition, &i.Withdrawn, &i.Held); err != nil {
		return Issue{}, database.NotFound(err)
	}
	i.Date, err = time.Parse(time.DateOnly, date)
	return i, err
}

// Issues returns the issues of the archive, newest first: limit of them from
// offset on, and how many there are. Issues that are withdrawn, held or dated more than a
// week ahead are left out.
func (a *Archive) Issues(ctx context.Context, limit, offset int) (issues []Issue, total int, err error) {
	issues, err = a.issues(ctx, "WHERE "+listed()+" "+newestFirst+" LIMIT ? OFFSET ?", limit, offset)
	if err != nil {
		return nil, 0, err
	}
	err = a.reads.QueryRowContext(ctx, "SELECT count(*) FROM issues WHERE "+listed()).Scan(&total)
	if err != nil {
		return nil, 0, fmt.Errorf("read the archive: %w", err)
	}
	return issues, total, nil
}

// RecentIssues returns the newest issues, at most limit, including those that
// readers are not shown.
func (a *Archive) RecentIssues(ctx context.Context, limit int) ([]Issue, error) {
	return a.issues(ctx, newestFirst+" LIMIT ?", limit)
}

// IssuesNamed returns the issues that a name may mean, the likeliest first: those
// with that number, or else the one with that key. "id_7" names the issue with the
// database id 7, to tell issues with the same number apart. The error is ErrNotFound
// if there is none.
func (a *Archive) IssuesNamed(ctx context.Context, name string) ([]Issue, error) {
	if text, ok := strings.CutPrefix(name, IDPrefix); ok {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			issue, err := a.Issue(ctx, id)
			return []Issue{issue}, err
		}
	}
	if number, ok := numerals.ReadNumber(name); ok {
		issues, err := a.issues(ctx, "WHERE number = ? ORDER BY "+hidden+", published_on DESC, id DESC", number)
		if err != nil || len(issues) > 0 {
			return issues, err
		}
	}
	issue, err := a.IssueByKey(ctx, name)
	return []Issue{issue}, err
}

// IDPrefix stands before the database id of an issue where it takes the place of a
// number or key.
const IDPrefix = "id_"

func (a *Archive) issues(ctx context.Context, which string, args ...any) ([]Issue, error) {
	issues, err := database.Collect(ctx, a.reads, func(rows *sql.Rows) (Issue, error) { return scanIssue(rows) },
		"SELECT "+issueColumns+" FROM issues "+which, args...)
	if err != nil {
		return nil, fmt.Errorf("read the archive: %w", err)
	}
	return issues, nil
}

// IssuesBetween returns the newest, at most limit, of the issues that are newer than
// one and older than the other. Of these it returns those that Issues returns.
func (a *Archive) IssuesBetween(ctx context.Context, older, newer int64, limit int) ([]Issue, error) {
	return a.issues(ctx, "WHERE "+listed()+`
		AND `+place+` > (SELECT published_on, coalesce(number, 0), id FROM issues WHERE id = ?1)
		AND `+place+` < (SELECT published_on, coalesce(number, 0), id FROM issues WHERE id = ?2)
		`+newestFirst+`
		LIMIT ?3`, older, newer, limit)
}

// IssueByKey returns the issue with that key, whatever the case of its letters,
// or ErrNotFound.
func (a *Archive) IssueByKey(ctx context.Context, key string) (Issue, error) {
	return findIssue(ctx, a.reads, "key = ?1 COLLATE NOCASE ORDER BY key = ?1 DESC, id DESC LIMIT 1", key)
}

// IssueSections returns the sections of an issue that have messages in its
// newest edition, in their order.
func (a *Archive) IssueSections(ctx context.Context, issue Issue) ([]Section, error) {
	sections, err := database.Collect(ctx, a.reads, func(rows *sql.Rows) (sec Section, err error) {
		return sec, rows.Scan(&sec.ID, &sec.Key, &sec.Name, &sec.Emoji)
	}, `
		SELECT s.id, s.key, s.name, s.emoji
		FROM messages m
		JOIN sections s ON s.id = m.section_id
		WHERE m.issue_id = ? AND m.edition = ?
		GROUP BY s.id
		ORDER BY min(m.position)`, issue.ID, issue.Edition)
	if err != nil {
		return nil, fmt.Errorf("read sections of issue %d: %w", issue.ID, err)
	}
	return sections, nil
}

// SectionMessages returns the messages of one section of an issue's edition in
// the order of sending; none if it has no such section. A section that was merged into
// another one is that one.
func (a *Archive) SectionMessages(ctx context.Context, issue Issue, section int64) ([]Message, error) {
	err := a.reads.QueryRowContext(ctx, "SELECT coalesce(merged_into, id) FROM sections WHERE id = ?", section).Scan(&section)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read section %d: %w", section, err)
	}
	messages, err := a.Messages(ctx, issue.ID, issue.Edition)
	if err != nil {
		return nil, err
	}
	var its []Message
	for _, m := range messages {
		if m.SectionID != 0 && m.SectionID == section {
			its = append(its, m)
		}
	}
	return its, nil
}

// Content returns what is in the newest edition of an issue, or ErrNotFound.
func (a *Archive) Content(ctx context.Context, issue Issue) (*digest.Issue, error) {
	var encoded []byte
	err := a.reads.QueryRowContext(ctx, "SELECT digest FROM issues WHERE id = ?", issue.ID).Scan(&encoded)
	if err := database.NotFound(err); err != nil {
		return nil, fmt.Errorf("read issue %d: %w", issue.ID, err)
	}
	var content digest.Issue
	if err := json.Unmarshal(encoded, &content); err != nil {
		return nil, fmt.Errorf("read issue %d: %w", issue.ID, err)
	}
	return &content, nil
}

// IssueDocument returns the path at which the document of the issue with that key was
// found, or ErrNotFound.
func (a *Archive) IssueDocument(ctx context.Context, key string) (path string, err error) {
	err = a.reads.QueryRowContext(ctx, "SELECT document_name FROM issues WHERE key = ?", key).Scan(&path)
	if err := database.NotFound(err); err != nil {
		return "", fmt.Errorf("find issue: %w", err)
	}
	return path, nil
}

// HasDocumentIn reports whether an issue came from a document in that folder.
func (a *Archive) HasDocumentIn(ctx context.Context, folder string) (has bool, err error) {
	beginning := folder + string(filepath.Separator)
	err = a.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM issues WHERE substr(document_name, 1, length(?1)) = ?1)", beginning).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("read the archive: %w", err)
	}
	return has, nil
}

// UndatedNewestIssue returns the newest issue and the path of its document if it has
// neither a date of its own nor a number, else ErrNotFound. Such an issue may be the
// newest by accident.
func (a *Archive) UndatedNewestIssue(ctx context.Context) (issue Issue, path string, err error) {
	undated := "id = (" + NewestSQL() + ") AND number IS NULL AND digest ->> 'date' IS NULL"
	err = a.reads.QueryRowContext(ctx, "SELECT document_name FROM issues WHERE "+undated).Scan(&path)
	if err := database.NotFound(err); err != nil {
		return Issue{}, "", fmt.Errorf("find issue: %w", err)
	}
	issue, err = findIssue(ctx, a.reads, undated)
	return issue, path, err
}

// NewestIssue returns the newest issue of those that Issues returns, or ErrNotFound.
func (a *Archive) NewestIssue(ctx context.Context) (Issue, error) {
	return findIssue(ctx, a.reads, "id = ("+NewestSQL()+")")
}

// Issue returns an issue by its database id, or ErrNotFound.
func (a *Archive) Issue(ctx context.Context, id int64) (Issue, error) {
	return findIssue(ctx, a.reads, "id = ?", id)
}

// AddedAt returns when an issue came into the archive, or ErrNotFound.
func (a *Archive) AddedAt(ctx context.Context, id int64) (time.Time, error) {
	var at int64
	err := a.reads.QueryRowContext(ctx, "SELECT added_at FROM issues WHERE id = ?", id).Scan(&at)
	if err := database.NotFound(err); err != nil {
		return time.Time{}, fmt.Errorf("find issue %d: %w", id, err)
	}
	return time.Unix(at, 0).UTC(), nil
}

// IssueByNumber returns the newest issue with that number, or ErrNotFound. One that
// is neither withdrawn nor held comes first.
func (a *Archive) IssueByNumber(ctx context.Context, number int) (Issue, error) {
	return findIssue(ctx, a.reads, "number = ? ORDER BY "+hidden+", published_on DESC, id DESC LIMIT 1", number)
}

func findIssue(ctx context.Context, q database.Queryer, where string, args ...any) (Issue, error) {
	issue, err := scanIssue(q.QueryRowContext(ctx, "SELECT "+issueColumns+" FROM issues WHERE "+where, args...))
	if err != nil {
		return Issue{}, fmt.Errorf("find issue: %w", err)
	}
	return issue, nil
}
