package subscribers

import (
	"context"
	"database/sql"
	"fmt"
)

// Issues returns the issues of the archive, newest first: limit of them from
// offset on, and how many there are.
func (s *Store) Issues(ctx context.Context, limit, offset int) (issues []Issue, total int, err error) {
	issues, err = collect(ctx, s.reads, func(rows *sql.Rows) (Issue, error) { return scanIssue(rows) }, `
		SELECT `+issueColumns+`
		FROM issues
		ORDER BY published_on DESC, number DESC, id DESC
		LIMIT ? OFFSET ?`, limit, offset)
	if err == nil {
		err = s.reads.QueryRowContext(ctx, "SELECT count(*) FROM issues").Scan(&total)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read the archive: %w", err)
	}
	return issues, total, nil
}

// IssueByKey returns the issue with that key, whatever the case of its letters,
// or ErrNotFound.
func (s *Store) IssueByKey(ctx context.Context, key string) (Issue, error) {
	return findIssue(ctx, s.reads, "key = ?1 COLLATE NOCASE ORDER BY key = ?1 DESC, id DESC LIMIT 1", key)
}

// IssueSections returns the sections of an issue that have messages in its
// newest edition, in their order.
func (s *Store) IssueSections(ctx context.Context, issue Issue) ([]Section, error) {
	sections, err := collect(ctx, s.reads, func(rows *sql.Rows) (sec Section, err error) {
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
// the order of sending; none when it has no such section.
func (s *Store) SectionMessages(ctx context.Context, issue Issue, section int64) ([]Message, error) {
	messages, err := s.Messages(ctx, issue.ID, issue.Edition)
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
