package bot

import (
	"testing"
	"testing/synctest"

	"github.com/go-telegram/bot/models"
)

// Handlers of readers may take all of their slots, and an admin's update is handled
// all the same.
func TestAdminNeedsNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const admin, reader = 1, 2
		proceed := make(chan struct{})
		handled := make(map[int64]int)
		q := newQueues(func(turn *turn, u *models.Update) {
			turn.queues.mu.Lock()
			handled[u.ID]++
			turn.queues.mu.Unlock()
			<-proceed
		}, nil, nil, func(u *models.Update) bool { return u.ID == admin })
		for chat := range int64(maxHandlers + 1) {
			q.add(100+chat, &models.Update{ID: reader})
			synctest.Wait()
		}
		q.add(admin, &models.Update{ID: admin})
		synctest.Wait()
		if handled[reader] != maxHandlers || handled[admin] != 1 {
			t.Errorf("%d readers and %d admins have their turn, want %d and 1", handled[reader], handled[admin], maxHandlers)
		}
		close(proceed)
		q.close()
	})
}
