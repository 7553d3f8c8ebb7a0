package bot

import (
	"slices"
	"sync"

	"github.com/go-telegram/bot/models"
)

const (
	// maxHandlers bounds the handlers that have their turn at the same time, in
	// all chats. Those that have passed it only wait for Telegram.
	maxHandlers = 256
	// maxWaiting bounds the updates of one chat held in memory, and the queries
	// behind them. Those beyond are read from the store when their turn comes.
	maxWaiting = 64
	// maxSpeaking bounds the handlers of one chat that have passed their turn.
	maxSpeaking = 64
)

// queues handles the updates of each chat in order, and those of different chats at the
// same time: a chat that floods the bot delays only itself. A queue lives as long as it
// has something to do.
//
// An answer may have to wait long for its turn at the sender: a group gets twenty
// messages a minute. So a handler passes its turn while it waits for Telegram. Messages
// that came later go on waiting, but queries, which are of no use after a few seconds,
// go past them. A query that changes what those messages may change keeps its place, and
// is answered beforehand.
type queues struct {
	// handle handles an update.
	handle func(t *turn, u *models.Update)
	// answer answers a query whose turn to be handled has not come; done: that is all
	// there is to do.
	answer func(t *turn, u *models.Update) (done bool)
	// backlog returns the updates of a chat that are kept and not handled,
	// oldest first.
	backlog func(chat int64) ([]*models.Update, error)
	// first reports whether an update does not wait for other chats.
	first   func(*models.Update) bool
	slots   chan struct{} // one for each other handler that has its turn
	workers sync.WaitGroup

	mu     sync.Mutex
	closed bool
	chats  map[int64]*queue
}

type queue struct {
	waiting []waiting
	// missed counts the updates that are in the store only. While there are
	// any, new ones join them, so that the order is kept.
	missed int
	// behind are queries that came after those missed: they are in the store as
	// well, and here so that they need not wait for their turn.
	behind   []waiting
	speaking int           // handlers that have passed their turn and are at work
	atWork   []int64       // ids of the updates that are being handled
	wake     chan struct{} // room for one: there may be something to do
}

// waiting is an update that waits for its turn.
type waiting struct {
	update   *models.Update
	answered bool // a query that is answered, and keeps its place
}

func newQueues(
	handle func(*turn, *models.Update), answer func(*turn, *models.Update) bool,
	backlog func(chat int64) ([]*models.Update, error), first func(*models.Update) bool,
) *queues {
	return &queues{
		handle: handle, answer: answer, backlog: backlog, first: first,
		slots: make(chan struct{}, maxHandlers), chats: make(map[int64]*queue),
	}
}

// add puts an update, which must be kept in the store, into its chat's queue unless it is
// there: Telegram brings an update again if it does not hear in time that the update has
// arrived, and a second copy of a press would go past the first. add never blocks. After
// close it does nothing.
func (q *queues) add(chat int64, u *models.Update) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	c := q.chats[chat]
	if c == nil {
		c = &queue{wake: make(chan struct{}, 1)}
		q.chats[chat] = c
		q.workers.Go(func() { q.work(chat, c) })
	}
	if c.holds(u.ID) {
		return
	}
	c.wakeUp()
	if c.missed == 0 && len(c.waiting) < maxWaiting {
		c.waiting = append(c.waiting, waiting{update: u})
		return
	}
	c.missed++
	if isQuery(u) && len(c.behind) < maxWaiting {
		c.behind = append(c.behind, waiting{update: u})
	}
}

// holds reports whether an update waits here or is being handled.
func (c *queue) holds(id int64) bool {
	is := func(w waiting) bool { return w.update.ID == id }
	return slices.Contains(c.atWork, id) || slices.ContainsFunc(c.waiting, is) || slices.ContainsFunc(c.behind, is)
}

// wakeUp makes the queue's worker look for something to do.
func (c *queue) wakeUp() {
	select {
	case c.wake <- struct{}{}:
	default: // it will look already
	}
}

