package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/database"
)

// State is a number and a day that together change whenever something changes in what
// readers are shown of the archive, whoever changes it.
type State struct {
	Revision int64
	Last     string // the date from which on issues are ahead
}

// State returns the state of the archive. It costs one look at an index.
func (a *Archive) State(ctx context.Context) (s State, err error) {
	s.Last = digest.LastDate(time.Now()).Format(time.DateOnly)
	err = a.reads.QueryRowContext(ctx, "SELECT coalesce(max(revision), 0) FROM searchable").Scan(&s.Revision)
	if err != nil {
		return s, fmt.Errorf("read the state of the archive: %w", err)
	}
	return s, nil
}

// LinkName names an issue in a link: by its number, unless another issue that would be found
// first has the same, else by its database id. ListedIssue reads it.
func (a *Archive) LinkName(ctx context.Context, issue Issue) (string, error) {
	if issue.Number != 0 {
		namesake, err := a.IssueByNumber(ctx, issue.Number)
		if err != nil {
			return "", err
		}
		if namesake.ID == issue.ID {
			return strconv.Itoa(issue.Number), nil
		}
	}
	return IDPrefix + strconv.FormatInt(issue.ID, 10), nil
}

// ListedIssue returns the issue that LinkName names, if it is one of those that Issues
// returns, else ErrNotFound.
func (a *Archive) ListedIssue(ctx context.Context, name string) (Issue, error) {
	if id, ok := strings.CutPrefix(name, IDPrefix); ok {
		return a.listedBy(ctx, "id", id)
	}
	return a.listedBy(ctx, "number", name)
}

func (a *Archive) listedBy(ctx context.Context, column, digits string) (Issue, error) {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != digits {
		return Issue{}, fmt.Errorf("find issue: %w", database.ErrNotFound)
	}
	return findIssue(ctx, a.reads, column+" = ? AND "+listed()+" "+newestFirst+" LIMIT 1", n)
}

// ChangedAt returns when an issue was added, and when it got its newest text; corrected is the
// zero time if it has its first.
func (a *Archive) ChangedAt(ctx context.Context, issue Issue) (added, corrected time.Time, err error) {
	var addedAt, correctedAt int64
	err = a.reads.QueryRowContext(ctx, "SELECT added_at, corrected_at FROM issues WHERE id = ?", issue.ID).Scan(&addedAt, &correctedAt)
	if err != nil {
		return added, corrected, fmt.Errorf("read issue %d: %w", issue.ID, database.NotFound(err))
	}
	if correctedAt != 0 {
		corrected = time.Unix(correctedAt, 0).UTC()
	}
	return time.Unix(addedAt, 0).UTC(), corrected, nil
}

// ListedSections returns the sections of the issues that Issues returns, each named as the
// newest of these issues names it: those of the newest issue in its order, then those of the
// issue before, and so on.
func (a *Archive) ListedSections(ctx context.Context) ([]CountedSection, error) {
	sections, err := database.Collect(ctx, a.reads, func(rows *sql.Rows) (CountedSection, error) { return scanCountedSection(rows) }, `
		WITH ages AS (
			SELECT id AS issue, row_number() OVER (`+newestFirst+`) AS age
			FROM issues
			WHERE `+listed()+`
		), counted AS (
			SELECT o.section_id, o.issue_id, o.position, count(DISTINCT o.issue_id) AS issues, min(age) AS newest
			FROM issue_sections o
			JOIN ages ON issue = o.issue_id
			GROUP BY o.section_id
		)
		SELECT s.id, s.key,
			coalesce(n.digest ->> ('$.sections[' || c.position || '].name'), s.name),
			coalesce(n.digest ->> ('$.sections[' || c.position || '].emoji'), ''),
			c.issues, c.newest, c.position
		FROM counted c
		JOIN sections s ON s.id = c.section_id
		JOIN issues n ON n.id = c.issue_id
		ORDER BY c.newest, c.position`) // position and issue_id are those of the minimum: sqlite.org/lang_select.html#bareagg
	if err != nil {
		return nil, fmt.Errorf("read sections: %w", err)
	}
	return sections, nil
}

// IssuesWith returns the newest, at most limit, of the issues that Issues returns that have
// a section.
func (a *Archive) IssuesWith(ctx context.Context, section int64, limit int) ([]Issue, error) {
	return a.issues(ctx, "WHERE "+listed()+` AND id IN (SELECT issue_id FROM issue_sections WHERE section_id = ?)
		`+newestFirst+` LIMIT ?`, section, limit)
}

// Merged returns the id of the section that one was merged into, or its own, or ErrNotFound.
func (a *Archive) Merged(ctx context.Context, section int64) (id int64, err error) {
	err = a.reads.QueryRowContext(ctx, "SELECT coalesce(merged_into, id) FROM sections WHERE id = ?", section).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("read section %d: %w", section, database.NotFound(err))
	}
	return id, nil
}

// MergedSections returns into which sections others were merged, by their ids.
func (a *Archive) MergedSections(ctx context.Context) (map[int64]int64, error) {
	pairs, err := database.Collect(ctx, a.reads, func(rows *sql.Rows) (p [2]int64, err error) { return p, rows.Scan(&p[0], &p[1]) },
		"SELECT id, merged_into FROM sections WHERE merged_into IS NOT NULL")
	if err != nil {
		return nil, fmt.Errorf("read merged sections: %w", err)
	}
	into := make(map[int64]int64, len(pairs))
	for _, p := range pairs {
		into[p[0]] = p[1]
	}
	return into, nil
}

// PositionsOf returns where a section stands in an issue, counted from 0: several times if
// other sections were merged into it.
func (a *Archive) PositionsOf(ctx context.Context, issue Issue, section int64) ([]int, error) {
	positions, err := database.Collect(ctx, a.reads, func(rows *sql.Rows) (at int, err error) { return at, rows.Scan(&at) },
		"SELECT position FROM issue_sections WHERE issue_id = ? AND section_id = ? ORDER BY position", issue.ID, section)
	if err != nil {
		return nil, fmt.Errorf("read sections of issue %d: %w", issue.ID, err)
	}
	return positions, nil
}

// Beside returns the issue after one and the issue before it, of those that Issues returns;
// empty: there is none.
func (a *Archive) Beside(ctx context.Context, issue Issue) (after, before []Issue, err error) {
	of := "(SELECT published_on, coalesce(number, 0), id FROM issues WHERE id = ?)"
	after, err = a.issues(ctx, "WHERE "+listed()+" AND "+place+" > "+of+" ORDER BY published_on, coalesce(number, 0), id LIMIT 1", issue.ID)
	if err != nil {
		return nil, nil, err
	}
	before, err = a.issues(ctx, "WHERE "+listed()+" AND "+place+" < "+of+" "+newestFirst+" LIMIT 1", issue.ID)
	return after, before, err
}
