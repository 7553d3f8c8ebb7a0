package talk

import "context"

// Turn is a handler's time to be the only one at work in its chat.
type Turn interface {
	// Pass lets queries of the chat have their turn before the handler returns.
	// The second time it does nothing.
	Pass()
	// IsAnswered reports whether the update is a query that was answered before its
	// turn.
	IsAnswered() bool
}

type turnKey struct{}

// WithTurn returns a context for the handler whose turn it is.
func WithTurn(ctx context.Context, t Turn) context.Context {
	return context.WithValue(ctx, turnKey{}, t)
}

// PassTurn is called before everything for which Telegram may take its time. In a
// context without a turn it does nothing.
func PassTurn(ctx context.Context) {
	if t, ok := ctx.Value(turnKey{}).(Turn); ok {
		t.Pass()
	}
}

// IsAnswered reports whether the update is a query that was answered before its turn.
func IsAnswered(ctx context.Context) bool {
	t, ok := ctx.Value(turnKey{}).(Turn)
	return ok && t.IsAnswered()
}
