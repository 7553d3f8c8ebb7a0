// Package figures counts: who subscribes, since when and how, what they do not want, and how
// many readers got an issue. It only reads, says nothing of any single subscriber, and knows
// nothing of what anybody reads, as nobody keeps that.
//
//	all, err := figures.Read(ctx, store, figures.Options{Zone: zone, Layout: digest.LayoutSections})
//
// A group, channel or topic is one subscriber, whatever the number of its members. A figure
// stays the same when old deliveries become totals, and when somebody is forgotten.
package figures

import (
	"context"
	"fmt"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/database"
	"digestbot/subscribers/replies"
)

// Options say what Read counts.
type Options struct {
	Zone   *time.Location // whose days are counted; nil: UTC
	Layout digest.Layout  // of subscribers who have chosen none
	Issues int            // how many of the last broadcasts, and of the last issues with votes; 0: all
}

// Figures are all that is counted, at one moment.
type Figures struct {
	At       time.Time
	Audience Audience
	Sections []Section // that readers can switch, the most wanted first
	Other    *Section  // the switch of all sections that are in one issue only; nil: there are none
	Turnover Turnover
	Issues   []Issue // the last that were broadcast, the newest first
	Votes    []Votes // on the last issues that have any, the newest first
	Replies  replies.Open
}

// Read counts everything. What is written meanwhile is not in it.
func Read(ctx context.Context, store *subscribers.Store, o Options) (f Figures, err error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	f.At = time.Now()
	err = store.View(ctx, func(q database.Queryer) error {
		if f.Audience, err = readAudience(ctx, q, f.At, o.Layout); err != nil {
			return err
		}
		if f.Sections, f.Other, err = readSections(ctx, q, f.Audience.On); err != nil {
			return err
		}
		if f.Turnover, err = readTurnover(ctx, q, f.At.In(o.Zone), f.Audience.On); err != nil {
			return err
		}
		if f.Issues, err = readIssues(ctx, q, o); err != nil {
			return err
		}
		if f.Votes, err = readVotes(ctx, q, o); err != nil {
			return err
		}
		f.Replies, err = replies.ReadOpen(ctx, q)
		return err
	})
	if err != nil {
		return Figures{}, fmt.Errorf("count figures: %w", err)
	}
	return f, nil
}
