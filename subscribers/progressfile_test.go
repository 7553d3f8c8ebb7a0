package subscribers_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/storetest"
)

// underWay makes a database with a broadcast to that many subscribers, all pending.
func underWay(t testing.TB, readers int) (path string, all []subscribers.Delivery) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "digestbot.db")
	store := must(storetest.Open(t.Context(), path))(t)
	subscribe(t, store, readers)
	row := saveIssue(t, store, digesttest.Issue(1, "News", "Tools", "Jobs"))
	b := must(store.StartBroadcast(t.Context(), row.ID, subscribers.InPrivate(99)))(t)
	all = must(store.PendingDeliveries(t.Context(), b, 0, readers))(t)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return path, all
}

// live opens the database and its progress file, and closes both after f. Records that
// f has taken and not freed are left, as by a crash.
func live(t testing.TB, path string, f func(*subscribers.Store, *subscribers.ProgressFile)) {
	t.Helper()
	store := must(subscribers.Open(t.Context(), path))(t)
	file := must(store.OpenProgressFile(t.Context()))(t)
	f(store, file)
	if err := file.Close(); err != nil {
		t.Error(err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

// leave leaves the database as after a crash with these deliveries under way.
func leave(t testing.TB, path string, deliveries ...subscribers.Delivery) {
	t.Helper()
	live(t, path, func(_ *subscribers.Store, file *subscribers.ProgressFile) {
		for i := range deliveries {
			write(t, file.Take(), deliveries[i])
		}
	})
}

// leaveTwo leaves two deliveries in the file of a database, and returns them as they
// are in the database and as they are in the file.
func leaveTwo(t testing.TB) (path string, before []subscribers.Delivery, first, second subscribers.Delivery) {
	t.Helper()
	path, before = underWay(t, 2)
	first, second = before[0], before[1]
	first.NextMessage, first.Sent = 1, 1
	second.NextMessage, second.Sent = 2, 2
	leave(t, path, first, second)
	return path, before, first, second
}

// restorePair writes a database and the progress file that goes with it.
func restorePair(t testing.TB, path string, database, progress []byte) {
	t.Helper()
	for name, content := range map[string][]byte{"": database, "-progress": progress} {
		if err := os.WriteFile(path+name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t testing.TB, r *subscribers.ProgressRecord, d subscribers.Delivery) {
	t.Helper()
	if err := r.Write(&d); err != nil {
		t.Fatal(err)
	}
}

// wantProgress opens the database once more and checks how far a delivery got.
func wantProgress(t testing.TB, path string, want subscribers.Delivery) {
	t.Helper()
	live(t, path, func(store *subscribers.Store, _ *subscribers.ProgressFile) {
		got := must(store.Delivery(t.Context(), want.IssueID, want.SubscriberID))(t)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after a crash the delivery differs (-want +got):\n%s", diff)
		}
	})
}

// The next start finds everything as it was.
func TestProgressSurvivesACrash(t *testing.T) {
	for name, p := range map[string]subscribers.Progress{
		"first attempt":   {State: subscribers.Pending, Attempts: 1, Layout: digest.LayoutCompact},
		"half-way":        {State: subscribers.Pending, NextMessage: 2, Sent: 1, Muted: 1, Layout: digest.LayoutSections, Arrived: []subscribers.Arrived{{Position: 0, ID: 70_000}}},
		"second attempt":  {State: subscribers.Pending, NextMessage: 3, Attempts: 2, Sent: 1, Covered: 1, Uncertain: 1, Arrived: []subscribers.Arrived{{Position: 0, ID: 9}, {Position: 1, ID: 7}}},
		"done":            {State: subscribers.Delivered, NextMessage: 4, Sent: 4, Arrived: []subscribers.Arrived{{Position: 0, ID: 1}, {Position: 1, ID: 2}, {Position: 2, ID: 3}, {Position: 3, ID: math.MaxInt32}}},
		"skipped":         {State: subscribers.Skipped, NextMessage: 1, Sent: 1, Reason: "blocked", Arrived: []subscribers.Arrived{{Position: 0, ID: 5}}},
		"failed, unknown": {State: subscribers.Failed, Reason: "Bad Request: 那是什么"},
	} {
		t.Run(name, func(t *testing.T) {
			path, all := underWay(t, 3)
			all[1].Progress = p
			leave(t, path, all[1])
			wantProgress(t, path, all[1])
			wantProgress(t, path, all[0])
			wantProgress(t, path, all[1]) // and stays so
		})
	}
}

// anyArrived returns a message that a chat might hold.
func anyArrived(random *rand.Rand) subscribers.Arrived {
	h := subscribers.Arrived{Position: random.IntN(100) - 2, ID: random.IntN(math.MaxInt32)}
	if random.IntN(2) == 0 {
		h.Edition, h.Copy, h.Chat = random.IntN(3), random.IntN(3), -random.Int64N(1<<40)
		h.Layout = []digest.Layout{"", digest.LayoutSections, digest.LayoutRich}[random.IntN(3)]
	}
	return h
}

// Random progress, and far more messages than there is room for.
func TestProgressOfAnySize(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range longtest.Rounds(8, 50) {
		path, all := underWay(t, 1)
		d := all[0]
		d.State, d.NextMessage, d.Sent = subscribers.Failed, random.IntN(1_000), random.IntN(1_000)
		d.Reason = subscribers.Reason(strings.Repeat("r", random.IntN(400)))
		for range random.IntN(1_500) {
			d.Arrived = append(d.Arrived, anyArrived(random))
		}
		leave(t, path, d)
		live(t, path, func(store *subscribers.Store, _ *subscribers.ProgressFile) {
			got := must(store.Delivery(t.Context(), d.IssueID, d.SubscriberID))(t)
			kept := len(got.Arrived)
			if got.NextMessage != d.NextMessage || got.Sent != d.Sent || !strings.HasPrefix(string(d.Reason), string(got.Reason)) || len(got.Reason) < min(len(d.Reason), 200) {
				t.Errorf("got %+v, want %+v", got.Progress, d.Progress)
			}
			if kept < min(len(d.Arrived), 15) || !slices.Equal(got.Arrived, d.Arrived[:kept]) {
				t.Errorf("%d of %d message ids were kept, or others", kept, len(d.Arrived))
			}
		})
	}
}

// A record that is older than the database changes nothing: a loss of power may take
// the newest writes to either.
func TestOldRecordsChangeNothing(t *testing.T) {
	for name, known := range map[string]subscribers.Progress{
		"further":         {State: subscribers.Pending, NextMessage: 3, Sent: 3},
		"attempted again": {State: subscribers.Pending, NextMessage: 2, Sent: 2, Attempts: 2},
		"over":            {State: subscribers.Skipped, NextMessage: 2, Sent: 2, Reason: "blocked"},
	} {
		t.Run(name, func(t *testing.T) {
			path, all := underWay(t, 1)
			d := all[0]
			live(t, path, func(store *subscribers.Store, file *subscribers.ProgressFile) {
				d.Progress = subscribers.Progress{State: subscribers.Pending, NextMessage: 2, Sent: 2, Attempts: 1}
				write(t, file.Take(), d)
				d.Progress = known
				if err := store.SaveProgress(t.Context(), []subscribers.Delivery{d}); err != nil {
					t.Fatal(err)
				}
			})
			wantProgress(t, path, d)
		})
	}
}

// Records count once, and only in their own database.
func TestRecordsOfOthersDoNotCount(t *testing.T) {
	path, all := underWay(t, 2)
	d := all[0]
	d.NextMessage, d.Sent = 1, 1
	leave(t, path, d)
	left := must(os.ReadFile(path + "-progress"))(t)
	wantProgress(t, path, d)

	// The same file once more: it could not be emptied.
	exec(t, path, "UPDATE deliveries SET next_message = 0, sent = 0")
	if err := os.WriteFile(path+"-progress", left, 0o600); err != nil {
		t.Fatal(err)
	}
	wantProgress(t, path, all[0])

	other, theirs := underWay(t, 2)
	if err := os.WriteFile(other+"-progress", left, 0o600); err != nil {
		t.Fatal(err)
	}
	wantProgress(t, other, theirs[0])
}

// A record is for one delivery. It does not count for another delivery of the same issue
// to the same subscriber, as a backup may have it.
func TestRecordOfAnotherDelivery(t *testing.T) {
	for name, change := range map[string]func(*subscribers.Delivery){
		"another edition":   func(d *subscribers.Delivery) { d.Edition++ },
		"another broadcast": func(d *subscribers.Delivery) { d.BroadcastID++ },
		"a request":         func(d *subscribers.Delivery) { d.BroadcastID = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			path, all := underWay(t, 1)
			other := all[0]
			change(&other)
			other.NextMessage, other.Sent = 3, 3
			leave(t, path, other)
			wantProgress(t, path, all[0])
		})
	}
}

// A reason that has to be cut is still valid text: Telegram would not take it otherwise.
func TestLongReason(t *testing.T) {
	for length := range 4 { // of what stands before letters of 3 bytes
		path, all := underWay(t, 1)
		d := all[0]
		d.State, d.Reason = subscribers.Failed, subscribers.Reason(strings.Repeat("r", length)+strings.Repeat("错", 90))
		leave(t, path, d)
		live(t, path, func(store *subscribers.Store, _ *subscribers.ProgressFile) {
			got := string(must(store.Delivery(t.Context(), d.IssueID, d.SubscriberID))(t).Reason)
			if !utf8.ValidString(got) || !strings.HasPrefix(string(d.Reason), got) || len(got) < 196 {
				t.Errorf("the reason has become %q", got)
			}
		})
	}
}

// A record does not count any more once it is freed.
func TestFreedRecordsDoNotCount(t *testing.T) {
	path, all := underWay(t, 2)
	failed := all[0]
	failed.State, failed.Reason = subscribers.Failed, "Bad Request"
	live(t, path, func(store *subscribers.Store, file *subscribers.ProgressFile) {
		write(t, file.Take(), all[1]) // in use at the crash
		record := file.Take()
		write(t, record, failed)
		if err := store.SaveProgress(t.Context(), []subscribers.Delivery{failed}); err != nil {
			t.Fatal(err)
		}
		if err := record.Free(); err != nil {
			t.Fatal(err)
		}
		if n := must(store.RetryFailed(t.Context(), failed.BroadcastID, subscribers.InPrivate(99)))(t); n != 1 {
			t.Fatalf("%d deliveries are tried again, want one", n)
		}
	})
	wantProgress(t, path, all[0])
}

// A forgotten chat does not come back.
func TestRecordOfAForgottenChat(t *testing.T) {
	path, all := underWay(t, 2)
	live(t, path, func(store *subscribers.Store, file *subscribers.ProgressFile) {
		all[0].NextMessage = 1
		write(t, file.Take(), all[0])
		sub := must(store.Recipient(t.Context(), all[0].SubscriberID))(t)
		if err := store.Forget(t.Context(), sub.Chat.ID); err != nil {
			t.Fatal(err)
		}
	})
	live(t, path, func(store *subscribers.Store, _ *subscribers.ProgressFile) {
		b := firstUnfinished(t, store)
		if left := must(store.PendingDeliveries(t.Context(), b, 0, 10))(t); len(left) != 1 || left[0].SubscriberID != all[1].SubscriberID {
			t.Errorf("pending are %+v, want the one that was not forgotten", left)
		}
	})
}

// A freed record does not count any more even if its delivery is pending again.
func TestFreedRecordDoesNotCount(t *testing.T) {
	path, all := underWay(t, 2)
	d := all[0]
	live(t, path, func(store *subscribers.Store, file *subscribers.ProgressFile) {
		d.Progress = subscribers.Progress{State: subscribers.Failed, Reason: "odd"}
		record := file.Take()
		write(t, record, d)
		progress(t, store, d, d.Progress)
		if err := record.Free(); err != nil {
			t.Fatal(err)
		}
		if n := must(store.RetryFailed(t.Context(), d.BroadcastID, subscribers.InPrivate(99)))(t); n != 1 {
			t.Fatalf("RetryFailed = %d, want 1", n)
		}
		file.Take() // the same place, and nothing is written there before the crash
	})
	wantProgress(t, path, all[0])
}

// An intact record counts and a damaged one does not, whatever else is in the file.
func TestDamagedProgressFile(t *testing.T) {
	path, _, first, second := leaveTwo(t)
	good := must(os.ReadFile(path + "-progress"))(t)
	stamp := must(os.ReadFile(path))(t) // the database that goes with it
	random := rand.New(rand.NewPCG(2, 2))
	for range 60 {
		bad := bytes.Clone(good)
		at := random.IntN(60)
		bad[at] ^= byte(1 + random.IntN(255))
		if random.IntN(3) == 0 {
			bad = append(bad, bad[:random.IntN(200)]...)
		}
		restorePair(t, path, stamp, bad)
		wantProgress(t, path, second)
		live(t, path, func(store *subscribers.Store, _ *subscribers.ProgressFile) {
			got := must(store.Delivery(t.Context(), first.IssueID, first.SubscriberID))(t)
			if got.NextMessage != 0 && !cmp.Equal(got, first) {
				t.Errorf("with byte %d changed the delivery is %+v", at, got)
			}
		})
	}
}

// A loss of power may leave a part of the file: whole records in it count.
func TestProgressFileOfAnyLength(t *testing.T) {
	path, all, first, second := leaveTwo(t)
	good := must(os.ReadFile(path + "-progress"))(t)
	stamp := must(os.ReadFile(path))(t)
	for _, length := range []int{0, 1, 13, 14, 15, 30, 1023, 1024, 1025, 1024 + 13, 1024 + 14, len(good) - 1, len(good)} {
		restorePair(t, path, stamp, good[:length])
		want := []subscribers.Delivery{all[0], all[1]}
		if length >= 1023 { // and the first record is a good deal shorter
			want[0] = first
		}
		if length == len(good) {
			want[1] = second
		}
		wantProgress(t, path, want[0])
		wantProgress(t, path, want[1])
	}
}

// The file is there only while something is under way, and does not grow with
// the number of deliveries.
func TestProgressFileStaysSmall(t *testing.T) {
	path, all := underWay(t, 1)
	name := path + "-progress"
	live(t, path, func(_ *subscribers.Store, file *subscribers.ProgressFile) {
		for range 100 {
			one, two := file.Take(), file.Take()
			write(t, one, all[0])
			write(t, two, all[0])
			for _, r := range []*subscribers.ProgressRecord{one, two} {
				if err := r.Free(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if info := must(os.Stat(name))(t); info.Size() > 2048 || info.Mode().Perm() != 0o600 {
			t.Errorf("the file has %d bytes and mode %v", info.Size(), info.Mode())
		}
	})
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
	leave(t, path, all[0])
	if _, err := os.Stat(name); err != nil {
		t.Errorf("the file is gone, though a record was in use: %v", err)
	}
	live(t, path, func(*subscribers.Store, *subscribers.ProgressFile) {
		if info := must(os.Stat(name))(t); info.Size() != 0 {
			t.Errorf("after it was taken up the file has %d bytes, want none", info.Size())
		}
	})
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("what was taken up is still there: %v", err)
	}
}

// A start that cannot read the file says so, and leaves it for the next start.
func TestProgressFileThatCannotBeTakenUp(t *testing.T) {
	path, all := underWay(t, 1)
	d := all[0]
	d.NextMessage, d.Sent = 1, 1
	leave(t, path, d)
	exec(t, path, "CREATE TRIGGER spoilt BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'disk full'); END")
	store := openAt(t, path)
	_, err := store.OpenProgressFile(t.Context())
	if err == nil || !strings.Contains(err.Error(), path+"-progress") || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error is %v, want the file and the cause", err)
	}
	exec(t, path, "DROP TRIGGER spoilt")
	wantProgress(t, path, d)

	if err := os.Mkdir(path+"-progress", 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenProgressFile(t.Context()); err == nil || !strings.Contains(err.Error(), path+"-progress is a folder: there must be nothing else of that name") {
		t.Errorf("error is %v, want the file and the cause", err)
	}
}
