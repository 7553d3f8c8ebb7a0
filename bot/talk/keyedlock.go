package talk

import (
	"context"
	"sync"
)

// KeyedLock lets one goroutine at a time work on a key. Unlike a mutex it may be held
// while the database or Telegram is asked: a goroutine that waits for it gives up when
// its context is done. The zero value is ready for use.
type KeyedLock struct {
	mu   sync.Mutex
	held map[int64]chan struct{} // closed when the key is free
}

// Lock waits until the key is free and takes it, or returns the error of ctx. The
// caller has to call unlock.
func (l *KeyedLock) Lock(ctx context.Context, key int64) (unlock func(), err error) {
	for {
		busy := l.take(key)
		if busy == nil {
			return func() { l.free(key) }, nil
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// take takes a key if it is free. If not, the channel is closed when it is.
func (l *KeyedLock) take(key int64) (busy <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if busy := l.held[key]; busy != nil {
		return busy
	}
	if l.held == nil {
		l.held = make(map[int64]chan struct{})
	}
	l.held[key] = make(chan struct{})
	return nil
}

func (l *KeyedLock) free(key int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.held[key])
	delete(l.held, key)
}
