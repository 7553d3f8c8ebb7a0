package archive

import (
	"context"
	"time"

	"digestbot/digest"
)

// An issue dated more than a week ahead, by a slip or on purpose, is neither shown nor
// sent until its date is near. Its date is compared whenever issues are read, so
// nothing has to be changed when the time has come. Admins are told of it once.

// AheadSQL is true for issues dated more than a week ahead; date is the column with the
// date. The date in it is no parameter, so that this fits into any statement; it does
// not come from outside.
func AheadSQL(date string) string {
	return date + " > '" + digest.LastDate(time.Now()).Format(time.DateOnly) + "'"
}

// IsAhead reports whether an issue is dated more than a week ahead.
func (i Issue) IsAhead() bool { return i.Date.After(digest.LastDate(time.Now())) }

// IssuesAhead returns the issues dated more than a week ahead that are not withdrawn,
// the earliest first: at most limit.
func (a *Archive) IssuesAhead(ctx context.Context, limit int) ([]Issue, error) {
	return a.issues(ctx, "WHERE NOT "+withdrawn+" AND "+AheadSQL("published_on")+" ORDER BY published_on, number, id LIMIT ?", limit)
}
