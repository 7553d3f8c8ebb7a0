package talk

import "context"

// handling is how an update is handled: alone in its chat, until the handler passes.
type handling interface {
	// pass lets queries of the chat have their turn before the handler returns.
	// The second time it does nothing.
	Pass()
	// isAnswered reports whether the update is a query that was answered before its
	// turn.
	IsAnswered() bool
}

type handlingKey struct{}

// WithTurn returns the context for what handles an update.
func WithTurn(ctx context.Context, h handling) context.Context {
	return context.WithValue(ctx, handlingKey{}, h)
}

// Pass is called before everything that Telegram may take its time for. Without an
// update that is handled in the context it does nothing.
func Pass(ctx context.Context) {
	if h, ok := ctx.Value(handlingKey{}).(handling); ok {
		h.Pass()
	}
}

// IsAnswered reports whether the query that is handled was answered before its turn.
func IsAnswered(ctx context.Context) bool {
	h, ok := ctx.Value(handlingKey{}).(handling)
	return ok && h.IsAnswered()
}
