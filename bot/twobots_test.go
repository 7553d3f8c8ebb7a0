package bot_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

// sentTo counts what chats get.
type sentTo struct {
	mu  sync.Mutex
	got map[string]int // by chat and text
}

func (s *sentTo) note(m telegramsim.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got[fmt.Sprint(m.Chat, " ", m.Text)]++
}

// count returns how many messages came, and how many of them twice.
func (s *sentTo) count() (once, twice int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.got {
		once++
		twice += n - 1
	}
	return once, twice
}

// Two programs with the same token, each with a copy of the database, never send its
// broadcast at once. The copy starts elsewhere in the middle of it, and sends nothing while the
// first is there; when that is gone it goes on.
func TestTwoBotsSendABroadcastOnce(t *testing.T) {
	for _, gone := range []bool{false, true} {
		t.Run(fmt.Sprintf("the first is gone: %v", gone), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sent := &sentTo{got: make(map[string]int)}
				w, want := broadcasting(t, sent)
				if gone {
					w.stop() // nothing is under way, so nothing comes twice
				}
				before, _ := sent.count()
				second := w.elsewhere()
				w.pass(15 * time.Second)
				if after, _ := sent.count(); gone && after != before {
					t.Errorf("the copy sent %d messages at once, before it could know that it is alone", after-before)
				}
				w.pass(2 * time.Minute)
				if once, twice := sent.count(); once != want || twice != 0 || before == 0 || before == want {
					t.Errorf("of %d messages %d came before there was a copy and %d in the end, %d of them twice", want, before, once, twice)
				}
				if !gone {
					wantEnd(t, second, bot.ErrSecondCopy, 165*time.Second)
				}
			})
		})
	}
}

// broadcasting makes a world in the middle of a broadcast, of which want messages are to
// arrive. Its bot has run for a while.
func broadcasting(t *testing.T, sent *sentTo) (w *world, want int) {
	t.Helper()
	const readers = 300
	w = newWorld(t, func(o *telegramsim.Options) { o.ImplicitChats, o.OnSend = true, sent.note })
	for i := range int64(readers) {
		if _, _, err := w.store.Subscribe(t.Context(), subscribers.Chat{ID: 5000 + i, Kind: subscribers.Private}); err != nil {
			t.Fatal(err)
		}
	}
	issue := digesttest.Issue(1, "News", "Tools")
	if _, _, err := w.store.SaveIssue(t.Context(), issue, "1.md", []byte("1")); err != nil {
		t.Fatal(err)
	}
	w.start()
	w.pass(5 * time.Minute)
	if err := w.bot.RunSchedule(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	w.pass(10 * time.Second)
	return w, readers * 3 // a cover and two sections
}

// elsewhere starts a bot with a copy of the database, as on another machine, and returns how
// it ends.
func (w *world) elsewhere() (ended <-chan error) {
	w.t.Helper()
	folder := w.t.TempDir()
	file, path := filepath.Join(folder, "copy.db"), filepath.Join(folder, "elsewhere.db")
	if err := subscribers.BackUp(w.t.Context(), w.path, file, false); err != nil {
		w.t.Fatal(err)
	}
	if _, err := subscribers.Unpack(w.t.Context(), file, path); err != nil {
		w.t.Fatal(err)
	}
	store, err := subscribers.Open(w.t.Context(), path)
	if err != nil {
		w.t.Fatal(err)
	}
	config := w.config
	config.Store = store
	b, err := bot.New(config)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(w.t.Context())
	end := make(chan error, 1)
	go func() { end <- errors.Join(b.Run(ctx), store.Close()) }()
	w.t.Cleanup(stop)
	return end
}

// The bot that was there first stays the first over a restart, also with the copy running
// already and ending and starting again as its supervisor has it.
func TestFirstOfTwoBotsIsFirstAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := &sentTo{got: make(map[string]int)}
		w, want := broadcasting(t, sent)
		w.elsewhere()
		w.pass(5 * time.Second)
		w.stop()
		w.start()
		before, _ := sent.count()
		w.pass(2 * time.Minute)
		if once, twice := sent.count(); once != want || twice != 0 || before == want {
			t.Errorf("of %d messages %d came before the restart and %d in the end, %d of them twice", want, before, once, twice)
		}
	})
}
