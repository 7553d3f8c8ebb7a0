package bot_test

import (
	"testing"
	"time"

	"digestbot/subscribers"
)

// A disk that does not take for a while that an update was handled must not
// have it handled again, out of its order, after some later start.
func TestHandledUpdatesStayHandled(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.exec(`CREATE TRIGGER spoilt BEFORE UPDATE ON updates BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
		w.ann.Write("/unsubscribe")
		w.pass(time.Minute)
		w.wantState(w.ann.ID(), subscribers.Off)
		w.exec("DROP TRIGGER spoilt")
		w.pass(time.Minute)
		w.tell(w.ann, "/subscribe")
		w.stop()
		w.start()
		w.wantState(w.ann.ID(), subscribers.On)
	})
}

// A stop does not wait for such a disk for ever.
func TestStopWhileNothingIsNotedAsHandled(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.exec(`CREATE TRIGGER spoilt BEFORE UPDATE ON updates BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
		w.ann.Write("/unsubscribe")
		w.pass(time.Second)
		began := time.Now()
		w.stop()
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("the stop took %v", took)
		}
	})
}
