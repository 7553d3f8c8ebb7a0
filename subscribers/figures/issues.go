package figures

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/database"
)

// Issue is what became of an issue in a broadcast, in subscribers instead of messages.
type Issue struct {
	Issue       int64 // its id
	Broadcast   int64
	Began       time.Time
	State       subscribers.BroadcastState
	Subscribers int       // all who were to get it
	Have        int       // who got what they wanted of it
	Others      []Without // the rest, the most frequent first
}

// Without is how many subscribers have not got an issue, and why.
type Without struct {
	Outcome     subscribers.Outcome // OutcomeSkipped, OutcomeFailed or OutcomePending
	Reason      subscribers.Reason  // ReasonMuted: they have muted all of it
	Subscribers int
}

// readIssues reads the last broadcasts.
func readIssues(ctx context.Context, q database.Queryer, o Options) ([]Issue, error) {
	issues, err := database.Collect(ctx, q, func(rows *sql.Rows) (i Issue, err error) {
		var began int64
		err = rows.Scan(&i.Issue, &i.Broadcast, &began, &i.State, &i.Subscribers)
		i.Began = time.Unix(began, 0).In(o.Zone)
		return i, err
	}, `
		SELECT issue_id, id, created_at, state, subscribers
		FROM broadcasts
		ORDER BY id DESC
		LIMIT ?`, cmp.Or(o.Issues, -1))
	if err != nil {
		return nil, err
	}
	for i := range issues {
		if err := issues[i].readOthers(ctx, q); err != nil {
			return nil, err
		}
	}
	return issues, nil
}

// readOthers reads who has not got the issue. As in the books of messages, what a delivery
// that was aggregated says is in the totals.
func (i *Issue) readOthers(ctx context.Context, q database.Queryer) (err error) {
	i.Others, err = database.Collect(ctx, q, func(rows *sql.Rows) (w Without, err error) {
		return w, rows.Scan(&w.Outcome, &w.Reason, &w.Subscribers)
	}, `
		SELECT outcome, reason, sum(n)
		FROM (
			SELECT outcome, reason, subscribers AS n
			FROM totals
			WHERE broadcast_id = ?2 AND subscribers > 0
			UNION ALL
			SELECT iif(state = 'done', 'skipped', state) AS outcome, iif(state = 'done', '`+string(subscribers.ReasonMuted)+`', reason), count(*)
			FROM deliveries
			WHERE issue_id = ?1 AND broadcast_id = ?2 AND (state <> 'done' OR muted > 0 AND sent = 0 AND uncertain = 0)
			GROUP BY 1, 2
		)
		GROUP BY 1, 2`, i.Issue, i.Broadcast)
	slices.SortFunc(i.Others, func(x, y Without) int {
		return cmp.Or(-cmp.Compare(x.Subscribers, y.Subscribers), cmp.Compare(x.Outcome, y.Outcome), cmp.Compare(x.Reason, y.Reason))
	})
	i.Have = i.Subscribers
	for _, w := range i.Others {
		i.Have -= w.Subscribers
	}
	return err
}
