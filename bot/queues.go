package bot

import (
	"sync"

	"github.com/go-telegram/bot/models"
)

const (
	// maxHandlers bounds the chats that are answered at the same time.
	maxHandlers = 256
	// maxWaiting bounds the updates of one chat held in memory. Those beyond
	// are read from the store when their turn comes.
	maxWaiting = 64
)

// queues handles the updates of each chat in order, different chats at the
// same time: a chat that floods the bot waits for itself alone. A queue lives
// as long as it has something to do.
type queues struct {
	handle func(*models.Update)
	// backlog returns the updates of a chat that are kept and not handled,
	// oldest first.
	backlog func(chat int64) ([]*models.Update, error)
	slots   chan struct{} // one for each handler at work
	workers sync.WaitGroup

	mu     sync.Mutex
	closed bool
	chats  map[int64]*queue
}

type queue struct {
	waiting []*models.Update
	// missed counts the updates that are in the store only. While there are
	// any, new ones join them, so that the order is kept.
	missed int
}

func newQueues(handle func(*models.Update), backlog func(chat int64) ([]*models.Update, error)) *queues {
	return &queues{handle: handle, backlog: backlog, slots: make(chan struct{}, maxHandlers), chats: make(map[int64]*queue)}
}

// add puts an update, which must be kept in the store, into its chat's queue.
// It never blocks. After close it does nothing.
func (q *queues) add(chat int64, u *models.Update) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	c := q.chats[chat]
	if c == nil {
		c = &queue{}
		q.chats[chat] = c
		q.workers.Go(func() { q.work(chat, c) })
	}
	if c.missed > 0 || len(c.waiting) >= maxWaiting {
		c.missed++
		return
	}
	c.waiting = append(c.waiting, u)
}

// work handles a chat's updates until there are none.
func (q *queues) work(chat int64, c *queue) {
	for {
		u, missed, ok := q.next(chat, c)
		if !ok {
			return
		}
		if u == nil {
			if err := q.reload(chat, c, missed); err != nil {
				q.drop(chat)
				return
			}
			continue
		}
		q.slots <- struct{}{}
		q.handle(u)
		<-q.slots
	}
}

// next takes the chat's next update; it is nil when the next one is in the
// store. ok is false, and the queue gone, when there is nothing left to do.
func (q *queues) next(chat int64, c *queue) (u *models.Update, missed int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(c.waiting) == 0 && c.missed == 0 {
		delete(q.chats, chat)
		return nil, 0, false
	}
	if len(c.waiting) == 0 {
		return nil, c.missed, true
	}
	u, c.waiting = c.waiting[0], c.waiting[1:]
	return u, 0, true
}

// reload takes the next updates of a chat from the store. missed is how many
// were known to be there before it was read.
func (q *queues) reload(chat int64, c *queue, missed int) error {
	all, err := q.backlog(chat)
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	c.waiting = all[:min(len(all), maxWaiting)]
	if c.missed == missed && len(all) <= maxWaiting {
		c.missed = 0
	}
	return nil
}

// drop forgets a chat's queue. Its updates are in the store, and handled after
// the next start.
func (q *queues) drop(chat int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.chats, chat)
}

// close makes every queue end after the update it is handling, and returns when
// all have.
func (q *queues) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.workers.Wait()
}
