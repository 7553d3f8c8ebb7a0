package telegramsim

import (
	"context"
	"net/http"
)

// action is a button of the page's header.
type action struct {
	name string
	run  func(context.Context) error
}

func newPages(s *Sim) http.Handler { return http.NotFoundHandler() }
