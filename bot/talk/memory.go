package talk

import (
	"maps"
	"sync"
	"time"
)

// Memory remembers something of many keys, each for a while. It is safe for concurrent
// use.
type Memory[K comparable, V any] struct {
	limit int           // on the keys
	keep  time.Duration // 0: for ever

	mu    sync.Mutex
	known map[K]remembered[V]
}

// remembered is a value and when it was kept.
type remembered[V any] struct {
	value V
	at    time.Time
}

// NewMemory returns a Memory that believes a value for as long as keep says; 0: for
// ever. It never holds more than limit keys: when one too many comes, it forgets the
// values that are too old or, if there are none, all of them.
func NewMemory[K comparable, V any](limit int, keep time.Duration) *Memory[K, V] {
	return &Memory[K, V]{limit: limit, keep: keep, known: make(map[K]remembered[V])}
}

// Find returns the value of a key, if it is known.
func (m *Memory[K, V]) Find(key K, now time.Time) (value V, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.findLocked(key, now)
}

// Keep remembers a value from now on.
func (m *Memory[K, V]) Keep(key K, value V, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keepLocked(key, value, now)
}

// Add remembers a value from now on unless the key has one, and reports whether it had
// none.
func (m *Memory[K, V]) Add(key K, value V, now time.Time) (added bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.findLocked(key, now); known {
		return false
	}
	m.keepLocked(key, value, now)
	return true
}

// Change remembers, from now on, what change makes of the value of a key. The value is
// the zero value if the key has none. No other method may be called in change.
func (m *Memory[K, V]) Change(key K, now time.Time, change func(value V, known bool) V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keepLocked(key, change(m.findLocked(key, now)), now)
}

// Forget forgets a key.
func (m *Memory[K, V]) Forget(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, key)
}

func (m *Memory[K, V]) findLocked(key K, now time.Time) (value V, known bool) {
	r, known := m.known[key]
	if !known || m.isOver(r, now) {
		return value, false
	}
	return r.value, true
}

func (m *Memory[K, V]) keepLocked(key K, value V, now time.Time) {
	if _, known := m.known[key]; !known && len(m.known) >= m.limit {
		maps.DeleteFunc(m.known, func(_ K, r remembered[V]) bool { return m.isOver(r, now) })
		if len(m.known) >= m.limit {
			clear(m.known)
		}
	}
	m.known[key] = remembered[V]{value: value, at: now}
}

func (m *Memory[K, V]) isOver(r remembered[V], now time.Time) bool {
	return m.keep > 0 && now.Sub(r.at) >= m.keep
}
