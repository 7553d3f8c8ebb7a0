package intake

import (
	"context"
	"fmt"

	"digestbot/digest"
)

// maxDoubts is how many warnings about one issue admins are told.
const maxDoubts = 5

// doubt remembers what the reader of documents warns of in an issue that was added or
// corrected.
func (s *source) doubt(document string, issue *digest.Issue) {
	delete(s.doubts, issue.Key)
	for i, warning := range issue.Warnings {
		if i == maxDoubts {
			warning = fmt.Sprintf("%d more; digestbot preview shows them", len(issue.Warnings)-maxDoubts)
		}
		s.doubts[issue.Key] = append(s.doubts[issue.Key], fmt.Errorf("%s: %s", document, warning))
		if i == maxDoubts {
			return
		}
	}
}

// doubtsOfNewest returns the warnings of the newest issue, if it came from this source
// since the start: what was archived before was told before, and nobody sends older
// issues to all.
func (s *Sources) doubtsOfNewest(ctx context.Context, src *source) []error {
	if len(src.doubts) == 0 {
		return nil
	}
	newest, err := s.store.NewestIssue(ctx)
	if err != nil {
		return nil // there is none, or the look has failed with the same error
	}
	return src.doubts[newest.Key]
}
