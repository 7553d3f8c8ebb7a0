package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"digestbot/digest/document"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/intake/sourceline"
)

// lookAtWeb asks the address of a source whether there is something new, and takes it.
func (s *Sources) lookAtWeb(ctx context.Context, src *source) error {
	now := time.Now()
	src.row.Looked = now
	answer, err := s.Fetch(ctx, fetch.Request{Address: cmp.Or(src.row.Address, src.line.Address), Limit: document.MaxSize, Have: src.version()})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return s.failed(src, err)
	}
	if !answer.Unchanged {
		if err := s.takeAnswer(ctx, src, fetched(answer)); err != nil || ctx.Err() != nil {
			return err
		}
		if src.setVersion(answer.Version); src.again {
			src.row.Version = ""
		}
	}
	if answer.Moved != "" && answer.Moved != src.row.Address { // it was read, so it is the source
		src.row.Address = answer.Moved
		s.log.Info("source has moved for good", "source", src.name(), "address", fetch.Shown(answer.Moved))
	}
	s.answered(src)
	return nil
}

// takeAnswer takes what is new in a document from the web. A document that cannot be read
// is a failure of the source; one that cannot be kept is none.
func (s *Sources) takeAnswer(ctx context.Context, src *source, d Document) error {
	kind, err := kindOf(src, d)
	if err != nil {
		return s.failed(src, err)
	}
	take := map[sourceline.Kind]func(context.Context, *source, Document) error{
		sourceline.Feed: s.takeFeed, sourceline.Page: s.takePage, sourceline.Index: s.takeIndex,
	}
	if err := take[kind](ctx, src, d); err != nil {
		return err
	}
	src.row.Kind = string(kind)
	return nil
}

// kindOf returns what a source is, as its line or else its document says. A source that was
// a feed is none with a page at its address: that may be what the server says of its trouble,
// which nobody wants to send to readers.
func kindOf(src *source, d Document) (sourceline.Kind, error) {
	isFeed := document.IsFeed(d.Data)
	switch {
	case src.line.Kind == sourceline.Feed && !isFeed:
		return "", noFeed(d)
	case src.line.Kind != sourceline.Guess:
		return src.line.Kind, nil
	case isFeed:
		return sourceline.Feed, nil
	case src.row.Kind == string(sourceline.Feed):
		return "", fmt.Errorf("%w; if you mean the page that is there now, add kind=page", noFeed(d))
	}
	return sourceline.Page, nil
}

// noFeed says where the feed is, if what is at its address is a page that knows. The address
// of a site is easily taken for that of its feed.
func noFeed(d Document) error {
	cure := "look for a link such as RSS, Atom or Feed on the site, and give its address"
	if feed := document.FeedNamed(d.Name, d.Data); feed != "" {
		cure = "the site says that its feed is " + feed + ", so give that"
	}
	return fmt.Errorf("%s: %w: %s", fetch.Shown(d.Name), errNoFeed, cure)
}

var errNoFeed = errors.New("there is no feed at this address")

// begun notes that the first look at a source is over.
func (s *source) begun(now time.Time) {
	if s.row.Begun.IsZero() {
		s.row.Begun = now
	}
}

// version returns what the server said last about the document.
func (s *source) version() (v fetch.Version) {
	if s.row.Version != "" && json.Unmarshal([]byte(s.row.Version), &v) != nil {
		return fetch.Version{} // it is fetched once more
	}
	return v
}

func (s *source) setVersion(v fetch.Version) {
	s.row.Version = ""
	if text, err := json.Marshal(v); err == nil && v != (fetch.Version{}) {
		s.row.Version = string(text)
	}
}

// How a source is asked again after failures.
const (
	firstPause  = 5 * time.Minute // it doubles with each failure
	longestRest = 6 * time.Hour
)

// Admins are told after so many failures in a row, or when the first is so long ago.
const (
	tellAfter     = 3
	tellAfterTime = 24 * time.Hour
)

// pauseAfter returns how long a source is left alone after failures in a row.
func pauseAfter(failures int) time.Duration {
	return min(firstPause<<min(failures-1, 10), longestRest)
}

// failed notes that a source did not answer, or with nothing that can be read.
func (s *Sources) failed(src *source, cause error) error {
	now, row := time.Now(), &src.row
	if row.Failures == 0 {
		row.FailingSince = now
	}
	row.Failures++
	row.Retry = now.Add(pauseAfter(row.Failures))
	if e, ok := errors.AsType[*fetch.Error](cause); ok {
		if e.RetryAfter > 0 {
			row.WaitUntil = now.Add(e.RetryAfter)
			row.Retry = later(row.Retry, row.WaitUntil)
		}
		if e.Kind == fetch.Gone && row.Address != "" {
			row.Address = "" // perhaps it is back where it was
		}
	}
	// One that has never answered is most likely a mistake in its address.
	if row.Failures >= tellAfter || now.Sub(row.FailingSince) >= tellAfterTime || row.Succeeded.IsZero() {
		row.Told, src.told = true, true
	}
	return cause
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// answered notes that a source has answered.
func (s *Sources) answered(src *source) {
	now, row := time.Now(), &src.row
	if row.Failures > 0 {
		s.log.Info("source answers again", "source", src.name(), "failures", row.Failures)
	}
	if row.Told && !src.told && s.Recovered != nil {
		s.Recovered(context.Background(), src.name())
	}
	row.Succeeded, row.Failures, row.FailingSince, row.Retry, row.WaitUntil = now, 0, time.Time{}, time.Time{}, time.Time{}
	row.Told, src.told = false, false
	src.begun(now)
}
