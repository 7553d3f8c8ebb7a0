package desk

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/talk"
)

// says is a trouble with a text.
func says(text string) Trouble {
	return Trouble{Begins: func(talk.Speaker) string { return text }, Health: text}
}

func TestTroublesAreToldOnce(t *testing.T) {
	const admin, other = 1, 2
	var all troubles
	if !all.begin(TroubleDatabase, says("a"), "a") {
		t.Error("a new trouble is not told")
	}
	for _, o := range all.untold(admin) {
		all.note(o, admin)
	}
	if all.begin(TroubleDatabase, says("a"), "a") {
		t.Error("a trouble that says the same is told again")
	}
	if got := len(all.untold(admin)); got != 0 {
		t.Errorf("an admin who was told has %d untold troubles, want 0", got)
	}
	if got := len(all.untold(other)); got != 1 {
		t.Errorf("another admin has %d untold troubles, want 1", got)
	}

	quiet := says("b")
	quiet.Quietly = true
	if all.begin(TroubleDatabase, quiet, "b") {
		t.Error("a quiet change is told")
	}
	if got := len(all.untold(admin)); got != 0 {
		t.Errorf("after a quiet change an admin has %d untold troubles, want 0", got)
	}
	if !all.begin(TroubleDatabase, says("c"), "c") {
		t.Error("a change is not told")
	}
	if got := len(all.untold(admin)); got != 1 {
		t.Errorf("after a change an admin has %d untold troubles, want 1", got)
	}

	if over := all.end(TroubleDatabase); over == nil || over.says != "c" {
		t.Errorf("the trouble that is over is %+v, want the last one", over)
	}
	if over := all.end(TroubleDatabase); over != nil {
		t.Errorf("the trouble is over twice: %+v", over)
	}
}

func TestTroublesInAStatusAreNotToldAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const admin = 1
		var all troubles
		all.begin(TroubleDatabase, says("a"), "a")
		status := time.Now()
		time.Sleep(time.Second)
		all.begin(TroubleScheduler, says("b"), "b")
		all.noteAll(admin, status)
		untold := all.untold(admin)
		if len(untold) != 1 || untold[0].key != TroubleScheduler {
			t.Errorf("%d troubles are untold, want only the one that began after the status", len(untold))
		}
	})
}

func TestLinesOfASource(t *testing.T) {
	var s sources
	for _, step := range []struct {
		name           string
		err            error
		fresh, lasting []string
	}{
		{"at first all is new", errors.New("a\nb"), []string{"a", "b"}, nil},
		{"what was there lasts", errors.New("b\nc"), []string{"c"}, []string{"b"}},
		{"nothing is wrong", nil, nil, nil},
		{"what comes back is new", errors.New("b"), []string{"b"}, nil},
	} {
		fresh, lasting := s.divide("folder", step.err)
		if diff := cmp.Diff(step.fresh, fresh); diff != "" {
			t.Errorf("%s: new lines (-want +got):\n%s", step.name, diff)
		}
		if diff := cmp.Diff(step.lasting, lasting); diff != "" {
			t.Errorf("%s: lasting lines (-want +got):\n%s", step.name, diff)
		}
	}
	if fresh, _ := s.divide("feed", errors.New("b")); len(fresh) != 1 {
		t.Errorf("of another source %d lines are new, want 1", len(fresh))
	}
}
