package figures

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// Section is how many subscribers get a section.
type Section struct {
	archive.Section     // empty: the switch of sections that are in one issue only
	Audience        int // subscribers that are on and have not muted it
	Muted           int // subscribers that are on and have
}

// recentIssues is how many of the newest issues a section may be missing from before it is
// taken for a former one, which is left out unless somebody still mutes it.
const recentIssues = 12

// readSections counts who gets which section. on is how many subscribers are on.
func readSections(ctx context.Context, q database.Queryer, on int) (all []Section, other *Section, err error) {
	all, err = database.Collect(ctx, q, func(rows *sql.Rows) (s Section, err error) {
		return s, rows.Scan(&s.ID, &s.Key, &s.Name, &s.Emoji, &s.Muted)
	}, `
		WITH muting AS (
			SELECT m.section_id, count(*) AS n
			FROM muted_sections m
			CROSS JOIN subscribers u ON u.id = m.subscriber_id AND u.state = 'on' -- CROSS: as for words
			GROUP BY m.section_id
		)
		SELECT s.id, s.key, s.name, s.emoji, coalesce(muting.n, 0)
		FROM sections s
		LEFT JOIN muting ON muting.section_id = s.id
		WHERE s.merged_into IS NULL AND (
			muting.n > 0 OR NOT `+archive.OneOffSQL("s.id")+` AND EXISTS (
				SELECT 1
				FROM issue_sections i
				WHERE i.section_id = s.id AND i.issue_id IN (`+archive.RecentSQL(recentIssues)+`)))`)
	if err != nil {
		return nil, nil, err
	}
	for i := range all {
		all[i].Audience = on - all[i].Muted
	}
	slices.SortFunc(all, func(x, y Section) int {
		return cmp.Or(cmp.Compare(x.Muted, y.Muted), strings.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
	other, err = readOther(ctx, q, on)
	return all, other, err
}

func readOther(ctx context.Context, q database.Queryer, on int) (*Section, error) {
	var s Section
	var exists bool
	err := q.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM muted_other m JOIN subscribers u ON u.id = m.subscriber_id AND u.state = 'on'),
			EXISTS (SELECT 1 FROM sections s WHERE s.merged_into IS NULL AND `+archive.OneOffSQL("s.id")+`)`).Scan(&s.Muted, &exists)
	if err != nil || !exists && s.Muted == 0 {
		return nil, err
	}
	s.Audience = on - s.Muted
	return &s, nil
}
