package figures

import (
	"context"
	"database/sql"
	"time"

	"digestbot/subscribers/database"
	"digestbot/subscribers/feedback"
)

// Votes are the votes of readers on the sections of an issue.
type Votes struct {
	Issue    int64 // its id
	Began    time.Time
	Open     bool             // readers may still vote
	Sections []feedback.Total // with votes, in the order of the issue
}

// readVotes reads the votes on the last issues that have any.
func readVotes(ctx context.Context, q database.Queryer, o Options) (all []Votes, err error) {
	polls, err := database.Collect(ctx, q, func(rows *sql.Rows) (v Votes, err error) {
		var began int64
		err = rows.Scan(&v.Issue, &began, &v.Open)
		v.Began = time.Unix(began, 0).In(o.Zone)
		return v, err
	}, `
		SELECT p.issue_id, p.opened_at, NOT p.closed
		FROM polls p
		JOIN issues i ON i.id = p.issue_id
		ORDER BY i.published_on DESC, i.number DESC, i.id DESC`)
	if err != nil {
		return nil, err
	}
	for _, v := range polls {
		if o.Issues > 0 && len(all) == o.Issues {
			break
		}
		if v.Sections, err = feedback.ReadTotals(ctx, q, v.Issue); err != nil {
			return nil, err
		}
		if len(v.Sections) > 0 { // else those who voted have taken it back
			all = append(all, v)
		}
	}
	return all, nil
}
