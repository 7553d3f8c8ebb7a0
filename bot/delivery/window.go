package delivery

import "context"

// window bounds the deliveries under way. Those in it advance together, one message each
// in turn, and end at about the same time. A chat takes only one message a second, so a
// small last group would leave slots unused. Therefore the window opens to twice its size
// as soon as all that is left fits in.
type window struct {
	places chan struct{} // each delivery in the window takes one
	closed int           // places kept back until the end
	left   int           // deliveries that have not entered
}

// newWindow makes a window of size places for left deliveries.
func newWindow(size, left int) window {
	w := window{places: make(chan struct{}, 2*size), closed: size, left: left}
	for range w.closed {
		w.places <- struct{}{}
	}
	return w
}

// enter waits for a place. It is for one goroutine only.
func (w *window) enter(ctx context.Context) error {
	if w.left <= cap(w.places) {
		for ; w.closed > 0; w.closed-- {
			<-w.places
		}
	}
	w.left--
	select {
	case w.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *window) leave() {
	<-w.places
}
