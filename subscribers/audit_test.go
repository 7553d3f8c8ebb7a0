package subscribers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"digestbot/subscribers"
)

// The audit of older versions was text, and is read as what it says.
func TestAuditOfOlderVersions(t *testing.T) {
	path := database(t, 28)
	exec(t, path, `
		UPDATE sections SET name = 'Old tools' WHERE id = 3;
		DELETE FROM audit;
		INSERT INTO audit (at, user_id, action, detail) VALUES
			(1, 0, 'broadcast', ''),
			(2, 77, 'broadcast', 'issue 1 to 40 subscribers'),
			(3, 77, 'retry', 'broadcast 1, 3 failed deliveries'),
			(4, 77, 'retry', 'issue 2, 5 failed requests'),
			(5, 0, 'paused', 'broadcast 1 content 2 can''t parse'),
			(6, 77, 'paused', 'broadcast 1 '),
			(7, 77, 'running', 'broadcast 1 '),
			(8, 0, 'cancelled', 'broadcast 9 '),
			(9, 0, 'withdraw', 'issue 2'),
			(10, 77, 'restore', 'issue 2'),
			(11, 77, 'redate', 'issue 2 from 2062-09-04 to 2020-09-04'),
			(12, 77, 'merge sections', 'section 3 "Old tools" into 2 "Tools"')`)
	type (
		on    = subscribers.Subject
		facts = subscribers.Facts
	)
	admin, program := subscribers.InPrivate(77), subscribers.Actor{User: subscribers.Program}
	want := []subscribers.AuditEntry{
		{By: admin, Deed: subscribers.DeedMerge, On: on{Section: 3}, Facts: facts{From: "Old tools", To: "Tools"}},
		{By: admin, Deed: subscribers.DeedRedate, On: on{Issue: 2}, Facts: facts{From: "2062-09-04", To: "2020-09-04"}},
		{By: admin, Deed: subscribers.DeedRestore, On: on{Issue: 2}},
		{Deed: subscribers.DeedWithdraw, On: on{Issue: 2}},
		{Deed: subscribers.DeedCancel, On: on{Broadcast: 9}},
		{By: admin, Deed: subscribers.DeedResume, On: on{Issue: 1, Broadcast: 1}},
		{By: admin, Deed: subscribers.DeedPause, On: on{Issue: 1, Broadcast: 1}},
		{By: program, Deed: subscribers.DeedPause, On: on{Issue: 1, Broadcast: 1}, Facts: facts{Reason: "content 2 can't parse"}},
		{By: admin, Deed: subscribers.DeedRetry, On: on{Issue: 2}, Facts: facts{Count: 5}},
		{By: admin, Deed: subscribers.DeedRetry, On: on{Issue: 1, Broadcast: 1}, Facts: facts{Count: 3}},
		{By: admin, Deed: subscribers.DeedBroadcast, On: on{Issue: 1}, Facts: facts{Count: 40}},
		{Deed: subscribers.DeedBroadcast},
	}
	got := must(openAt(t, path).AuditEntries(t.Context(), 20, 0))(t)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(subscribers.AuditEntry{}, "ID", "At")); diff != "" {
		t.Errorf("the audit is not what it was (-want +got):\n%s", diff)
	}
	if at := got[0].At.Unix(); at != 12 {
		t.Errorf("the last entry is of %d, want 12", at)
	}
}
