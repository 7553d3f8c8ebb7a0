package replies

import (
	"context"

	"digestbot/subscribers/database"
)

// Open is what of readers' letters waits for somebody.
type Open struct {
	Unanswered int // conversations in which the reader has written last
	Waiting    int // letters that are to be passed on
}

// ReadOpen counts that within a transaction. Who has got an answer that could not be passed on
// counts as answered: the editor was told.
func ReadOpen(ctx context.Context, q database.Queryer) (o Open, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT (
				SELECT count(*)
				FROM conversations c
				WHERE 0 = (
					SELECT l.answer
					FROM letters l
					WHERE l.conversation_id = c.id AND (l.state IN ('waiting', 'passed') OR l.state = 'failed' AND l.answer = 1)
					ORDER BY l.id DESC
					LIMIT 1)),
			(`+countWaiting+`)`).Scan(&o.Unanswered, &o.Waiting)
	return o, err
}
