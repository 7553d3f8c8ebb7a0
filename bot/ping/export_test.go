package ping

import "context"

// Send sends a ping.
func Send(ctx context.Context, s Service, good bool) error { return s.send(ctx, good) }

// Target is for a redirect from https, which takes a certificate to make.
var Target = target
