package bot

import "context"

// handling is how an update is handled: alone in its chat, until the handler passes.
type handling interface {
	// pass lets queries of the chat have their turn before the handler returns.
	// The second time it does nothing.
	pass()
	// isAnswered reports whether the update is a query that was answered before its
	// turn.
	isAnswered() bool
}

type handlingKey struct{}

// withTurn returns the context for what handles an update.
func withTurn(ctx context.Context, h handling) context.Context {
	return context.WithValue(ctx, handlingKey{}, h)
}

// pass is called before everything that Telegram may take its time for. Without an
// update that is handled in the context it does nothing.
func pass(ctx context.Context) {
	if h, ok := ctx.Value(handlingKey{}).(handling); ok {
		h.pass()
	}
}

// isAnswered reports whether the query that is handled was answered before its turn.
func isAnswered(ctx context.Context) bool {
	h, ok := ctx.Value(handlingKey{}).(handling)
	return ok && h.isAnswered()
}
