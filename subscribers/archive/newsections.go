package archive

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"time"

	"digestbot/digest"
)

// A section that readers have not seen before is marked in its heading, once: in
// the first issue that has it, where its heading first stands. Nothing is marked in
// the archive's oldest issue, where everything is new. Neither is a section that is in
// a newer issue, if that was archived earlier. When an issue is corrected, the sections
// it had stay marked or unmarked; only those that are added are looked at anew. A heading
// that names a story will not come again, so it is not marked. None is marked in a digest
// most of whose headings come once.

// markNew returns the issue with the sections marked that are new in it. ids are
// those of its sections, before is what it was until it was corrected; nil: the
// issue itself is new.
func markNew(ctx context.Context, tx *sql.Tx, row Issue, issue *digest.Issue, ids []int64, before *digest.Issue) (*digest.Issue, error) {
	had, err := marksOf(ctx, tx, before)
	if err != nil {
		return nil, err
	}
	oneOffs := sync.OnceValues(func() (bool, error) { return areMostlyOneOff(ctx, tx, row) }) // most issues have nothing new
	marked := *issue
	marked.Sections = slices.Clone(issue.Sections)
	for i, id := range ids {
		isNew := false
		mayBe := had[id] || !namesStory(issue.Sections[i].Name)
		if mayBe && !slices.Contains(ids[:i], id) {
			if isNew, err = isNewIn(ctx, tx, row, id, had); err != nil {
				return nil, err
			}
		}
		if isNew && !had[id] {
			all, err := oneOffs()
			if err != nil {
				return nil, err
			}
			isNew = !all
		}
		marked.Sections[i].New = isNew
	}
	return &marked, nil
}

// namesStory reports whether a heading reads like the title of a story, which will not come
// again: it has two parts, asks or exclaims, or is long.
func namesStory(name string) bool {
	const longest = 40 // columns
	return strings.ContainsAny(name, ":：?？!！") || digest.Width(name) > longest
}

// marksOf returns the sections of an issue, by id, and whether each is marked.
func marksOf(ctx context.Context, tx *sql.Tx, issue *digest.Issue) (map[int64]bool, error) {
	marks := make(map[int64]bool)
	if issue == nil {
		return marks, nil
	}
	for _, section := range issue.Sections {
		id, err := sectionOf(ctx, tx, section.Key)
		if err != nil {
			return nil, err
		}
		if id != 0 {
			marks[id] = marks[id] || section.New
		}
	}
	return marks, nil
}

// isNewIn reports whether a section is to be marked in an issue. had holds the marks
// of the issue before its correction.
func isNewIn(ctx context.Context, tx *sql.Tx, row Issue, section int64, had map[int64]bool) (bool, error) {
	marked, known := had[section]
	if known && !marked {
		return false, nil
	}
	date := row.Date.Format(time.DateOnly)
	const others = `
		SELECT 1
		FROM issue_sections o
		JOIN issues i ON i.id = o.issue_id
		WHERE o.section_id = ?4 AND (i.published_on, coalesce(i.number, 0), i.id) `
	var follows, older, newer bool // there is an older issue; an older one has the section; a newer one has
	err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM issues WHERE `+place+` < (?1, ?2, ?3)),
			EXISTS (`+others+`< (?1, ?2, ?3))`, date, row.Number, row.ID, section).Scan(&follows, &older)
	if err != nil || !follows || older {
		return false, err
	}
	if known {
		return true, nil
	}
	err = tx.QueryRowContext(ctx, "SELECT EXISTS ("+others+"> (?1, ?2, ?3))", date, row.Number, row.ID, section).Scan(&newer)
	return !newer, err
}

// areMostlyOneOff reports whether most headings of issues older than this one are in one
// issue only. Those of the issue right before it may still come again, and do not count.
func areMostlyOneOff(ctx context.Context, tx *sql.Tx, row Issue) (bool, error) {
	const few = 3 // headings that were tried out, or renamed
	var once, again int
	err := tx.QueryRowContext(ctx, `
		WITH older AS (
			SELECT id FROM issues WHERE `+place+` < (?1, ?2, ?3)
			`+newestFirst+`
			LIMIT 20 OFFSET 1
		), headings AS (
			SELECT DISTINCT section_id FROM issue_sections WHERE issue_id IN older
		)
		SELECT count(*) FILTER (WHERE one_off), count(*) FILTER (WHERE NOT one_off)
		FROM (SELECT `+OneOffSQL("headings.section_id")+` AS one_off FROM headings)`,
		row.Date.Format(time.DateOnly), row.Number, row.ID).Scan(&once, &again)
	return once > few && once > again, err
}