// step is what a queue's worker does next.
type step int

const (
	stepWait   step = iota // for something to do
	stepEnd                // there is nothing left to do
	stepHandle             // an update
	stepAnswer             // a query that keeps its place
	stepReload             // take updates from the store
)

// work handles a chat's updates until there are none.
func (q *queues) work(chat int64, c *queue) {
	for {
		todo, w, missed := q.next(chat, c)
		switch todo {
		case stepEnd:
			return
		case stepWait:
			<-c.wake
		case stepHandle:
			q.run(&turn{queues: q, queue: c, answered: w.answered, first: q.first(w.update)}, func(t *turn) {
				q.handle(t, w.update)
				q.done(c, w.update.ID)
			})
		case stepAnswer:
			q.run(&turn{queues: q, queue: c, first: q.first(w.update)}, func(t *turn) {
				if q.answer(t, w.update) {
					q.remove(c, w.update)
				}
			})
		case stepReload:
			if err := q.reload(chat, c, missed); err != nil {
				q.drop(chat)
				return
			}
		}
	}
}

// next chooses what to do. An update to be handled is taken out of the queue.
func (q *queues) next(chat int64, c *queue) (todo step, w waiting, missed int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	defer func() {
		if todo == stepHandle {
			c.atWork = append(c.atWork, w.update.ID)
		}
	}()
	switch {
	case q.closed:
		delete(q.chats, chat)
		return stepEnd, w, 0
	case c.speaking > 0:
		todo, w = c.query()
		return todo, w, 0
	case len(c.waiting) > 0:
		w, c.waiting = c.waiting[0], c.waiting[1:]
		return stepHandle, w, 0
	case c.missed > 0:
		return stepReload, w, c.missed
	}
	delete(q.chats, chat)
	return stepEnd, w, 0
}

// query chooses the first query that need not wait for its turn.
func (c *queue) query() (todo step, w waiting) {
	if c.speaking >= maxSpeaking {
		return stepWait, w
	}
	for _, list := range []*[]waiting{&c.waiting, &c.behind} {
		for i, w := range *list {
			switch {
			case w.answered || !isQuery(w.update):
			case (i > 0 || list == &c.behind) && mustKeepPlace(w.update):
				(*list)[i].answered = true
				return stepAnswer, w
			default:
				*list = slices.Delete(*list, i, i+1)
				return stepHandle, w
			}
		}
	}
	return stepWait, w
}

// done notes that an update has been handled.
func (q *queues) done(c *queue, id int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c.atWork = slices.DeleteFunc(c.atWork, func(other int64) bool { return other == id })
}

// remove takes an update out of the queue.
func (q *queues) remove(c *queue, u *models.Update) {
	q.mu.Lock()
	defer q.mu.Unlock()
	is := func(w waiting) bool { return w.update == u }
	c.waiting, c.behind = slices.DeleteFunc(c.waiting, is), slices.DeleteFunc(c.behind, is)
}

// reload takes the next updates of a chat from the store. missed is how many were known
// to be there before. No update of the chat is being handled, so all that are there wait
// for their turn.
func (q *queues) reload(chat int64, c *queue, missed int) error {
	all, err := q.backlog(chat)
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, u := range all[:min(len(all), maxWaiting)] {
		w := waiting{update: u}
		if i := slices.IndexFunc(c.behind, func(b waiting) bool { return b.update.ID == u.ID }); i >= 0 {
			w = c.behind[i]
			c.behind = slices.Delete(c.behind, i, i+1)
		}
		c.waiting = append(c.waiting, w)
	}
	if c.missed == missed && len(all) <= maxWaiting {
		c.missed, c.behind = 0, nil
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

// close makes every queue end after the updates it is handling, and returns
// when all have.
func (q *queues) close() {
	q.mu.Lock()
	q.closed = true
	for _, c := range q.chats {
		c.wakeUp()
	}
	q.mu.Unlock()
	q.workers.Wait()
}

// len returns how many chats have something to be answered.
func (q *queues) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.chats)
}
